"""The chain of a point by PostGIS: the rule of the border in SQL, the referee of the locator."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_COVERING = """
    SELECT min(code) FROM {table}
    WHERE valid @> CAST(:day AS date) AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)) {more}
"""
_NEAREST = """
    SELECT code, ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)::geography) AS metres
    FROM {table} WHERE valid @> CAST(:day AS date) {more} ORDER BY metres, code LIMIT 1
"""


def covering(session: Session, table: str, lon: float, lat: float, day: date, more: str = "") -> Any:
    """Lowest code of the rows that cover a point on a day."""
    query = text(_COVERING.format(table=table, more=more))
    return session.execute(query, {"lon": lon, "lat": lat, "day": day}).scalar()


def nearest(session: Session, table: str, lon: float, lat: float, day: date, more: str = "") -> Any:
    """Code of the nearest row on a day, and metres to it."""
    query = text(_NEAREST.format(table=table, more=more))
    return session.execute(query, {"lon": lon, "lat": lat, "day": day}).one()
