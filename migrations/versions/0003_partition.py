"""Codes, releases and grids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grid_code",
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码"),
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="1 coarse to 3 fine"),
        sa.Column(
            "issued_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the code was issued",
        ),
        sa.CheckConstraint("code <> '' AND code = btrim(code)", name=op.f("ck_grid_code_code_not_blank")),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_grid_code_level")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_grid_code")),
        sa.UniqueConstraint("code", "level", name=op.f("uq_grid_code_code_level")),
        comment="Register of grid codes: a code once issued is never used for another grid",
    )
    op.create_table(
        "release",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key; rises with time"
        ),
        sa.Column(
            "in_force_from",
            sa.Date(),
            nullable=False,
            comment="First day it is in force, in the zone's time zone",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="What changed, in words"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was published",
        ),
        sa.Column(
            "published_by",
            sa.BigInteger(),
            nullable=True,
            comment="Who published it; null for the command line",
        ),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_release_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        comment="发布版: published changes of the partition",
    )
    op.create_index(op.f("ix_release_published_by"), "release", ["published_by"])
    op.create_table(
        "grid",
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key of this version"
        ),
        sa.Column("code", sa.Text(collation="C"), nullable=False, comment="编码, from the register"),
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="1 coarse to 3 fine"),
        sa.Column("kind", sa.Text(collation="C"), nullable=True, comment="Kind, from the list"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to people"),
        sa.Column(
            "parent_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Code of the grid one level up; null at level 1",
        ),
        sa.Column(
            "geom",
            Geometry("MULTIPOLYGON", srid=4490, spatial_index=False),
            nullable=False,
            comment="Polygon, storage CRS",
        ),
        sa.Column(
            "label_point",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="Where its name stands: the point farthest from its border",
        ),
        sa.Column(
            "area_m2", sa.Double(), nullable=False, comment="Area in the zone's metric CRS, square metres"
        ),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False, comment="Days in force, [from, until)"),
        sa.Column(
            "release_id",
            sa.BigInteger(),
            nullable=False,
            comment="Release that brought this version into force",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="), (sa.column("valid"), "&&"), using="gist", name="ex_grid_code_valid"
        ),
        sa.CheckConstraint("name <> '' AND name = btrim(name)", name=op.f("ck_grid_name_not_blank")),
        sa.CheckConstraint(
            "(level = 1) = (parent_code IS NULL)", name=op.f("ck_grid_parent_above_first_level")
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_grid_valid_begins")),
        sa.CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name=op.f("ck_grid_geom_valid")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_grid_area_positive")),
        sa.ForeignKeyConstraint(
            ["code", "level"], ["grid_code.code", "grid_code.level"], name=op.f("fk_grid_code_level")
        ),
        sa.ForeignKeyConstraint(["kind"], ["grid_kind.code"], name=op.f("fk_grid_kind")),
        sa.ForeignKeyConstraint(["parent_code"], ["grid_code.code"], name=op.f("fk_grid_parent_code")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_grid_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        comment="网格: polygons of the partition; rows are end-dated, never overwritten",
    )
    op.create_index("idx_grid_geom", "grid", ["geom"], postgresql_using="gist")
    op.create_index("idx_grid_label_point", "grid", ["label_point"], postgresql_using="gist")
    op.create_index(op.f("ix_grid_kind"), "grid", ["kind"])
    op.create_index("ix_grid_level_code", "grid", ["level", "code"])
    op.create_index(op.f("ix_grid_parent_code"), "grid", ["parent_code"])
    op.create_index(op.f("ix_grid_release_id"), "grid", ["release_id"])


def downgrade() -> None:
    op.drop_table("grid")
    op.drop_table("release")
    op.drop_table("grid_code")
