"""Appraisal sheets as they stand, with the evidence behind their figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geo.appraisal.rights import find_reach, get_row
from geo.appraisal.values import Evidence, KindCount, Sheet
from geo.model import Actor, Zone
from geo.statistics.asked import check_listed, check_unit
from geo.statistics.periods import read_period
from geo.store import appraisal as store
from geo.store.appraisal import SheetRow
from geo.store.statistics.entries import list_entries
from geo.zones import get_zone


def list_appraisals(
    session: Session, actor: Actor, *, unit: str | None = None, period: str | None = None, limit: int = 500
) -> tuple[int, list[SheetRow]]:
    """List sheets the asker may see, by unit and number of the person, never by a figure.

    Grid heads see those of their units, whoever else holds a post their own.

    Returns
    -------
    tuple
        How many there are, and the first ``limit`` of them.

    Raises
    ------
    InvalidInput
        The period is none.
    NotFound
        There is no such second-level grid.
    """
    zone = get_zone(session)
    check_unit(session, unit)
    days = None if period is None else read_period(period)
    seen_by = store.SeenBy(find_reach(session, zone, actor), actor.account_id)
    return store.list_sheets(session, seen_by, unit=unit, days=days, limit=limit)


def get_appraisal(session: Session, actor: Actor, sheet_id: int) -> Sheet:
    """A sheet with its figures and opinions.

    Raises
    ------
    NotFound
        There is none of that id, or none the asker may see.
    """
    zone = get_zone(session)
    row = get_row(session, zone, actor, sheet_id)
    posts = store.posts_held(session, row.person_id, row.unit, last_day(zone, row.since, row.until))
    opinions = tuple(store.list_opinions(session, sheet_id))
    figures = count_figures(session, zone, row)
    return Sheet(row, tuple(posts), figures, opinions, next_level(zone, row))


def get_evidence(
    session: Session,
    actor: Actor,
    sheet_id: int,
    *,
    kind: str | None = None,
    limit: int = 100,
    after: tuple[datetime, int] | None = None,
) -> Evidence:
    """The entries of the record that a sheet counts, newest first, a page at a time.

    Parameters
    ----------
    kind
        Only of one kind of service; None for all.
    after
        Key of the last entry of the page before.

    Raises
    ------
    InvalidInput
        There is no such kind.
    NotFound
        There is no such sheet, or none the asker may see.
    """
    zone = get_zone(session)
    check_listed(session, "kind", "service_kinds", kind)
    row = get_row(session, zone, actor, sheet_id)
    days = _instants(zone, row)
    records = store.list_record(session, row.person_id, *days, kind=kind, limit=limit + 1, after=after)
    shown = records[:limit]
    more = (shown[-1].at, shown[-1].id) if len(records) > limit else None
    live = store.count_record(session, row.person_id, *days)
    said = live if row.state == "open" else store.fixed_figures(session, sheet_id)
    return Evidence(row, tuple(shown), _sum_of(said, kind), _sum_of(live, kind), more)


def next_level(zone: Zone, row: SheetRow) -> int | None:
    """Level whose opinion is due, from the finest to the coarsest."""
    return next((level for level in range(len(zone.levels), 0, -1) if level not in row.levels), None)


def count_figures(session: Session, zone: Zone, row: SheetRow) -> tuple[KindCount, ...]:
    """Counts of every kind still offered or counted, in the order of the list."""
    if row.state == "open":
        counts = store.count_record(session, row.person_id, *_instants(zone, row))
    else:
        counts = store.fixed_figures(session, row.id)
    listed = list_entries(session, "service_kinds")
    return tuple(
        KindCount(kind.code, kind.zh, kind.en, counts.get(kind.code, 0))
        for kind in listed
        if kind.code in counts or (kind.active and row.state == "open")
    )


def _instants(zone: Zone, row: SheetRow) -> tuple[datetime, datetime]:
    return zone.midnight(row.since), zone.midnight(row.until)


def last_day(zone: Zone, since: date, until: date) -> date:
    """Last day of a period, or today while it runs."""
    return max(since, min(until - timedelta(days=1), zone.today()))


def _sum_of(counts: dict[str, int], kind: str | None) -> int:
    return sum(counts.values()) if kind is None else counts.get(kind, 0)
