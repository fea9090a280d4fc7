"""Where each row lies: from columns of longitude and latitude, or from a geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from geo.boundaries.columns import match_columns
from geo.crs import DeclaredCrs, parse_crs
from geo.errors import InvalidInput
from geo.streams.geometry import Geometry
from geo.streams.numbers import Floats, Reasons, holds_numbers, read_numbers
from geo.streams.reasons import BROKEN, Reason


@dataclass(frozen=True)
class Place:
    """How the rows of a stream say where they lie.

    Attributes
    ----------
    crs
        What the coordinates are declared in.
    columns
        Names of the columns of longitude and latitude (easting and northing), when it is these.
    geometry
        The geometry column, when it is that.
    """

    crs: DeclaredCrs
    columns: tuple[str, str] | None = None
    geometry: Geometry | None = None

    @property
    def described(self) -> str:
        """In words, for the summary."""
        if self.columns is not None:
            return f"columns {self.columns[0]} and {self.columns[1]} in {self.crs}"
        assert self.geometry is not None  # noqa: S101 - one of the two is given
        return (
            f"geometry {self.geometry.column} in {self.crs} (a point's own place, else a point inside the "
            "geometry)"
        )

    def read(self, batch: pa.RecordBatch) -> tuple[Floats, Floats, Reasons]:
        """Coordinates in ``crs`` as they are, NaN where there are none, and why."""
        if self.columns is not None:
            (x, why_x), (y, why_y) = (read_numbers(batch.column(name)) for name in self.columns)
            reasons = np.where(why_x > why_y, why_x, why_y)
        else:
            assert self.geometry is not None  # noqa: S101 - one of the two is given
            x, y, reasons = self.geometry.places(batch)
        if BROKEN in batch.schema.names:
            broken = batch.column(BROKEN).to_numpy(zero_copy_only=False)
            reasons = np.where(broken, np.int8(Reason.BROKEN_ROW), reasons)
        return x, y, reasons


def find_place(
    schema: pa.Schema,
    geometry: Geometry | None,
    *,
    lon: str | None = None,
    lat: str | None = None,
    crs: str | None = None,
    default_crs: str | None,
    name: str,
) -> Place:
    """Decide how rows say where they lie.

    Columns that are named win over the geometry, the geometry over columns known by their headings.

    Parameters
    ----------
    lon, lat, crs
        What the user says; None to find out.
    default_crs
        CRS of columns of longitude and latitude when nobody declares one; None where there is no default.
    name
        What the stream is called in errors.

    Raises
    ------
    InvalidInput
        There is no such column, none is found or several could be meant, or no CRS is declared.
    """
    if (lon is None) != (lat is None):
        raise InvalidInput("one of --lon and --lat (lon= and lat=) is missing; name both columns or neither")
    if lon is None and geometry is not None:
        own = None if geometry.crs is None else parse_crs(geometry.crs)
        return Place(_declared(crs, own, None, name), geometry=geometry)
    columns = (
        _named(schema, lon, lat, name) if lon is not None and lat is not None else _guessed(schema, name)
    )
    for column in columns:
        if not holds_numbers(schema.field(column).type):
            raise InvalidInput(
                f"{name}: column {column!r} holds {schema.field(column).type}, which is no coordinate; "
                "name another with --lon and --lat (lon= and lat=)"
            )
    return Place(_declared(crs, None, default_crs, name), columns=columns)


def _declared(crs: str | None, own: DeclaredCrs | None, default: str | None, name: str) -> DeclaredCrs:
    if crs is not None:
        return parse_crs(crs)
    if own is not None:
        return own
    if default is not None:
        return parse_crs(default)
    raise InvalidInput(
        f"{name} does not say what CRS its places are in; declare it with --crs (crs=): "
        "EPSG:4490 (CGCS2000), EPSG:4326 (WGS 84), GCJ-02, BD-09 or another EPSG code"
    )


def _named(schema: pa.Schema, lon: str, lat: str, name: str) -> tuple[str, str]:
    for column in (lon, lat):
        if schema.names.count(column) != 1:
            raise InvalidInput(f"{name} has no column {column!r}; it has {_listed(schema.names)}")
    return lon, lat


def _guessed(schema: pa.Schema, name: str) -> tuple[str, str]:
    found = match_columns(schema.names, ("lon", "lat")).of
    if len(found) < 2:
        raise InvalidInput(
            f"{name} has no columns that are surely longitude and latitude; name them with --lon and --lat "
            f"(lon= and lat=); it has {_listed(schema.names)}"
        )
    others = match_columns([n for n in schema.names if n not in found.values()], ("lon", "lat")).of
    if others:
        raise InvalidInput(
            f"{name} has several columns that could be longitude or latitude "
            f"({_listed([*found.values(), *others.values()])}); "
            "say which with --lon and --lat (lon= and lat=)"
        )
    return found["lon"], found["lat"]


def _listed(names: Sequence[str], most: int = 30) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
