"""A mark for every change of the ground, by which indexes held in memory know that they are out of date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GROUND = ("zone", "release", "grid", "neighbourhood", "building", "address")


def upgrade() -> None:
    op.create_table(
        "ground_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False, comment="Key"),
        sa.Column(
            "mark",
            sa.BigInteger(),
            server_default=sa.text("hashtextextended(gen_random_uuid()::text, 0)"),
            nullable=False,
            comment="Random; the marks of all changes together name a state of the ground",
        ),
        sa.Column("relation", sa.Text(), nullable=False, comment="Table that changed"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the transaction that changed it began",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ground_change")),
        comment="Statements that changed zone, releases, grids, neighbourhoods, buildings or addresses",
    )
    # As its owner: whoever may change the ground need not be able to write here, and cannot forget to.
    op.execute("""
        CREATE FUNCTION note_ground_change() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        BEGIN
            INSERT INTO public.ground_change (relation) VALUES (TG_TABLE_NAME);
            RETURN NULL;
        END $$
    """)
    for table in GROUND:
        op.execute(f"""
            CREATE TRIGGER note_ground_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION note_ground_change()
        """)
        # Also for rows copied in bulk with the other triggers off.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER note_ground_change")
    op.execute("INSERT INTO ground_change (relation) VALUES ('ground_change')")
    op.execute("GRANT SELECT ON ground_change TO wangge_app, wangge_loader, wangge_planner")


def downgrade() -> None:
    for table in GROUND:
        op.execute(f"DROP TRIGGER note_ground_change ON {table}")
    op.execute("DROP FUNCTION note_ground_change()")
    op.drop_table("ground_change")
