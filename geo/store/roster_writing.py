"""Writing people, posts and places: whole rows by COPY, differing columns row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2.errors
import shapely
from geoalchemy2.shape import from_shape
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import Conflict
from geo.store import tables
from geo.store.copy import copy_frame

Values = dict[str, Any]
_TABLES = tables.metadata.tables
#: Columns that tell a row from others, where it has no id in what is written.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "person": ("code",),
    "organisation": ("code",),
    "party_organisation": ("code",),
    "service_site": ("code",),
    "team": ("code",),
    "camera": ("code",),
    "unit_figure": ("grid_code", "fact", "year"),
}


@contextmanager
def conflicts() -> Iterator[None]:
    """Turn a constraint that somebody else's writing has broken meanwhile into :class:`Conflict`.

    Raises
    ------
    Conflict
        Names the constraint; nothing of the transaction can be kept.
    """
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or "a constraint"
        raise Conflict(
            f"the database refuses it ({name}): the roster has changed meanwhile; look at it and try again"
        ) from error


def person_ids(session: Session) -> dict[str, int]:
    """Id of every person by code."""
    table = tables.Person
    return {row.code: row.id for row in session.execute(select(table.code, table.id))}


def add_rows(
    session: Session, table: str, rows: Sequence[Values], *, srid: int, people: Mapping[str, int]
) -> None:
    """Append rows; ranges, places, people and targets are put together as the table has them."""
    if not rows:
        return
    columns: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for name, value in _stored(row, people).items():
            columns[name].append(value)
    places = columns.pop("geom", None)
    frame = DataFrame({name: _objects(values) for name, values in columns.items()})
    if places is not None:
        frame = GeoDataFrame(frame, geometry=GeoSeries(places, crs=f"EPSG:{srid}")).rename_geometry("geom")
    try:
        copy_frame(session.connection(), _TABLES[table], frame, srid=srid)
    except psycopg2.errors.IntegrityError as error:
        raise IntegrityError(None, None, error) from error


def _objects(values: list[Any]) -> Any:
    return Series(values, dtype=object)


def _stored(row: Values, people: Mapping[str, int]) -> Values:
    values = dict(row)
    if "since" in values:
        values["valid"] = _range(values.pop("since"), values.pop("until"))
    if "begins" in values:
        values["during"] = _range(values.pop("begins"), values.pop("ends"))
    if "x" in values:
        x, y = values.pop("x"), values.pop("y")
        values["geom"] = None if x is None else shapely.Point(x, y)
    for name in ("person", "deputy"):
        if name in values:
            code = values.pop(name)
            values[f"{name}_id"] = None if code is None else people[code]
    if "target_kind" in values:
        kind, code = values.pop("target_kind"), values.pop("target")
        values |= {column: code if kind == each else None for each, column in tables.TARGETS.items()}
    return values


def _range(since: Any, until: Any) -> str:
    return f"[{since.isoformat()},{'' if until is None else until.isoformat()})"


def change_rows(
    session: Session,
    table: str,
    changed: Sequence[tuple[Any, Values]],
    *,
    srid: int,
    people: Mapping[str, int],
) -> None:
    """Change columns of stored rows, each named by its code, id or key."""
    keys = _KEYS.get(table, ("id",))
    target = _TABLES[table]
    alike: dict[tuple[str, ...], list[Values]] = defaultdict(list)
    for key, values in changed:
        changes = _changed(values, srid, people)
        named = dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True))
        alike[tuple(changes)].append(changes | {f"key_{name}": value for name, value in named.items()})
    for columns, rows in alike.items():
        statement = update(target).where(*(target.c[name] == bindparam(f"key_{name}") for name in keys))
        session.execute(
            statement.values({name: bindparam(name) for name in columns}),
            rows,
            execution_options={"synchronize_session": False},
        )


def _changed(row: Values, srid: int, people: Mapping[str, int]) -> Values:
    values = dict(row)
    if "since" in values:
        values["valid"] = Range(values.pop("since"), values.pop("until"))
    if "x" in values:
        x, y = values.pop("x"), values.pop("y")
        values["geom"] = None if x is None else from_shape(shapely.Point(x, y), srid)
    if "deputy" in values:
        code = values.pop("deputy")
        values["deputy_id"] = None if code is None else people[code]
    return values


def add_change(session: Session, values: Values, items: Sequence[Values] = ()) -> int:
    """Record a change of the roster with its items, numbered in their order, and give its id."""
    change = tables.RosterChange(**values)
    session.add(change)
    session.flush()
    session.refresh(change)
    if items:
        rows = [{"change_id": change.id, "number": i} | item for i, item in enumerate(items, start=1)]
        session.execute(insert(tables.RosterChangeItem), rows)
    return change.id


def set_change(session: Session, change_id: int, values: Values) -> None:
    """Decide a change: its state, who decided and when."""
    table = tables.RosterChange
    session.execute(update(table).where(table.id == change_id).values(**values))


def clock(session: Session) -> Any:
    """Time it is in the database, which moves on within a transaction."""
    return session.scalar(text("SELECT clock_timestamp()"))
