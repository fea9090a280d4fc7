"""What the application, the loader and the planner may do."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APP, LOADER, PLANNER = "wangge_app", "wangge_loader", "wangge_planner"

LISTS = (
    "building_kind grid_kind neighbourhood_kind road_kind water_kind land_use_kind incident_category "
    "incident_source incident_state place_status time_status role"
).split()
GROUND = "neighbourhood building unit household address road water land_use".split()
PARTITION = "grid_code release grid".split()
ACCOUNTS = "account account_role web_session api_token sign_in_link".split()
INCIDENTS = "incident incident_step planted_hot_spot".split()
EVERYTHING = [*LISTS, *GROUND, *PARTITION, *ACCOUNTS, *INCIDENTS, "zone", "import_run"]

#: What a planner reads of an incident: where, when, what kind; no words, no client, no account.
INCIDENT_WITHOUT_WORDS = (
    "id, category, source, state, reported_at, geom, place_status, time_status, "
    "grid1_code, grid2_code, grid3_code, building_code, release_id, created_at, import_id"
)


def _grant(rights: str, tables: list[str], role: str) -> None:
    op.execute(f"GRANT {rights} ON {', '.join(tables)} TO {role}")


def upgrade() -> None:
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {LOADER}, {PLANNER}")
    # The application answers questions, takes incidents in, and keeps accounts.
    _grant("SELECT", EVERYTHING, APP)
    _grant("INSERT, UPDATE", [*ACCOUNTS, "incident"], APP)
    _grant("INSERT", ["incident_step"], APP)
    # The loader brings files in and end-dates; it never sees an account.
    loadable = [*LISTS, *GROUND, *PARTITION, *INCIDENTS, "zone", "import_run"]
    _grant("SELECT, INSERT", loadable, LOADER)
    _grant("UPDATE", [*LISTS, *GROUND, "grid", "zone", "import_run", "incident"], LOADER)
    _grant("DELETE", ["road", "water", "land_use"], LOADER)
    # The planner reads places and numbers without personal data.
    _grant("SELECT", [*LISTS, *GROUND, *PARTITION, "zone", "import_run", "planted_hot_spot"], PLANNER)
    op.execute(f"GRANT SELECT ({INCIDENT_WITHOUT_WORDS}) ON incident TO {PLANNER}")
    op.execute(f"GRANT SELECT (incident_id, number, state, at) ON incident_step TO {PLANNER}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {LOADER}")


def downgrade() -> None:
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}, {LOADER}, {PLANNER}")
    op.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {APP}, {LOADER}, {PLANNER}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {APP}, {LOADER}, {PLANNER}")
