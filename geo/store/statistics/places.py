"""Sites, teams and party organisations of a day, one row each, and what is known of units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

# The second-level grid something is filed under, itself or its parent on the day.
_UNIT = """
    LEFT JOIN grid here ON here.code = x.grid_code AND here.valid @> CAST(:day AS date)
    LEFT JOIN grid unit ON unit.level = 2 AND unit.valid @> CAST(:day AS date)
        AND unit.code = CASE here.level WHEN 2 THEN here.code WHEN 3 THEN here.parent_code END"""

_SITES = f"""
    SELECT x.code, x.kind, unit.code AS unit, unit.kind AS unit_kind, ARRAY(
        SELECT DISTINCT o.function FROM site_opening o
        WHERE o.site_code = x.code AND o.valid @> CAST(:day AS date) ORDER BY o.function
    ) AS functions
    FROM service_site x {_UNIT} WHERE x.valid @> CAST(:day AS date)"""  # noqa: S608 - our own text
_TEAMS = f"""
    SELECT x.code, x.kind, unit.code AS unit, unit.kind AS unit_kind, x.declared_members, (
        SELECT count(DISTINCT a.person_id) FROM assignment a
        WHERE a.team_code = x.code AND a.valid @> CAST(:day AS date)
    ) AS roster_members
    FROM team x {_UNIT} WHERE x.valid @> CAST(:day AS date)"""  # noqa: S608 - our own text
_PARTY_ORGS = f"""
    SELECT x.code, x.kind, unit.code AS unit, unit.kind AS unit_kind, x.parent_code,
        x.declared_members, (
        SELECT count(DISTINCT m.person_id) FROM party_membership m
        WHERE m.party_org_code = x.code AND m.valid @> CAST(:day AS date)
    ) AS roster_members
    FROM party_organisation x {_UNIT} WHERE x.valid @> CAST(:day AS date)"""  # noqa: S608 - our own text
_PLACES = {"sites": _SITES, "teams": _TEAMS, "party_orgs": _PARTY_ORGS}

_GROUND = """
    SELECT unit.code, count(DISTINCT g.code) AS grids, count(b.code) AS buildings,
        coalesce(sum(b.households), 0)::bigint AS households
    FROM grid unit
    LEFT JOIN grid g ON g.level = 3 AND g.parent_code = unit.code AND g.valid @> CAST(:day AS date)
    LEFT JOIN building b ON b.grid_code = g.code AND b.valid @> CAST(:day AS date)
    WHERE unit.level = 2 AND unit.valid @> CAST(:day AS date)
    GROUP BY unit.code"""


def list_places(session: Session, of: str, day: date) -> list[dict[str, Any]]:
    """Sites, teams or party organisations there are on a day.

    Parameters
    ----------
    of
        ``sites``, ``teams``, ``party_orgs``.

    Returns
    -------
    list of dict
        ``code``, ``kind``, ``unit`` and ``unit_kind`` (None when not of one second-level grid); of sites
        ``functions``, of the others ``declared_members`` (None when not known) and ``roster_members``; of
        party organisations ``parent_code``.
    """
    return [dict(row) for row in session.execute(text(_PLACES[of]), {"day": day}).mappings()]


def count_ground(session: Session, day: date) -> dict[str, dict[str, int]]:
    """Third-level grids, buildings and households of each second-level grid in force on a day."""
    rows = session.execute(text(_GROUND), {"day": day}).mappings()
    return {row["code"]: {key: row[key] for key in ("grids", "buildings", "households")} for row in rows}


def find_last_year(session: Session, fact: str, year: int) -> int | None:
    """Latest year up to one of which a fact is known."""
    statement = text("SELECT max(year) FROM unit_figure WHERE fact = :fact AND year <= :year")
    found: int | None = session.scalar(statement, {"fact": fact, "year": year})
    return found


def list_figures(session: Session, fact: str, year: int) -> dict[str, Decimal]:
    """A fact of a year by grid code."""
    statement = text("SELECT grid_code, value FROM unit_figure WHERE fact = :fact AND year = :year")
    return {row.grid_code: row.value for row in session.execute(statement, {"fact": fact, "year": year})}


def unit_of_fact(session: Session, fact: str) -> tuple[str, str] | None:
    """In what a fact is counted, in Chinese and English; None for no such fact."""
    statement = text("SELECT unit_zh, unit_en FROM unit_fact WHERE code = :fact")
    row = session.execute(statement, {"fact": fact}).one_or_none()
    return None if row is None else (row[0], row[1])
