"""The service record summed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

#: Which column of ``entry`` each dimension groups by; a period groups by time alone.
DIMENSIONS = {
    "unit": "unit_code",
    "grid": "grid3_code",
    "post": "post",
    "group": "post_group",
    "kind": "kind",
    "project": "project",
    "period": "NULL",
}


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which entries of the record are asked for; None asks for all.

    Attributes
    ----------
    since, until
        Half-open interval of when the service was given.
    unit
        A second-level grid.
    """

    since: datetime | None = None
    until: datetime | None = None
    unit: str | None = None
    kind: str | None = None
    project: str | None = None
    group: str | None = None


def count_services(
    session: Session, asked: ServiceFilter, *, by: str, period: str | None, clock: str
) -> list[dict[str, Any]]:
    """Entries of the record by a dimension, a period and the kind of service.

    Parameters
    ----------
    by
        A key of ``DIMENSIONS``.
    period
        ``month``, ``quarter``, ``year``: also by these, in the zone's own time; None: in one.
    clock
        The zone's time zone.

    Returns
    -------
    list of dict
        ``code`` (None for what belongs to no row), ``starts`` (first day of the period or None), ``kind``,
        ``count`` and ``resolved`` (entries of kinds that are resolved at some time, and have been).
    """
    starts = "CAST(date_trunc(:period, local) AS date)" if period else "CAST(NULL AS date)"
    statement = text(f"""
        WITH entry AS (
            SELECT s.kind, s.post, s.project, s.grid_code, s.resolved_at, k.is_resolvable, po.post_group,
                timezone(:clock, s.at) AS local,
                CASE WHEN c.level = 3 THEN s.grid_code END AS grid3_code,
                -- the parent on the day of the service, or else the last one known
                CASE c.level WHEN 2 THEN s.grid_code WHEN 3 THEN (
                    SELECT g.parent_code FROM grid g WHERE g.level = 3 AND g.code = s.grid_code
                    ORDER BY g.valid @> CAST(timezone(:clock, s.at) AS date) DESC, lower(g.valid) DESC LIMIT 1
                ) END AS unit_code
            FROM service_record s
            JOIN service_kind k ON k.code = s.kind
            LEFT JOIN post po ON po.code = s.post
            LEFT JOIN grid_code c ON c.code = s.grid_code
            WHERE (CAST(:since AS timestamptz) IS NULL OR s.at >= :since)
                AND (CAST(:until AS timestamptz) IS NULL OR s.at < :until)
                AND (CAST(:kind AS text) IS NULL OR s.kind = :kind)
                AND (CAST(:project AS text) IS NULL OR s.project = :project)
                AND (CAST(:group AS text) IS NULL OR po.post_group = :group)
        )
        SELECT {DIMENSIONS[by]} AS code, {starts} AS starts, kind, count(*) AS count,
            count(resolved_at) FILTER (WHERE is_resolvable) AS resolved
        FROM entry WHERE CAST(:unit AS text) IS NULL OR unit_code = :unit
        GROUP BY 1, 2, kind ORDER BY 1, 2, kind
    """)  # noqa: S608 - our own columns
    bound = {
        "since": asked.since,
        "until": asked.until,
        "unit": asked.unit,
        "kind": asked.kind,
        "project": asked.project,
        "group": asked.group,
        "clock": clock,
    }
    if period:
        bound["period"] = period
    return [dict(row) for row in session.execute(statement, bound).mappings()]


def resolvable_kinds(session: Session) -> set[str]:
    """Kinds of service whose entries are resolved at some time."""
    return set(session.scalars(text("SELECT code FROM service_kind WHERE is_resolvable")))
