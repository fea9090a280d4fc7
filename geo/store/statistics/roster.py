"""Persons by what they hold on a day, and how they moved between groups of posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

#: Which column of ``held`` each dimension groups by.
DIMENSIONS = {
    "unit": "unit_code",
    "grid": "grid3_code",
    "area": "area_code",
    "post": "post",
    "group": "post_group",
    "kind": "unit_kind",
}

# Posts held on :day, each with the grid that what it is held for is filed under, and that grid's parents.
# A team, an organisation or a party organisation may work for a grid of any level, or for the whole zone.
HELD = """
    posts_held AS (
        SELECT a.id, a.person_id, a.post, po.post_group, po.is_personnel, coalesce(
            a.grid_code, n.grid_code, b.grid_code, ub.grid_code, s.grid_code, t.grid_code, p.grid_code,
            o.grid_code
        ) AS grid_code
        FROM assignment a
        JOIN post po ON po.code = a.post
        LEFT JOIN neighbourhood n ON n.code = a.neighbourhood_code
        LEFT JOIN building b ON b.code = a.building_code
        LEFT JOIN unit u ON u.code = a.unit_code
        LEFT JOIN building ub ON ub.code = u.building_code
        LEFT JOIN service_site s ON s.code = a.site_code
        LEFT JOIN team t ON t.code = a.team_code
        LEFT JOIN party_organisation p ON p.code = a.party_org_code
        LEFT JOIN organisation o ON o.code = a.organisation_code
        WHERE a.valid @> CAST(:day AS date)
    ),
    held AS (
        SELECT h.*, unit.code AS unit_code, unit.kind AS unit_kind,
            CASE WHEN here.level = 3 THEN here.code END AS grid3_code,
            CASE WHEN here.level = 1 THEN here.code ELSE unit.parent_code END AS area_code
        FROM posts_held h
        LEFT JOIN grid here ON here.code = h.grid_code AND here.valid @> CAST(:day AS date)
        LEFT JOIN grid unit ON unit.level = 2 AND unit.valid @> CAST(:day AS date)
            AND unit.code = CASE here.level WHEN 2 THEN here.code WHEN 3 THEN here.parent_code END
    )"""

_AGED = "count(DISTINCT h.person_id) FILTER (WHERE {}) AS {}"
_AGE = "date_part('year', age(CAST(:day AS date), pe.born_on))"
_ATTRIBUTES = {
    "women": "pe.gender = 'female'",
    "aged_35_or_under": f"{_AGE} <= 35",
    "aged_36_to_45": f"{_AGE} BETWEEN 36 AND 45",
    "aged_46_to_55": f"{_AGE} BETWEEN 46 AND 55",
    "aged_56_or_over": f"{_AGE} >= 56",
    "age_unknown": "pe.born_on IS NULL",
    "college": "ed.sort >= (SELECT sort FROM education WHERE code = 'junior_college')",
    "prospering": "pe.is_prospering",
    "party_members": "m.person_id IS NOT NULL",
    "new": "before.person_id IS NULL",
}
_COUNTS = ", ".join(_AGED.format(condition, name) for name, condition in _ATTRIBUTES.items())


def count_persons(
    session: Session,
    *,
    day: date,
    by: str,
    personnel_only: bool,
    since: date | None,
    unit: str | None,
    group: str | None,
) -> tuple[dict[str | None, dict[str, int]], dict[str, int]]:
    """Distinct persons who hold a post on a day, by a dimension, and in all.

    Parameters
    ----------
    by
        A key of ``DIMENSIONS``.
    since
        Day a term began: who held no personnel post the day before is new. None: nobody is counted as new.
    unit, group
        Only posts held in a second-level grid, of a group of posts.

    Returns
    -------
    tuple
        Figures by code (None for what belongs to no row), and the total, in which each person counts once.
    """
    column = DIMENSIONS[by]
    statement = text(f"""
        WITH {HELD},
        before AS (
            SELECT DISTINCT a.person_id FROM assignment a JOIN post po ON po.code = a.post
            WHERE po.is_personnel AND a.valid @> CAST(:since AS date) - 1
        )
        SELECT h.{column} AS code, grouping(h.{column}) AS is_total,
            count(DISTINCT h.person_id) AS persons, count(h.id) AS posts, {_COUNTS}
        FROM held h
        JOIN person pe ON pe.id = h.person_id AND pe.valid @> CAST(:day AS date)
        LEFT JOIN education ed ON ed.code = pe.education
        LEFT JOIN party_membership m ON m.person_id = pe.id AND m.valid @> CAST(:day AS date)
        LEFT JOIN before ON before.person_id = pe.id
        WHERE (h.is_personnel OR NOT :personnel_only)
            AND (CAST(:unit AS text) IS NULL OR h.unit_code = :unit)
            AND (CAST(:group AS text) IS NULL OR h.post_group = :group)
        GROUP BY GROUPING SETS ((h.{column}), ())
    """)  # noqa: S608 - our own columns
    bound = {
        "day": day,
        "since": since or day,
        "personnel_only": personnel_only,
        "unit": unit,
        "group": group,
    }
    found: dict[str | None, dict[str, int]] = {}
    total: dict[str, int] = {}
    for row in session.execute(statement, bound).mappings():
        figures = {key: value for key, value in row.items() if key not in {"code", "is_total"}}
        if row["is_total"]:
            total = figures
        else:
            found[row["code"]] = figures
    return found, total


def count_moves(session: Session, on: date) -> list[dict[str, Any]]:
    """Persons by the groups of personnel posts they held the day before and hold on a day.

    Returns
    -------
    list of dict
        ``before`` and ``after``: codes of groups in the order of the list, empty for none; ``persons``.
    """
    statement = text("""
        WITH held AS (
            SELECT a.person_id, po.post_group, g.sort,
                bool_or(a.valid @> CAST(:on AS date) - 1) AS held_then,
                bool_or(a.valid @> CAST(:on AS date)) AS held_now
            FROM assignment a JOIN post po ON po.code = a.post JOIN post_group g ON g.code = po.post_group
            WHERE po.is_personnel AND (a.valid @> CAST(:on AS date) OR a.valid @> CAST(:on AS date) - 1)
            GROUP BY a.person_id, po.post_group, g.sort
        ),
        moved AS (
            SELECT
                coalesce(array_agg(post_group ORDER BY sort, post_group) FILTER (WHERE held_then), '{}')
                    AS before,
                coalesce(array_agg(post_group ORDER BY sort, post_group) FILTER (WHERE held_now), '{}')
                    AS after
            FROM held GROUP BY person_id
        )
        SELECT before, after, count(*) AS persons FROM moved
        GROUP BY before, after ORDER BY persons DESC, before, after
    """)
    return [dict(row) for row in session.execute(statement, {"on": on}).mappings()]
