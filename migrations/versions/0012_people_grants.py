"""What the application, the loader and the planner may do with people and places."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APP, LOADER, PLANNER = "wangge_app", "wangge_loader", "wangge_planner"

LISTS = (
    "education post_group organisation_kind party_org_kind site_kind site_function team_kind camera_kind "
    "camera_network camera_state leave_kind service_project post duty_shift service_kind unit_fact"
).split()
PLACES = (
    "organisation neighbourhood_organisation party_organisation service_site site_opening team camera "
    "unit_figure"
).split()
PEOPLE = "person party_membership assignment roster_change roster_change_item duty leave".split()
RECORD = "service_record appraisal appraisal_figure appraisal_opinion".split()
EVERYTHING = [*LISTS, *PLACES, *PEOPLE, *RECORD]

#: Columns a planner reads of tables that hold personal data: who is a number, no name, no words.
WITHOUT_PERSONS = {
    "person": "id, valid",
    "assignment": (
        "id, person_id, post, is_single, rank, grid_code, neighbourhood_code, building_code, unit_code, "
        "site_code, team_code, party_org_code, organisation_code, target, valid"
    ),
    "duty": "id, person_id, day, shift, during, grid_code, site_code, organisation_code",
    "leave": "person_id, deputy_id, valid",
    "party_membership": "person_id, party_org_code, valid",
    "service_record": (
        "id, kind, at, person_id, post, grid_code, building_code, site_code, project, incident_id, resolved_at"
    ),
    "camera": (
        "code, kind, network, state, name, direction_deg, angle_deg, range_m, height_m, grid_code, "
        "organisation_code, retention_days, geom, view, valid"
    ),
}


def _grant(rights: str, tables: list[str], role: str) -> None:
    op.execute(f"GRANT {rights} ON {', '.join(tables)} TO {role}")


def upgrade() -> None:
    _grant("SELECT", EVERYTHING, APP)
    # The application keeps the rota, the record, reviewed changes and appraisals; nothing is deleted.
    _grant("INSERT, UPDATE", [*PEOPLE, *RECORD], APP)
    _grant("SELECT, INSERT, UPDATE", EVERYTHING, LOADER)
    _grant("SELECT", [*LISTS, *(table for table in PLACES if table != "camera")], PLANNER)
    for table, columns in WITHOUT_PERSONS.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {PLANNER}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {LOADER}")


def downgrade() -> None:
    op.execute(f"REVOKE ALL ON {', '.join(EVERYTHING)} FROM {APP}, {LOADER}, {PLANNER}")
