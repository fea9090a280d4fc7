"""Roads, water, land use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "road",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name, if it has one"),
        sa.Column(
            "geom",
            Geometry("MULTILINESTRING", srid=4490, spatial_index=False),
            nullable=False,
            comment="Centre line, storage CRS",
        ),
        sa.ForeignKeyConstraint(["kind"], ["road_kind.code"], name=op.f("fk_road_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road")),
        comment="道路: centre lines of roads and railways",
    )
    op.create_index("idx_road_geom", "road", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_road_kind"), "road", ["kind"])
    op.create_table(
        "water",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name, if it has one"),
        sa.Column(
            "geom",
            Geometry(
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
            comment="Area or line, storage CRS",
        ),
        sa.CheckConstraint(
            "GeometryType(geom) IN ('MULTIPOLYGON', 'MULTILINESTRING')", name=op.f("ck_water_geom_kind")
        ),
        sa.ForeignKeyConstraint(["kind"], ["water_kind.code"], name=op.f("fk_water_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_water")),
        comment="水体: water areas, and streams as lines",
    )
    op.create_index("idx_water_geom", "water", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_water_kind"), "water", ["kind"])
    op.create_table(
        "land_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("kind", sa.Text(collation="C"), nullable=False, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name, if it has one"),
        sa.Column(
            "geom",
            Geometry("MULTIPOLYGON", srid=4490, spatial_index=False),
            nullable=False,
            comment="Area, storage CRS",
        ),
        sa.ForeignKeyConstraint(["kind"], ["land_use_kind.code"], name=op.f("fk_land_use_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_land_use")),
        comment="用地: areas by use",
    )
    op.create_index("idx_land_use_geom", "land_use", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_land_use_kind"), "land_use", ["kind"])


def downgrade() -> None:
    op.drop_table("land_use")
    op.drop_table("water")
    op.drop_table("road")
