"""Write what a roster changes: everything in one transaction, in the order in which rows name each other."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from geo.model import Zone
from geo.roster.changes import Changes, Values
from geo.store import roster_writing as writing

#: Tables in the order in which they refer to each other; people and what names them come between.
_FIRST = ("organisation", "party_organisation", "service_site", "team", "camera")
_THEN = (
    "party_membership",
    "neighbourhood_organisation",
    "site_opening",
    "assignment",
    "duty",
    "leave",
    "service_record",
    "unit_figure",
)
#: Tables that keep the run that brought a row in.
_WITH_RUN = frozenset({"person", "service_record"})


def write_changes(session: Session, zone: Zone, changes: Changes, *, run: int, change: int | None) -> None:
    """Write new and differing rows; ``change`` is what the assignments refer to.

    Raises
    ------
    Conflict
        A constraint is broken by what somebody else has written meanwhile.
    """
    for name in _WITH_RUN:
        for row in changes.new.get(name, ()):
            row["import_id"] = run
    _refer(changes, change)
    srid = zone.storage_srid
    with writing.conflicts():
        # Stored things may come under new ones, so those first.
        for table in (*_FIRST, "person"):
            writing.add_rows(session, table, changes.new.get(table, ()), srid=srid, people={})
            writing.change_rows(session, table, changes.changed.get(table, ()), srid=srid, people={})
        people = writing.person_ids(session)
        # What ends goes first, so that what takes its place does not meet it.
        for table in _THEN:
            writing.change_rows(session, table, changes.changed.get(table, ()), srid=srid, people=people)
            writing.add_rows(session, table, changes.new.get(table, ()), srid=srid, people=people)


def _refer(changes: Changes, change: int | None) -> None:
    for row in changes.new.get("assignment", ()):
        row["change_id"] = change
    for _, values in changes.changed.get("assignment", ()):
        values["end_change_id"] = change if values["until"] is not None else None


def begin_change(session: Session, changes: Changes, title: str, day: date) -> int | None:
    """Record the change that an import's assignments refer to; none when it brings none."""
    if not changes.new.get("assignment") and not changes.changed.get("assignment"):
        return None
    now = writing.clock(session)
    values: Values = {
        "kind": "import",
        "title": title,
        "effective_on": day,
        "state": "applied",
        "made_as": "wangge import",
        "made_at": now,
        "decided_as": "wangge import",
        "applied_at": now,
    }
    return writing.add_change(session, values)
