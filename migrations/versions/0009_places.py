"""Organisations, party organisations, service sites, teams and cameras."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column(
            "parent_code", sa.Text(collation="C"), nullable=True, comment="Organisation it belongs to, if any"
        ),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Grid of any level it works for; null: whole zone",
        ),
        sa.Column("phone", sa.Text(), nullable=True, comment="Office telephone, no person's own"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it exists, [from, until)"),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_organisation_code_not_blank")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_organisation_name_not_blank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_organisation_valid_begins")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_organisation_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["organisation_kind.code"], name=op.f("fk_organisation_kind")),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["organisation.code"], name=op.f("fk_organisation_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisation")),
        comment="单位: departments, bureaus, property companies, quarter councils, supporting units",
    )
    op.create_index(op.f("ix_organisation_grid_code"), "organisation", ["grid_code"])
    op.create_index(op.f("ix_organisation_kind"), "organisation", ["kind"])
    op.create_index(op.f("ix_organisation_parent_code"), "organisation", ["parent_code"])


def _create_neighbourhood_organisation() -> None:
    op.create_table(
        "neighbourhood_organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column(
            "neighbourhood_code", sa.Text(collation="C"), nullable=False, comment="Quarter or villager group"
        ),
        sa.Column(
            "organisation_code", sa.Text(collation="C"), nullable=False, comment="Council, property company …"
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it serves, [from, until)"),
        postgresql.ExcludeConstraint(
            (sa.column("neighbourhood_code"), "="),
            (sa.column("organisation_code"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_neighbourhood_organisation_valid",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)",
            name=op.f("ck_neighbourhood_organisation_valid_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_code"],
            ["neighbourhood.code"],
            name=op.f("fk_neighbourhood_organisation_neighbourhood_code"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisation.code"],
            name=op.f("fk_neighbourhood_organisation_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood_organisation")),
        comment="小区理事会、物业: which organisations serve a quarter or group",
    )
    op.create_index(
        op.f("ix_neighbourhood_organisation_neighbourhood_code"),
        "neighbourhood_organisation",
        ["neighbourhood_code"],
    )
    op.create_index(
        op.f("ix_neighbourhood_organisation_organisation_code"),
        "neighbourhood_organisation",
        ["organisation_code"],
    )


def _create_party_organisation() -> None:
    op.create_table(
        "party_organisation",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column(
            "parent_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Organisation above; null at the top",
        ),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Grid of any level it works in; null: whole zone",
        ),
        sa.Column(
            "declared_members",
            sa.Integer(),
            nullable=True,
            comment="Members as reported; null when only those in the roster are known",
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=True,
            comment="Where it meets, storage CRS; null when not known",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it exists, [from, until)"),
        sa.CheckConstraint(
            "code <> '' AND code = btrim(code)", name=op.f("ck_party_organisation_code_not_blank")
        ),
        sa.CheckConstraint(
            "name <> '' AND name = btrim(name)", name=op.f("ck_party_organisation_name_not_blank")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_organisation_valid_begins")
        ),
        sa.CheckConstraint(
            "declared_members IS NULL OR declared_members >= 0",
            name=op.f("ck_party_organisation_declared_members"),
        ),
        sa.CheckConstraint(
            "parent_code IS DISTINCT FROM code", name=op.f("ck_party_organisation_parent_is_another")
        ),
        sa.ForeignKeyConstraint(
            ["grid_code"], ["grid_code.code"], name=op.f("fk_party_organisation_grid_code")
        ),
        sa.ForeignKeyConstraint(["kind"], ["party_org_kind.code"], name=op.f("fk_party_organisation_kind")),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["party_organisation.code"], name=op.f("fk_party_organisation_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_party_organisation")),
        comment="党组织: tree of party organisations",
    )
    op.create_index("idx_party_organisation_geom", "party_organisation", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_party_organisation_grid_code"), "party_organisation", ["grid_code"])
    op.create_index(op.f("ix_party_organisation_kind"), "party_organisation", ["kind"])
    op.create_index(op.f("ix_party_organisation_parent_code"), "party_organisation", ["parent_code"])


def _create_service_site() -> None:
    op.create_table(
        "service_site",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column("address", sa.Text(), nullable=True, comment="Where, in words"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Telephone of the site, no person's own"),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Third-level grid it is filed under; null when in none",
        ),
        sa.Column(
            "building_code", sa.Text(collation="C"), nullable=True, comment="Building it is in, if known"
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="Place, storage CRS",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it serves, [from, until)"),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_service_site_code_not_blank")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_service_site_name_not_blank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_service_site_valid_begins")
        ),
        sa.ForeignKeyConstraint(
            ["building_code"], ["building.code"], name=op.f("fk_service_site_building_code")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_service_site_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["site_kind.code"], name=op.f("fk_service_site_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_site")),
        comment="服务阵地: places that serve people",
    )
    op.create_index("idx_service_site_geom", "service_site", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_service_site_building_code"), "service_site", ["building_code"])
    op.create_index(op.f("ix_service_site_grid_code"), "service_site", ["grid_code"])
    op.create_index(op.f("ix_service_site_kind"), "service_site", ["kind"])


def _create_site_opening() -> None:
    op.create_table(
        "site_opening",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("site_code", sa.Text(collation="C"), nullable=False, comment="Its site"),
        sa.Column("function", sa.Text(collation="C"), nullable=False, comment="What is offered"),
        sa.Column("weekday", sa.SmallInteger(), nullable=False, comment="1 Monday to 7 Sunday"),
        sa.Column(
            "opens_minute", sa.SmallInteger(), nullable=False, comment="Minute of the day it opens, 0 to 1439"
        ),
        sa.Column(
            "closes_minute",
            sa.SmallInteger(),
            nullable=False,
            comment="Minute of the day it closes, up to 1440 for midnight",
        ),
        sa.Column(
            "valid", postgresql.DATERANGE(), nullable=False, comment="Days these hours hold, [from, until)"
        ),
        postgresql.ExcludeConstraint(
            (sa.column("site_code"), "="),
            (sa.column("function"), "="),
            (sa.column("weekday"), "="),
            (sa.column("valid"), "&&"),
            (sa.text("int4range(opens_minute, closes_minute)"), "&&"),
            using="gist",
            name="ex_site_opening_valid",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_site_opening_valid_begins")
        ),
        sa.CheckConstraint(
            "opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440",
            name=op.f("ck_site_opening_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_site_opening_weekday")),
        sa.ForeignKeyConstraint(["function"], ["site_function.code"], name=op.f("fk_site_opening_function")),
        sa.ForeignKeyConstraint(["site_code"], ["service_site.code"], name=op.f("fk_site_opening_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_opening")),
        comment="开放时间: what a site offers and when; round the clock is 0 to 1440 on every weekday",
    )
    op.create_index(op.f("ix_site_opening_function"), "site_opening", ["function"])
    op.create_index(op.f("ix_site_opening_site_code"), "site_opening", ["site_code"])


def _create_team() -> None:
    op.create_table(
        "team",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Telephone of the team, no person's own"),
        sa.Column(
            "declared_members",
            sa.Integer(),
            nullable=True,
            comment="Members as reported; null when only those in the roster are known",
        ),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Grid of any level it works for; null: whole zone",
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="Where it musters, storage CRS",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it exists, [from, until)"),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_team_code_not_blank")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_team_name_not_blank")),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_team_valid_begins")),
        sa.CheckConstraint(
            "declared_members IS NULL OR declared_members >= 0", name=op.f("ck_team_declared_members")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_team_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["team_kind.code"], name=op.f("fk_team_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_team")),
        comment="队伍: teams and where they muster",
    )
    op.create_index("idx_team_geom", "team", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_team_grid_code"), "team", ["grid_code"])
    op.create_index(op.f("ix_team_kind"), "team", ["kind"])


def _create_camera() -> None:
    op.create_table(
        "camera",
        sa.Column(
            "code", sa.Text(collation="C"), nullable=False, comment="编码: 20 digits (GB/T 28181 shape)"
        ),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("network", sa.Text(collation="C"), nullable=False, comment="Network it belongs to"),
        sa.Column("state", sa.Text(collation="C"), nullable=False, comment="State today"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column(
            "direction_deg",
            sa.Double(),
            nullable=True,
            comment="Where it looks, degrees clockwise from north; null when it sees all round",
        ),
        sa.Column("angle_deg", sa.Double(), nullable=False, comment="Opening angle, degrees; 360 all round"),
        sa.Column("range_m", sa.Double(), nullable=False, comment="How far a person can be made out, metres"),
        sa.Column("height_m", sa.Double(), nullable=True, comment="Height above ground, metres"),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Third-level grid it is filed under; null when in none",
        ),
        sa.Column("organisation_code", sa.Text(collation="C"), nullable=True, comment="Who runs it"),
        sa.Column(
            "stream_url", sa.Text(), nullable=True, comment="Address of its stream; shown to the centre only"
        ),
        sa.Column(
            "filing_number", sa.Text(), nullable=True, comment="Number it is filed under with the police"
        ),
        sa.Column("filed_on", sa.Date(), nullable=True, comment="Day it was filed"),
        sa.Column(
            "retention_days",
            sa.SmallInteger(),
            nullable=True,
            comment="Days recordings are kept where they are kept, not here",
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="Place, storage CRS",
        ),
        sa.Column(
            "view",
            Geometry("POLYGON", srid=4490, spatial_index=False),
            nullable=True,
            comment="Ground it sees, storage CRS; null when not surveyed",
        ),
        sa.Column(
            "valid", postgresql.DATERANGE(), nullable=False, comment="Days it is in use, [from, until)"
        ),
        sa.CheckConstraint("code ~ '^[0-9]{20}$'", name=op.f("ck_camera_code")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_camera_name_not_blank")),
        sa.CheckConstraint(
            "stream_url IS NULL OR stream_url ~ '^(rtsp|rtsps|https|http|webrtc)://'",
            name=op.f("ck_camera_stream"),
        ),
        sa.CheckConstraint(
            "(direction_deg IS NULL) = (angle_deg = 360)", name=op.f("ck_camera_all_round_has_no_direction")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_camera_valid_begins")
        ),
        sa.CheckConstraint("angle_deg > 0 AND angle_deg <= 360", name=op.f("ck_camera_angle")),
        sa.CheckConstraint(
            "direction_deg IS NULL OR direction_deg >= 0 AND direction_deg < 360",
            name=op.f("ck_camera_direction"),
        ),
        sa.CheckConstraint("range_m > 0 AND range_m <= 5000", name=op.f("ck_camera_range")),
        sa.CheckConstraint(
            "retention_days IS NULL OR retention_days BETWEEN 0 AND 3650", name=op.f("ck_camera_retention")
        ),
        sa.CheckConstraint(
            "view IS NULL OR ST_IsValid(view) AND NOT ST_IsEmpty(view)", name=op.f("ck_camera_view_valid")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_camera_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["camera_kind.code"], name=op.f("fk_camera_kind")),
        sa.ForeignKeyConstraint(["network"], ["camera_network.code"], name=op.f("fk_camera_network")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisation.code"], name=op.f("fk_camera_organisation_code")
        ),
        sa.ForeignKeyConstraint(["state"], ["camera_state.code"], name=op.f("fk_camera_state")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_camera")),
        comment="视频点: cameras, their view and their filing; no pictures are kept here",
    )
    op.create_index("idx_camera_geom", "camera", ["geom"], postgresql_using="gist")
    op.create_index("idx_camera_view", "camera", ["view"], postgresql_using="gist")
    op.create_index(op.f("ix_camera_grid_code"), "camera", ["grid_code"])
    op.create_index(op.f("ix_camera_kind"), "camera", ["kind"])
    op.create_index(op.f("ix_camera_network"), "camera", ["network"])
    op.create_index(op.f("ix_camera_organisation_code"), "camera", ["organisation_code"])
    op.create_index(op.f("ix_camera_state"), "camera", ["state"])


def upgrade() -> None:
    op.add_column(
        "building",
        sa.Column(
            "residents", sa.Integer(), nullable=True, comment="People who live in it; null when not known"
        ),
    )
    op.create_check_constraint(
        op.f("ck_building_residents"), "building", "residents IS NULL OR residents >= 0"
    )
    _create_organisation()
    _create_neighbourhood_organisation()
    _create_party_organisation()
    _create_service_site()
    _create_site_opening()
    _create_team()
    _create_camera()


def downgrade() -> None:
    for table in (
        "camera",
        "team",
        "site_opening",
        "service_site",
        "party_organisation",
        "neighbourhood_organisation",
        "organisation",
    ):
        op.drop_table(table)
    op.drop_column("building", "residents")
