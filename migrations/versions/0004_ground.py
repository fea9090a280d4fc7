"""Neighbourhoods, buildings, units, households, addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "neighbourhood",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Third-level grid it is filed under; null when in none",
        ),
        sa.Column(
            "geom",
            Geometry("MULTIPOLYGON", srid=4490, spatial_index=False),
            nullable=True,
            comment="Outline when one is known",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it exists, [from, until)"),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_neighbourhood_code_not_blank")),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_neighbourhood_name_not_blank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_neighbourhood_valid_begins")
        ),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_neighbourhood_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["neighbourhood_kind.code"], name=op.f("fk_neighbourhood_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_neighbourhood")),
        comment="小区、村民小组: named sets of buildings inside one third-level grid",
    )
    op.create_index("idx_neighbourhood_geom", "neighbourhood", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_neighbourhood_grid_code"), "neighbourhood", ["grid_code"])
    op.create_index(op.f("ix_neighbourhood_kind"), "neighbourhood", ["kind"])
    op.create_table(
        "building",
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="编码: second-level code (12) and five digits in time order",
        ),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name or number, such as 3栋"),
        sa.Column(
            "neighbourhood_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Quarter or villager group, if any",
        ),
        sa.Column(
            "grid_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Third-level grid it is filed under; null when in none",
        ),
        sa.Column(
            "floors", sa.SmallInteger(), nullable=True, comment="Floors above ground; null when unknown"
        ),
        sa.Column(
            "households",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Households registered in it",
        ),
        sa.Column("built_year", sa.SmallInteger(), nullable=True, comment="Year built; null when unknown"),
        sa.Column(
            "geom",
            Geometry("MULTIPOLYGON", srid=4490, spatial_index=False),
            nullable=False,
            comment="Footprint, storage CRS",
        ),
        sa.Column(
            "label_point",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="A point inside the footprint; the place it is filed by",
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days it stands, [from, until)"),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_building_code_not_blank")),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_building_valid_begins")
        ),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_building_geom_valid")),
        sa.CheckConstraint("floors IS NULL OR floors BETWEEN 0 AND 200", name=op.f("ck_building_floors")),
        sa.CheckConstraint("households >= 0", name=op.f("ck_building_households")),
        sa.ForeignKeyConstraint(["grid_code"], ["grid_code.code"], name=op.f("fk_building_grid_code")),
        sa.ForeignKeyConstraint(["kind"], ["building_kind.code"], name=op.f("fk_building_kind")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_code"], ["neighbourhood.code"], name=op.f("fk_building_neighbourhood_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_building")),
        comment="楼栋: building footprints; re-cutting third-level grids never renames one",
    )
    op.create_index("idx_building_geom", "building", ["geom"], postgresql_using="gist")
    op.create_index("idx_building_label_point", "building", ["label_point"], postgresql_using="gist")
    op.create_index(op.f("ix_building_grid_code"), "building", ["grid_code"])
    op.create_index(op.f("ix_building_kind"), "building", ["kind"])
    op.create_index(op.f("ix_building_neighbourhood_code"), "building", ["neighbourhood_code"])
    op.create_table(
        "unit",
        sa.Column(
            "code", sa.Text(collation="C"), nullable=False, comment="编码: building code and two digits"
        ),
        sa.Column("building_code", sa.Text(collation="C"), nullable=False, comment="Its building"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name, such as 1单元"),
        sa.ForeignKeyConstraint(["building_code"], ["building.code"], name=op.f("fk_unit_building_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
        comment="单元: entrances of buildings",
    )
    op.create_index(op.f("ix_unit_building_code"), "unit", ["building_code"])
    op.create_table(
        "household",
        sa.Column(
            "code",
            sa.Text(collation="C"),
            nullable=False,
            comment="编码: unit code and four digits of the room",
        ),
        sa.Column("unit_code", sa.Text(collation="C"), nullable=False, comment="Its unit"),
        sa.Column("room", sa.Text(), nullable=False, comment="Room number as written on the door"),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"], name=op.f("fk_household_unit_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_household")),
        comment="户: dwellings, one a door; persons come with their own table",
    )
    op.create_index(op.f("ix_household_unit_code"), "household", ["unit_code"])
    op.create_table(
        "address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("building_code", sa.Text(collation="C"), nullable=False, comment="Its building"),
        sa.Column("text", sa.Text(), nullable=False, comment="The address as written"),
        sa.Column(
            "is_standard",
            sa.Boolean(),
            server_default="true",
            nullable=False,
            comment="True for the standard address",
        ),
        sa.CheckConstraint("text <> '' AND text = btrim(text)", name=op.f("ck_address_text_not_blank")),
        sa.ForeignKeyConstraint(["building_code"], ["building.code"], name=op.f("fk_address_building_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        comment="地址: ways to write where a building is; one of them the standard address",
    )
    op.create_index(op.f("ix_address_building_code"), "address", ["building_code"])
    op.create_index(
        "uq_address_standard", "address", ["building_code"], unique=True, postgresql_where="is_standard"
    )


def downgrade() -> None:
    op.drop_table("address")
    op.drop_table("household")
    op.drop_table("unit")
    op.drop_table("building")
    op.drop_table("neighbourhood")
