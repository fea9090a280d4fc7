"""The service record in figures: what was done where, in which post, of which kind, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack, cast

from sqlalchemy.orm import Session

from geo.model import Zone
from geo.period import When, check_order, to_instant
from geo.statistics.asked import as_filters, check_choice, check_listed, check_unit, used
from geo.statistics.measures import COUNT, SERVICES, per_entry
from geo.statistics.periods import PERIODS, name_period, periods_between
from geo.statistics.table import Code, Figure, Measure, Row, Table, fill_rows, total_row
from geo.store.statistics import entries
from geo.store.statistics import services as store
from geo.store.statistics.entries import Entry
from geo.store.statistics.services import ServiceFilter
from geo.zones import get_zone

_LISTS = {"kind": "service_kinds", "project": "service_projects", "group": "post_groups"}
_NONE = {
    "unit": ("不在任何村社", "in no unit"),
    "grid": ("不在任何三级网格", "in no third-level grid"),
    "post": ("未登记岗位", "post not recorded"),
    "group": ("未登记岗位", "post not recorded"),
    "project": ("不属于项目", "of no project"),
}


class ServiceCases(TypedDict, total=False):
    """Which entries of the service record to count; what is missing or None counts all.

    ``since`` and ``until`` are a half-open interval, a day begins at the zone's midnight; ``unit`` is a
    second-level grid, ``group`` the group of the post served in.
    """

    since: When
    until: When
    unit: str | None
    kind: str | None
    project: str | None
    group: str | None


def service_table(
    session: Session,
    *,
    by: str = "unit",
    period: str | None = None,
    **cases: Unpack[ServiceCases],
) -> Table:
    """Count entries of the service record.

    Parameters
    ----------
    by
        ``unit`` and ``grid`` by the place of the service, ``post`` and ``group`` by what the person served
        as, ``kind``, ``project``, ``period``.
    period
        ``month``, ``quarter`` or ``year`` in the zone's time: what ``by="period"`` counts by (month when
        None); with another ``by`` each row is split by it.
    cases
        See :class:`ServiceCases`.

    Returns
    -------
    Table
        Each entry is in exactly one row, so that rows add up to the total; and in one column of its kind,
        unless rows are kinds themselves.

    Raises
    ------
    InvalidInput
        A choice, a kind, a day cannot be.
    NotFound
        There is no such second-level grid, or no zone yet.
    """
    zone = get_zone(session)
    asked = _asked(session, zone, cases)
    period = _check(by, period)
    found = store.count_services(session, asked, by=by, period=period, clock=zone.time_zone)
    counted = _Counted(found, _columns(session, by, asked.kind, found), store.resolvable_kinds(session))
    return Table(
        "services",
        by,
        counted.columns,
        _rows(session, asked, counted, by=by, period=period, day=_last_day(zone, asked.until)),
        total_row(counted.figures(found)),
        as_filters(**{**cases, "period": period}),
    )


def _asked(session: Session, zone: Zone, cases: ServiceCases) -> ServiceFilter:
    since, until = (to_instant(zone, cast(When, cases.get(end)), end) for end in ("since", "until"))
    check_order(since, until)
    check_unit(session, cases.get("unit"))
    for name, listed in _LISTS.items():
        check_listed(session, name, listed, cast(str | None, cases.get(name)))
    same = {name: cast(str | None, cases.get(name)) for name in ("unit", *_LISTS)}
    return ServiceFilter(since, until, **same)


def _check(by: str, period: str | None) -> str | None:
    check_choice("by", by, store.DIMENSIONS)
    if period is not None:
        check_choice("period", period, PERIODS)
    return period or ("month" if by == "period" else None)


def _columns(session: Session, by: str, kind: str | None, found: list[dict[str, Any]]) -> tuple[Measure, ...]:
    if by == "kind" or kind is not None:
        return SERVICES
    kinds = used(entries.list_entries(session, "service_kinds"), {row["kind"] for row in found})
    return (COUNT, *per_entry("kind", kinds, COUNT), *SERVICES[1:])


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the store has counted by code, period and kind, and the columns it becomes."""

    found: list[dict[str, Any]]
    columns: tuple[Measure, ...]
    resolvable: set[str]

    def starts(self, period: str | None) -> list[date | None]:
        """First days of the periods, without a gap from the first with an entry to the last."""
        if period is None:
            return [None]
        days = [row["starts"] for row in self.found]
        return [*periods_between(period, min(days), max(days))] if days else []

    def figures_by_code(self, starts: date | None) -> dict[Code, dict[str, Figure]]:
        """Figures of one period, or of all the time."""
        here: dict[Code, list[dict[str, Any]]] = {}
        for row in self.found:
            if row["starts"] == starts:
                here.setdefault(row["code"], []).append(row)
        return {code: self.figures(rows) for code, rows in here.items()}

    def figures(self, found: Iterable[Mapping[str, Any]]) -> dict[str, Figure]:
        """Sum counts by kind into a row's figures."""
        sums: dict[str, Figure] = {measure.key: 0 for measure in self.columns}
        count = to_resolve = resolved = 0
        for row in found:
            count += row["count"]
            resolved += row["resolved"]
            to_resolve += row["count"] if row["kind"] in self.resolvable else 0
            if (key := f"kind.{row['kind']}") in sums:
                sums[key] = (sums[key] or 0) + row["count"]
        share = round(resolved / to_resolve, 4) if to_resolve else None
        known = {"count": count, "resolvable": to_resolve, "resolved": resolved, "resolved_share": share}
        return sums | known


def _rows(
    session: Session, asked: ServiceFilter, counted: _Counted, *, by: str, period: str | None, day: date
) -> tuple[Row, ...]:
    entries_of_rows = [] if by == "period" else _entries(session, by, day, asked)
    none = _NONE.get(by, ("其他", "other"))
    rows: list[Row] = []
    for starts in counted.starts(period):
        figures = counted.figures_by_code(starts)
        if by == "period" and period and starts:
            own = figures.get(None) or counted.figures(())
            rows.append(Row(starts.isoformat(), *name_period(period, starts), own, starts=starts))
        else:
            filled = fill_rows(entries_of_rows, figures, counted.columns, none)
            rows += [replace(row, starts=starts) for row in filled]
    return tuple(rows)


def _last_day(zone: Zone, until: datetime | None) -> date:
    """Day names are of: the last one asked for, or today."""
    if until is None:
        return zone.today()
    try:
        return (until - timedelta(microseconds=1)).astimezone(zone.zone_info).date()
    except OverflowError:
        return zone.today()


def _entries(session: Session, by: str, day: date, asked: ServiceFilter) -> list[Entry]:
    if by in {"unit", "grid"}:
        grids = entries.list_grids(session, 2 if by == "unit" else 3, day)
        own = "code" if by == "unit" else "group"
        return [grid for grid in grids if asked.unit in (None, getattr(grid, own))]
    if by == "post":
        # Only posts in which somebody has served: the list is long, and most posts serve otherwise.
        listed = entries.list_posts(session, personnel_only=False)
        return [Entry(post.code, post.zh, post.en, post.group, active=False) for post in listed]
    if by == "group":
        listed = entries.list_entries(session, "post_groups")
        return [Entry(group.code, group.zh, group.en, active=False) for group in listed]
    chosen = asked.kind if by == "kind" else asked.project
    listed = entries.list_entries(session, _LISTS[by])
    return [entry for entry in listed if chosen in (None, entry.code)]
