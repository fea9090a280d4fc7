"""The duty rota, the service record, figures of units, appraisal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _create_duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Who"),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="Day the shift starts on, in the zone's time zone"
        ),
        sa.Column("shift", sa.Text(collation="C"), nullable=False, comment="Shift"),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False, comment="When, [from, until)"),
        sa.Column("grid_code", sa.Text(collation="C"), nullable=True, comment="For this grid"),
        sa.Column("site_code", sa.Text(collation="C"), nullable=True, comment="At this site"),
        sa.Column("organisation_code", sa.Text(collation="C"), nullable=True, comment="In this organisation"),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="), (sa.column("during"), "&&"), using="gist", name="ex_duty_once"
        ),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("ck_duty_during"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(grid_code, site_code, organisation_code) = 1", name=op.f("ck_duty_one_place")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_duty_grid_code")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisation.code"], name=op.f("fk_duty_organisation_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.ForeignKeyConstraint(["shift"], ["duty_shift.code"], name=op.f("fk_duty_shift")),
        sa.ForeignKeyConstraint(["site_code"], ["service_site.code"], name=op.f("fk_duty_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        comment="值班: who is on duty where and when; nobody is at two places at once",
    )
    op.create_index(op.f("ix_duty_day"), "duty", ["day"])
    op.create_index("ix_duty_during", "duty", ["during"], postgresql_using="gist")
    op.create_index(op.f("ix_duty_grid_code"), "duty", ["grid_code"])
    op.create_index(op.f("ix_duty_organisation_code"), "duty", ["organisation_code"])
    op.create_index(op.f("ix_duty_person_id"), "duty", ["person_id"])
    op.create_index(op.f("ix_duty_shift"), "duty", ["shift"])
    op.create_index(op.f("ix_duty_site_code"), "duty", ["site_code"])


def _create_leave() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Who is away"),
        sa.Column("deputy_id", sa.BigInteger(), nullable=True, comment="Who stands in, if anybody"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days away, [from, until)"),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="), (sa.column("valid"), "&&"), using="gist", name="ex_leave_once"
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_leave_valid_begins")),
        sa.CheckConstraint("NOT upper_inf(valid)", name=op.f("ck_leave_ends")),
        sa.CheckConstraint("deputy_id IS DISTINCT FROM person_id", name=op.f("ck_leave_deputy_is_another")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_leave_deputy_id")),
        sa.ForeignKeyConstraint(["kind"], ["leave_kind.code"], name=op.f("fk_leave_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
        comment="休假: days away and who stands in",
    )
    op.create_index(op.f("ix_leave_deputy_id"), "leave", ["deputy_id"])
    op.create_index(op.f("ix_leave_kind"), "leave", ["kind"])
    op.create_index(op.f("ix_leave_person_id"), "leave", ["person_id"])


def _create_service_record() -> None:
    op.create_table(
        "service_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Who served"),
        sa.Column("post", sa.Text(collation="C"), nullable=True, comment="Post they served in"),
        sa.Column("served", sa.Text(), nullable=True, comment="Who was served, in words; personal data"),
        sa.Column(
            "household_code", sa.Text(collation="C"), nullable=True, comment="Household served, if one"
        ),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Third-level grid it was in; null when not known",
        ),
        sa.Column(
            "building_code", sa.Text(collation="C"), nullable=True, comment="Building it was in, if known"
        ),
        sa.Column(
            "site_code", sa.Text(collation="C"), nullable=True, comment="Service site it was at, if one"
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=True,
            comment="Place, storage CRS, if known",
        ),
        sa.Column("project", sa.Text(collation="C"), nullable=True, comment="Project it belongs to, if any"),
        sa.Column(
            "incident_id", sa.BigInteger(), nullable=True, comment="Incident it led to or came from, if any"
        ),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was resolved; null while open",
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False, comment="What was done, in words"),
        sa.Column("import_id", sa.BigInteger(), nullable=True, comment="Run that imported it"),
        sa.Column(
            "import_source", sa.Text(), nullable=True, comment="Name of the register external_id belongs to"
        ),
        sa.Column("external_id", sa.Text(), nullable=True, comment="Id in that register"),
        sa.CheckConstraint(
            "resolved_at IS NULL OR resolved_at >= at", name=op.f("ck_service_record_resolved_after")
        ),
        sa.ForeignKeyConstraint(
            ["building_code"], ["building.code"], name=op.f("fk_service_record_building_code")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_service_record_grid_code")),
        sa.ForeignKeyConstraint(
            ["household_code"], ["household.code"], name=op.f("fk_service_record_household_code")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_service_record_import_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_service_record_incident_id")),
        sa.ForeignKeyConstraint(["kind"], ["service_kind.code"], name=op.f("fk_service_record_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_record_person_id")),
        sa.ForeignKeyConstraint(["post"], ["post.code"], name=op.f("fk_service_record_post")),
        sa.ForeignKeyConstraint(
            ["project"], ["service_project.code"], name=op.f("fk_service_record_project")
        ),
        sa.ForeignKeyConstraint(
            ["site_code"], ["service_site.code"], name=op.f("fk_service_record_site_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record")),
        sa.UniqueConstraint(
            "import_source", "external_id", name=op.f("uq_service_record_import_source_external_id")
        ),
        comment="服务记录: services of the 234 personnel and others, append-only but for resolved_at",
    )
    op.create_index("idx_service_record_geom", "service_record", ["geom"], postgresql_using="gist")
    op.create_index("ix_service_record_at", "service_record", ["at"])
    op.create_index(op.f("ix_service_record_building_code"), "service_record", ["building_code"])
    op.create_index("ix_service_record_grid_code_at", "service_record", ["grid_code", "at"])
    op.create_index(op.f("ix_service_record_household_code"), "service_record", ["household_code"])
    op.create_index(op.f("ix_service_record_import_id"), "service_record", ["import_id"])
    op.create_index(op.f("ix_service_record_incident_id"), "service_record", ["incident_id"])
    op.create_index(op.f("ix_service_record_kind"), "service_record", ["kind"])
    op.create_index(op.f("ix_service_record_person_id"), "service_record", ["person_id"])
    op.create_index(op.f("ix_service_record_post"), "service_record", ["post"])
    op.create_index(op.f("ix_service_record_project"), "service_record", ["project"])
    op.create_index(op.f("ix_service_record_site_code"), "service_record", ["site_code"])


def _create_unit_figure() -> None:
    op.create_table(
        "unit_figure",
        sa.Column(
            "grid_code", sa.Text(collation="C"), nullable=False, comment="Village, community or any grid"
        ),
        sa.Column("fact", sa.Text(collation="C"), nullable=False, comment="Which fact"),
        sa.Column("year", sa.SmallInteger(), nullable=False, comment="Year it is of"),
        sa.Column("value", sa.Numeric(), nullable=False, comment="The figure, in the fact's unit"),
        sa.CheckConstraint("year BETWEEN 1949 AND 2200", name=op.f("ck_unit_figure_year")),
        sa.ForeignKeyConstraint(["fact"], ["unit_fact.code"], name=op.f("fk_unit_figure_fact")),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_unit_figure_grid_code")),
        sa.PrimaryKeyConstraint("grid_code", "fact", "year", name=op.f("pk_unit_figure")),
        comment="村（社区）情况: figures of a grid by year, such as collective income",
    )
    op.create_index(op.f("ix_unit_figure_fact"), "unit_figure", ["fact"])


def _create_appraisal() -> None:
    op.create_table(
        "appraisal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Whose"),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=False,
            comment="Village or community that answers for it",
        ),
        sa.Column("period", postgresql.DATERANGE(), nullable=False, comment="Days it covers, [from, until)"),
        sa.Column(
            "statement",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="述职: what the person says of it",
        ),
        sa.Column("state", sa.Text(), server_default="open", nullable=False, comment="open, closed"),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was opened",
        ),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was closed; its figures stand since",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="), (sa.column("period"), "&&"), using="gist", name="ex_appraisal_once"
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_appraisal_closed_at")
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_appraisal_state")),
        sa.CheckConstraint(
            "NOT isempty(period) AND NOT lower_inf(period)", name=op.f("ck_appraisal_period_begins")
        ),
        sa.CheckConstraint(
            "NOT upper_inf(period) AND NOT lower_inf(period)", name=op.f("ck_appraisal_period_ends")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_appraisal_grid_code")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appraisal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
        comment="考核表: a person's sheet for a period, fed from the service record",
    )
    op.create_index(op.f("ix_appraisal_grid_code"), "appraisal", ["grid_code"])
    op.create_index(op.f("ix_appraisal_person_id"), "appraisal", ["person_id"])


def _create_appraisal_figure() -> None:
    op.create_table(
        "appraisal_figure",
        sa.Column("appraisal_id", sa.BigInteger(), nullable=False, comment="Its sheet"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind of service"),
        sa.Column("count", sa.Integer(), nullable=False, comment="Entries of the record in the period"),
        sa.CheckConstraint("count >= 0", name=op.f("ck_appraisal_figure_count")),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["appraisal.id"], name=op.f("fk_appraisal_figure_appraisal_id")
        ),
        sa.ForeignKeyConstraint(["kind"], ["service_kind.code"], name=op.f("fk_appraisal_figure_kind")),
        sa.PrimaryKeyConstraint("appraisal_id", "kind", name=op.f("pk_appraisal_figure")),
        comment="考核数据: counts of a closed sheet by kind of service",
    )
    op.create_index(op.f("ix_appraisal_figure_kind"), "appraisal_figure", ["kind"])


def _create_appraisal_opinion() -> None:
    op.create_table(
        "appraisal_opinion",
        sa.Column("appraisal_id", sa.BigInteger(), nullable=False, comment="Its sheet"),
        sa.Column(
            "level", sa.SmallInteger(), autoincrement=False, nullable=False, comment="3 fine to 1 coarse"
        ),
        sa.Column("grade", sa.Text(), nullable=False, comment="excellent, good, fair, poor"),
        sa.Column("comment", sa.Text(), server_default="", nullable=False, comment="Why, in words"),
        sa.Column("account_id", sa.BigInteger(), nullable=False, comment="Who says so"),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment="When"
        ),
        sa.CheckConstraint(
            "grade IN ('excellent', 'good', 'fair', 'poor')", name=op.f("ck_appraisal_opinion_grade")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_appraisal_opinion_level")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appraisal_opinion_account_id")),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["appraisal.id"], name=op.f("fk_appraisal_opinion_appraisal_id")
        ),
        sa.PrimaryKeyConstraint("appraisal_id", "level", name=op.f("pk_appraisal_opinion")),
        comment="逐级评议: grade and words of each level, from 3 up to 1",
    )
    op.create_index(op.f("ix_appraisal_opinion_account_id"), "appraisal_opinion", ["account_id"])


def upgrade() -> None:
    _create_duty()
    _create_leave()
    _create_service_record()
    _create_unit_figure()
    _create_appraisal()
    _create_appraisal_figure()
    _create_appraisal_opinion()


def downgrade() -> None:
    for table in (
        "appraisal_opinion",
        "appraisal_figure",
        "appraisal",
        "unit_figure",
        "service_record",
        "leave",
        "duty",
    ):
        op.drop_table(table)
