"""Incidents and their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key"),
        sa.Column("category", sa.Text(collation="C"), nullable=False, comment="Category"),
        sa.Column("source", sa.Text(collation="C"), nullable=False, comment="Way it came in"),
        sa.Column(
            "state",
            sa.Text(collation="C"),
            server_default="reported",
            nullable=False,
            comment="Present state of its life",
        ),
        sa.Column(
            "description", sa.Text(), server_default="", nullable=False, comment="What was reported, in words"
        ),
        sa.Column("address_text", sa.Text(), server_default="", nullable=False, comment="Where, in words"),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False, comment="When it was reported"),
        sa.Column("lon", sa.Double(), nullable=True, comment="Longitude as sent, in input_crs"),
        sa.Column("lat", sa.Double(), nullable=True, comment="Latitude as sent, in input_crs"),
        sa.Column(
            "input_crs",
            sa.Text(),
            server_default="EPSG:4490",
            nullable=False,
            comment="CRS the coordinates were sent in",
        ),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=True,
            comment="Place, storage CRS; null when it has none",
        ),
        sa.Column(
            "place_status",
            sa.Text(collation="C"),
            nullable=False,
            comment="inside, outside, no_coordinates, null_island",
        ),
        sa.Column(
            "time_status",
            sa.Text(collation="C"),
            server_default="plausible",
            nullable=False,
            comment="plausible, future",
        ),
        sa.Column("grid1_code", sa.Text(collation="C"), nullable=True, comment="First-level grid at intake"),
        sa.Column("grid2_code", sa.Text(collation="C"), nullable=True, comment="Second-level grid at intake"),
        sa.Column("grid3_code", sa.Text(collation="C"), nullable=True, comment="Third-level grid at intake"),
        sa.Column(
            "building_code",
            sa.Text(collation="C"),
            nullable=True,
            comment="Building it lies in at intake, if any",
        ),
        sa.Column(
            "release_id",
            sa.BigInteger(),
            nullable=True,
            comment="Release of the partition the chain was found in",
        ),
        sa.Column(
            "client_key", sa.Text(), nullable=True, comment="Key the client gave: sent twice, stored once"
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who sent it; null when imported"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was stored",
        ),
        sa.Column(
            "import_id", sa.BigInteger(), nullable=True, comment="Run that imported it; null when sent"
        ),
        sa.Column(
            "import_source", sa.Text(), nullable=True, comment="Name of the register external_id belongs to"
        ),
        sa.Column("external_id", sa.Text(), nullable=True, comment="Id in that register"),
        sa.CheckConstraint(
            "(place_status IN ('inside', 'outside')) = (geom IS NOT NULL)",
            name=op.f("ck_incident_geom_where_placed"),
        ),
        sa.CheckConstraint(
            "place_status <> 'outside' OR grid3_code IS NULL", name=op.f("ck_incident_outside_has_no_grid")
        ),
        sa.CheckConstraint(
            "(client_key IS NULL) OR (created_by IS NOT NULL)", name=op.f("ck_incident_client_key_has_owner")
        ),
        sa.ForeignKeyConstraint(["building_code"], ["building.code"], name=op.f("fk_incident_building_code")),
        sa.ForeignKeyConstraint(["category"], ["incident_category.code"], name=op.f("fk_incident_category")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_incident_created_by")),
        sa.ForeignKeyConstraint(["grid1_code"], ["grid_code.code"], name=op.f("fk_incident_grid1_code")),
        sa.ForeignKeyConstraint(["grid2_code"], ["grid_code.code"], name=op.f("fk_incident_grid2_code")),
        sa.ForeignKeyConstraint(["grid3_code"], ["grid_code.code"], name=op.f("fk_incident_grid3_code")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_incident_import_id")),
        sa.ForeignKeyConstraint(
            ["place_status"], ["place_status.code"], name=op.f("fk_incident_place_status")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_incident_release_id")),
        sa.ForeignKeyConstraint(["source"], ["incident_source.code"], name=op.f("fk_incident_source")),
        sa.ForeignKeyConstraint(["state"], ["incident_state.code"], name=op.f("fk_incident_state")),
        sa.ForeignKeyConstraint(["time_status"], ["time_status.code"], name=op.f("fk_incident_time_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("created_by", "client_key", name=op.f("uq_incident_created_by_client_key")),
        sa.UniqueConstraint(
            "import_source", "external_id", name=op.f("uq_incident_import_source_external_id")
        ),
        comment="事件: incidents, all kept; marked when outside, without place or in the future",
    )
    op.create_index("idx_incident_geom", "incident", ["geom"], postgresql_using="gist")
    op.create_index(op.f("ix_incident_building_code"), "incident", ["building_code"])
    op.create_index(op.f("ix_incident_category"), "incident", ["category"])
    op.create_index("ix_incident_grid3_code_reported_at", "incident", ["grid3_code", "reported_at"])
    op.create_index("ix_incident_reported_at", "incident", ["reported_at"])
    op.create_table(
        "incident_step",
        sa.Column("incident_id", sa.BigInteger(), nullable=False, comment="Its incident"),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False, comment="1, 2, 3 …"),
        sa.Column("state", sa.Text(collation="C"), nullable=False, comment="State entered"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("account_id", sa.BigInteger(), nullable=True, comment="Who; null when imported"),
        sa.Column("note", sa.Text(), server_default="", nullable=False, comment="Why or how, in words"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_incident_step_account_id")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_incident_step_incident_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["state"], ["incident_state.code"], name=op.f("fk_incident_step_state")),
        sa.PrimaryKeyConstraint("incident_id", "number", name=op.f("pk_incident_step")),
        comment="办理环节: append-only entries in the life of an incident",
    )
    op.create_index(op.f("ix_incident_step_account_id"), "incident_step", ["account_id"])
    op.create_table(
        "planted_hot_spot",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name"),
        sa.Column("category", sa.Text(collation="C"), nullable=False, comment="Category in excess"),
        sa.Column(
            "geom",
            Geometry("POINT", srid=4490, spatial_index=False),
            nullable=False,
            comment="Centre, storage CRS",
        ),
        sa.Column("radius_m", sa.Double(), nullable=False, comment="Radius, metres"),
        sa.Column("since", sa.Date(), nullable=False, comment="First day of the excess"),
        sa.Column("until", sa.Date(), nullable=False, comment="Last day of the excess"),
        sa.Column(
            "expected_extra", sa.Integer(), nullable=False, comment="Incidents planted beyond the ordinary"
        ),
        sa.ForeignKeyConstraint(
            ["category"], ["incident_category.code"], name=op.f("fk_planted_hot_spot_category")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planted_hot_spot")),
        comment="Demo only: hot spots planted on purpose, the truth for analyses",
    )
    op.create_index("idx_planted_hot_spot_geom", "planted_hot_spot", ["geom"], postgresql_using="gist")


def downgrade() -> None:
    op.drop_table("planted_hot_spot")
    op.drop_table("incident_step")
    op.drop_table("incident")
