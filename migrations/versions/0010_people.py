"""People, what they answer for, and reviewed changes of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="人员编号: stable number in the roster, on Excel sheets",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name"),
        sa.Column("gender", sa.Text(), nullable=True, comment="female, male; null when not known"),
        sa.Column("born_on", sa.Date(), nullable=True, comment="Date of birth; null when not known"),
        sa.Column(
            "education",
            sa.Text(collation="C"),
            nullable=True,
            comment="Level of education; null when not known",
        ),
        sa.Column(
            "phone", sa.Text(), nullable=True, comment="Telephone; masked unless the asker's role needs it"
        ),
        sa.Column(
            "is_prospering",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="致富能手: prospers by a skill of their own",
        ),
        sa.Column("account_id", sa.BigInteger(), nullable=True, comment="Account they sign in with, if any"),
        sa.Column("import_id", sa.BigInteger(), nullable=True, comment="Run that brought the row in"),
        sa.Column(
            "valid", postgresql.DATERANGE(), nullable=False, comment="Days in the roster, [from, until)"
        ),
        sa.CheckConstraint("born_on > '1900-01-01'", name=op.f("ck_person_born_on")),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_person_code_not_blank")),
        sa.CheckConstraint("gender IN ('female', 'male')", name=op.f("ck_person_gender")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_person_name_not_blank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_person_valid_begins")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.ForeignKeyConstraint(["education"], ["education.code"], name=op.f("fk_person_education")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_person_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("account_id", name=op.f("uq_person_account_id")),
        sa.UniqueConstraint("code", name=op.f("uq_person_code")),
        comment="人员: the roster; personal data, end-dated and never deleted but by a retention rule",
    )
    op.create_index(op.f("ix_person_education"), "person", ["education"])
    op.create_index(op.f("ix_person_import_id"), "person", ["import_id"])


def _create_party_membership() -> None:
    op.create_table(
        "party_membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Who"),
        sa.Column("party_org_code", sa.Text(collation="C"), nullable=False, comment="Where"),
        sa.Column(
            "valid", postgresql.DATERANGE(), nullable=False, comment="Days of membership, [from, until)"
        ),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_membership_valid",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_membership_valid_begins")
        ),
        sa.ForeignKeyConstraint(
            ["party_org_code"], ["party_organisation.code"], name=op.f("fk_party_membership_party_org_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_membership")),
        comment="党员组织关系: which party organisation a person belongs to",
    )
    op.create_index(op.f("ix_party_membership_party_org_code"), "party_membership", ["party_org_code"])
    op.create_index(op.f("ix_party_membership_person_id"), "party_membership", ["person_id"])


def _create_roster_change() -> None:
    op.create_table(
        "roster_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("kind", sa.Text(), nullable=False, comment="import, hand_over, renewal"),
        sa.Column("title", sa.Text(), nullable=False, comment="What changes, in words"),
        sa.Column("effective_on", sa.Date(), nullable=False, comment="First day it is in force"),
        sa.Column(
            "state", sa.Text(), server_default="draft", nullable=False, comment="draft, applied, discarded"
        ),
        sa.Column(
            "made_by",
            sa.BigInteger(),
            nullable=True,
            comment="Account that drafted it; null for the command line",
        ),
        sa.Column("made_as", sa.Text(), nullable=False, comment="Name of who drafted it"),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was drafted",
        ),
        sa.Column(
            "decided_by",
            sa.BigInteger(),
            nullable=True,
            comment="Account that decided; null for the command line",
        ),
        sa.Column("decided_as", sa.Text(), nullable=True, comment="Name of who applied or discarded it"),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True, comment="When it was applied"),
        sa.CheckConstraint(
            "(state = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_roster_change_applied_at")
        ),
        sa.CheckConstraint(
            "kind <> 'renewal' OR decided_as IS DISTINCT FROM made_as",
            name=op.f("ck_roster_change_four_eyes"),
        ),
        sa.CheckConstraint("kind IN ('import', 'hand_over', 'renewal')", name=op.f("ck_roster_change_kind")),
        sa.CheckConstraint(
            "state = 'draft' OR decided_as IS NOT NULL", name=op.f("ck_roster_change_decided")
        ),
        sa.CheckConstraint("state IN ('draft', 'applied', 'discarded')", name=op.f("ck_roster_change_state")),
        sa.CheckConstraint(
            "title <> '' AND title = btrim(title)", name=op.f("ck_roster_change_title_not_blank")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_roster_change_decided_by")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_roster_change_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
        comment="人员变动: imports, hand-overs and renewals (换届), made by one, decided by another",
    )
    op.create_index(op.f("ix_roster_change_decided_by"), "roster_change", ["decided_by"])
    op.create_index(op.f("ix_roster_change_made_by"), "roster_change", ["made_by"])


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Who"),
        sa.Column("post", sa.Text(collation="C"), nullable=False, comment="Which post"),
        sa.Column("is_single", sa.Boolean(), nullable=False, comment="As in table post; follows it"),
        sa.Column("rank", sa.Text(), server_default="primary", nullable=False, comment="primary, deputy"),
        sa.Column("grid_code", sa.Text(collation="C"), nullable=True, comment="For this grid"),
        sa.Column(
            "neighbourhood_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="For this quarter or villager group",
        ),
        sa.Column("building_code", sa.Text(collation="C"), nullable=True, comment="For this building"),
        sa.Column("unit_code", sa.Text(collation="C"), nullable=True, comment="For this unit of a building"),
        sa.Column("site_code", sa.Text(collation="C"), nullable=True, comment="For this service site"),
        sa.Column("team_code", sa.Text(collation="C"), nullable=True, comment="In this team"),
        sa.Column(
            "party_org_code", sa.Text(collation="C"), nullable=True, comment="In this party organisation"
        ),
        sa.Column("organisation_code", sa.Text(collation="C"), nullable=True, comment="In this organisation"),
        sa.Column(
            "target",
            sa.Text(collation="C"),
            sa.Computed(
                "coalesce('grid ' || grid_code, '') || coalesce('neighbourhood ' || neighbourhood_code, '') || coalesce('building ' || building_code, '') || coalesce('unit ' || unit_code, '') || coalesce('site ' || site_code, '') || coalesce('team ' || team_code, '') || coalesce('party_org ' || party_org_code, '') || coalesce('organisation ' || organisation_code, '')",
                persisted=True,
            ),
            nullable=False,
            comment="Kind and code of what it is held for",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it is held, [from, until)"),
        sa.Column("change_id", sa.BigInteger(), nullable=True, comment="Change it began with"),
        sa.Column("end_change_id", sa.BigInteger(), nullable=True, comment="Change it ended with"),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("post"), "="),
            (sa.column("target"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_assignment_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("post"), "="),
            (sa.column("target"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("is_single AND rank = 'primary'"),
            using="gist",
            name="ex_assignment_single",
        ),
        sa.CheckConstraint("rank IN ('primary', 'deputy')", name=op.f("ck_assignment_rank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_assignment_valid_begins")
        ),
        sa.CheckConstraint(
            "num_nonnulls(grid_code, neighbourhood_code, building_code, unit_code, site_code, team_code, party_org_code, organisation_code) = 1",
            name=op.f("ck_assignment_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["building_code"], ["building.code"], name=op.f("fk_assignment_building_code")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["roster_change.id"], name=op.f("fk_assignment_change_id")),
        sa.ForeignKeyConstraint(
            ["end_change_id"], ["roster_change.id"], name=op.f("fk_assignment_end_change_id")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_assignment_grid_code")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_code"], ["neighbourhood.code"], name=op.f("fk_assignment_neighbourhood_code")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisation.code"], name=op.f("fk_assignment_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_org_code"], ["party_organisation.code"], name=op.f("fk_assignment_party_org_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(
            ["post", "is_single"],
            ["post.code", "post.is_single"],
            name=op.f("fk_assignment_post_is_single"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_code"], ["service_site.code"], name=op.f("fk_assignment_site_code")),
        sa.ForeignKeyConstraint(["team_code"], ["team.code"], name=op.f("fk_assignment_team_code")),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_assignment_unit_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        comment="任职: who holds which post for what, from when to when",
    )
    op.create_index(op.f("ix_assignment_building_code"), "assignment", ["building_code"])
    op.create_index(op.f("ix_assignment_change_id"), "assignment", ["change_id"])
    op.create_index(op.f("ix_assignment_end_change_id"), "assignment", ["end_change_id"])
    op.create_index(op.f("ix_assignment_grid_code"), "assignment", ["grid_code"])
    op.create_index(op.f("ix_assignment_neighbourhood_code"), "assignment", ["neighbourhood_code"])
    op.create_index(op.f("ix_assignment_organisation_code"), "assignment", ["organisation_code"])
    op.create_index(op.f("ix_assignment_party_org_code"), "assignment", ["party_org_code"])
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"])
    op.create_index("ix_assignment_post", "assignment", ["post"])
    op.create_index("ix_assignment_target", "assignment", ["target"])
    op.create_index(op.f("ix_assignment_site_code"), "assignment", ["site_code"])
    op.create_index(op.f("ix_assignment_team_code"), "assignment", ["team_code"])
    op.create_index(op.f("ix_assignment_unit_code"), "assignment", ["unit_code"])


def _create_roster_change_item() -> None:
    op.create_table(
        "roster_change_item",
        sa.Column("change_id", sa.BigInteger(), nullable=False, comment="Its change"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 …"),
        sa.Column("action", sa.Text(), nullable=False, comment="end, begin"),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True, comment="The assignment that ends"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Whose"),
        sa.Column("post", sa.Text(collation="C"), nullable=False, comment="Post"),
        sa.Column("rank", sa.Text(), server_default="primary", nullable=False, comment="primary, deputy"),
        sa.Column("target_kind", sa.Text(), nullable=False, comment="What it is held for, as in table post"),
        sa.Column(
            "target_code", sa.Text(collation="C"), nullable=False, comment="Code of what it is held for"
        ),
        sa.CheckConstraint(
            "(action = 'end') = (assignment_id IS NOT NULL)",
            name=op.f("ck_roster_change_item_ends_what_there_is"),
        ),
        sa.CheckConstraint("action IN ('end', 'begin')", name=op.f("ck_roster_change_item_action")),
        sa.CheckConstraint("rank IN ('primary', 'deputy')", name=op.f("ck_roster_change_item_rank")),
        sa.CheckConstraint(
            "target_kind IN ('grid', 'neighbourhood', 'building', 'unit', 'site', 'team', 'party_org', 'organisation')",
            name=op.f("ck_roster_change_item_target_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_roster_change_item_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["roster_change.id"], name=op.f("fk_roster_change_item_change_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_change_item_person_id")),
        sa.ForeignKeyConstraint(["post"], ["post.code"], name=op.f("fk_roster_change_item_post")),
        sa.PrimaryKeyConstraint("change_id", "number", name=op.f("pk_roster_change_item")),
        comment="人员变动明细: assignments that end or begin with a change",
    )
    op.create_index(op.f("ix_roster_change_item_assignment_id"), "roster_change_item", ["assignment_id"])
    op.create_index(op.f("ix_roster_change_item_person_id"), "roster_change_item", ["person_id"])
    op.create_index(op.f("ix_roster_change_item_post"), "roster_change_item", ["post"])


def upgrade() -> None:
    _create_person()
    _create_party_membership()
    _create_roster_change()
    _create_assignment()
    _create_roster_change_item()


def downgrade() -> None:
    for table in ("roster_change_item", "assignment", "roster_change", "party_membership", "person"):
        op.drop_table(table)
