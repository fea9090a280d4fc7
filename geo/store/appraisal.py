"""Appraisal sheets, the opinions on them, and the entries of the record they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.statistics.roster import HELD

A = tables.Appraisal
OPINION = tables.AppraisalOpinion
P = tables.Person
S = tables.ServiceRecord


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An appraisal sheet without its figures.

    Attributes
    ----------
    unit, unit_name
        Second-level grid that answers for it.
    since, until
        Days it covers, [since, until).
    levels
        Levels that have given their opinion.
    """

    id: int
    person_id: int
    person_code: str
    person_name: str
    account_id: int | None
    unit: str
    unit_name: str
    since: date
    until: date
    statement: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What a level says of a sheet."""

    level: int
    grade: str
    comment: str
    account_id: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordRow:
    """An entry of the service record, without whom it served."""

    id: int
    kind: str
    at: datetime
    post: str | None
    project: str | None
    grid: str | None
    grid_name: str | None
    building: str | None
    site: str | None
    resolved_at: datetime | None
    note: str


def holders(session: Session, unit: str, day: date) -> list[int]:
    """Ids of the persons who hold a personnel post in a second-level grid on a day."""
    statement = text(f"""
        WITH {HELD} SELECT DISTINCT h.person_id FROM held h
        JOIN person pe ON pe.id = h.person_id AND pe.valid @> CAST(:day AS date)
        WHERE h.is_personnel AND h.unit_code = :unit ORDER BY 1
    """)  # noqa: S608 - our own text
    return list(session.scalars(statement, {"day": day, "unit": unit}))


def posts_held(session: Session, person_id: int, unit: str, day: date) -> list[tuple[str, str]]:
    """Names of the personnel posts a person holds in a second-level grid on a day."""
    statement = text(f"""
        WITH {HELD} SELECT DISTINCT po.name_zh, po.name_en, g.sort, po.sort FROM held h
        JOIN post po ON po.code = h.post JOIN post_group g ON g.code = po.post_group
        WHERE h.is_personnel AND h.person_id = :person AND h.unit_code = :unit ORDER BY 3, 4
    """)  # noqa: S608 - our own text
    rows = session.execute(statement, {"day": day, "unit": unit, "person": person_id})
    return [(row[0], row[1]) for row in rows]


def add_sheets(session: Session, persons: Sequence[int], unit: str, since: date, until: date) -> int:
    """Open sheets for persons, but for those who have one in these days; count the new ones."""
    if not persons:
        return 0
    rows = [{"person_id": person, "grid_code": unit, "period": Range(since, until)} for person in persons]
    statement = upsert(A).values(rows).on_conflict_do_nothing().returning(A.id)
    return len(session.scalars(statement).all())


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Whose sheets are asked for: all of some second-level grids (None: of all), and their own."""

    units: set[str] | None
    account_id: int


def list_sheets(
    session: Session, seen_by: SeenBy, *, unit: str | None, days: tuple[date, date] | None, limit: int
) -> tuple[int, list[SheetRow]]:
    """Sheets by unit and number of the person: how many there are, and the first of them.

    Parameters
    ----------
    unit
        Only of this second-level grid.
    days
        Only sheets whose days lie within these.
    """
    conditions: list[ColumnElement[bool]] = []
    if seen_by.units is not None:
        conditions.append(A.grid_code.in_(seen_by.units) | (P.account_id == seen_by.account_id))
    if unit is not None:
        conditions.append(A.grid_code == unit)
    if days is not None:
        conditions.append(A.period.contained_by(Range(*days)))
    counting = select(func.count()).select_from(A).join(P, P.id == A.person_id).where(*conditions)
    query = _sheets().where(*conditions).order_by(A.grid_code, P.code, A.period).limit(limit)
    return session.scalar(counting) or 0, [_sheet(row) for row in session.execute(query)]


def find_sheet(session: Session, sheet_id: int, *, lock: bool = False) -> SheetRow | None:
    """A sheet by its id; ``lock`` lets nobody else change it until the transaction ends."""
    if lock:
        session.execute(select(A.id).where(A.id == sheet_id).with_for_update())
    row = session.execute(_sheets().where(A.id == sheet_id)).one_or_none()
    return None if row is None else _sheet(row)


def _sheets() -> Select[Any]:
    levels = select(func.array_agg(OPINION.level)).where(OPINION.appraisal_id == A.id).scalar_subquery()
    grid = tables.Grid
    name = (
        select(grid.name)
        .where(grid.code == A.grid_code)
        .order_by(grid.valid.contains(func.upper(A.period) - 1).desc(), func.lower(grid.valid).desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(
        A.id, A.person_id, P.code, P.name, P.account_id, A.grid_code, name.label("unit_name"), A.period,
        A.statement, A.state, A.opened_at, A.closed_at, levels.label("levels"),
    ).join(P, P.id == A.person_id)  # fmt: skip


def _sheet(row: Any) -> SheetRow:
    return SheetRow(
        id=row.id,
        person_id=row.person_id,
        person_code=row.code,
        person_name=row.name,
        account_id=row.account_id,
        unit=row.grid_code,
        unit_name=row.unit_name or row.grid_code,
        since=row.period.lower,
        until=row.period.upper,
        statement=row.statement,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        levels=tuple(sorted(row.levels or (), reverse=True)),
    )


def list_opinions(session: Session, sheet_id: int) -> list[OpinionRow]:
    """Opinions on a sheet from the third level up."""
    account = tables.Account
    query = (
        select(
            OPINION.level,
            OPINION.grade,
            OPINION.comment,
            OPINION.account_id,
            account.display_name,
            OPINION.at,
        )
        .join(account, account.id == OPINION.account_id)
        .where(OPINION.appraisal_id == sheet_id)
        .order_by(OPINION.level.desc())
    )
    return [OpinionRow(*row) for row in session.execute(query)]


def save_statement(session: Session, sheet_id: int, statement: str) -> None:
    """Write what the person says."""
    session.execute(update(A).where(A.id == sheet_id).values(statement=statement))


def add_opinion(session: Session, sheet_id: int, **values: Any) -> None:
    """Write what a level says."""
    session.execute(insert(OPINION).values(appraisal_id=sheet_id, **values))


def close_sheet(session: Session, sheet_id: int, figures: Mapping[str, int]) -> None:
    """Fix the figures of a sheet and close it."""
    rows = [{"appraisal_id": sheet_id, "kind": kind, "count": count} for kind, count in figures.items()]
    if rows:
        session.execute(insert(tables.AppraisalFigure), rows)
    session.execute(update(A).where(A.id == sheet_id).values(state="closed", closed_at=func.now()))


def fixed_figures(session: Session, sheet_id: int) -> dict[str, int]:
    """Figures of a closed sheet by kind of service."""
    figure = tables.AppraisalFigure
    rows = session.execute(select(figure.kind, figure.count).where(figure.appraisal_id == sheet_id))
    return {row[0]: row[1] for row in rows}


def _counted(person_id: int, since: datetime, until: datetime) -> ColumnElement[bool]:
    """What a sheet counts; its figures and its evidence are the same rows."""
    return and_(S.person_id == person_id, S.at >= since, S.at < until)


def count_record(session: Session, person_id: int, since: datetime, until: datetime) -> dict[str, int]:
    """Entries of a person in an interval by kind."""
    query = select(S.kind, func.count()).where(_counted(person_id, since, until)).group_by(S.kind)
    return {row[0]: row[1] for row in session.execute(query)}


def list_record(
    session: Session,
    person_id: int,
    since: datetime,
    until: datetime,
    *,
    kind: str | None,
    limit: int,
    after: tuple[datetime, int] | None,
) -> list[RecordRow]:
    """Entries of a person in an interval, newest first, those after the key of the page before."""
    grid = tables.Grid
    name = (
        select(grid.name)
        .where(grid.code == S.grid_code)
        .order_by(func.lower(grid.valid).desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(
        S.id, S.kind, S.at, S.post, S.project, S.grid_code, name, S.building_code, S.site_code, S.resolved_at,
        S.note,
    ).where(_counted(person_id, since, until))  # fmt: skip
    if kind is not None:
        query = query.where(S.kind == kind)
    if after is not None:
        query = query.where(tuple_(S.at, S.id) < tuple_(*after))
    return [RecordRow(*row) for row in session.execute(query.order_by(S.at.desc(), S.id.desc()).limit(limit))]


def headed_units(session: Session, account_id: int, day: date) -> dict[str, set[int]]:
    """Second-level grids in which the account's person is a grid head on a day, and of which levels.

    The head of a third-level grid speaks for the third level in the unit above it; that of a first-level
    grid for the first level in all units below it.
    """
    statement = text("""
        SELECT unit.code, here.level FROM assignment a
        JOIN post po ON po.code = a.post AND po.role = 'grid_head'
        JOIN person pe ON pe.id = a.person_id AND pe.account_id = :account
        JOIN grid here ON here.code = a.grid_code AND here.valid @> CAST(:day AS date)
        JOIN grid unit ON unit.level = 2 AND unit.valid @> CAST(:day AS date) AND CASE here.level
            WHEN 1 THEN unit.parent_code = here.code WHEN 2 THEN unit.code = here.code
            ELSE unit.code = here.parent_code END
        WHERE a.valid @> CAST(:day AS date)
    """)
    found: dict[str, set[int]] = {}
    for code, level in session.execute(statement, {"account": account_id, "day": day}):
        found.setdefault(code, set()).add(level)
    return found
