"""The one place where rows get their grid chain: files, requests, frames and clusters all call it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.crs import DeclaredCrs, parse_crs, to_storage_xy
from geo.errors import InvalidInput
from geo.locate.chain import ChainLocator
from geo.streams.numbers import Floats, Reasons
from geo.streams.places import Place
from geo.streams.reasons import BROKEN, Reason, Status
from geo.streams.rows import Rows

_CODE = pa.dictionary(pa.int32(), pa.string())
_WORD = pa.dictionary(pa.int8(), pa.string())
_STATUSES = pa.array([status.word for status in Status])
_REASONS = pa.array([reason.words for reason in Reason])


@dataclass(frozen=True)
class ChainColumns:
    """The columns that are added to rows: which, under which names, with which codes.

    Attributes
    ----------
    chain
        The index that is asked.
    levels
        Whose codes are added.
    prefix
        What their names begin with: ``{prefix}grid1_code``.
    """

    chain: ChainLocator
    levels: tuple[int, ...]
    prefix: str = ""
    _codes: dict[str, pa.Array] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, chain: ChainLocator, *, level: int | None = None, prefix: str = "") -> ChainColumns:
        """Columns of all levels or of one, and of the building.

        Raises
        ------
        InvalidInput
            The index has no such level, or none at all.
        """
        if not chain.levels:
            raise InvalidInput("no grids are in force on that day; import them first, or ask for another day")
        if level is not None and level not in chain.levels:
            raise InvalidInput(f"level {level} has no grids; there are {', '.join(map(str, chain.levels))}")
        levels = tuple(chain.levels) if level is None else (level,)
        codes = {f"grid{n}": _dictionary(chain.codes[n]) for n in levels}
        return cls(chain, levels, prefix, codes | {"building": _dictionary(chain.building_codes)})

    @property
    def fields(self) -> list[pa.Field]:
        """What is added, in this order."""
        codes = [pa.field(f"{self.prefix}{name}_code", _CODE) for name in self._codes]
        return [*codes, *(pa.field(f"{self.prefix}place_{word}", _WORD) for word in ("status", "reason"))]

    def check_free(self, names: list[str]) -> None:
        """Refuse to add a column that is there already.

        Raises
        ------
        InvalidInput
            One is.
        """
        taken = [one.name for one in self.fields if one.name in names]
        if taken:
            raise InvalidInput(
                f"there are columns {', '.join(taken)} already; give the new ones other names with a prefix "
                "(--prefix new_, or prefix=new_ in a request)"
            )

    def schema(self, before: pa.Schema) -> pa.Schema:
        """A schema with the columns added.

        Raises
        ------
        InvalidInput
            A name is taken.
        """
        self.check_free(before.names)
        kept = [one for one in before if one.name != BROKEN]
        return pa.schema([*kept, *self.fields], metadata=before.metadata)

    def find(self, x: Floats, y: Floats, reasons: Reasons, crs: DeclaredCrs) -> list[pa.Array]:
        """The arrays of :attr:`fields` for places."""
        lon, lat, reasons = _stored(x, y, reasons, crs, self.chain.crs)
        found = self.chain.locate(lon=lon, lat=lat)
        rows = {f"grid{level}": found.grids[level] for level in self.levels} | {"building": found.buildings}
        inside = np.zeros(len(lon), dtype=bool)
        for level in self.levels:
            inside |= found.grids[level] >= 0
        status = np.where(inside, np.int8(Status.INSIDE), np.int8(Status.OUTSIDE))
        nowhere = reasons != Reason.NONE
        status[nowhere] = Status.NO_COORDINATES
        status[reasons == Reason.NULL_ISLAND] = Status.NULL_ISLAND
        codes = [_picked(self._codes[name], positions) for name, positions in rows.items()]
        return [*codes, _worded(_STATUSES, status), _worded(_REASONS, reasons, nowhere)]


def add_chain(batch: pa.RecordBatch, columns: ChainColumns, place: Place) -> pa.RecordBatch:
    """Add its grid chain to each row; the rows' own columns stay as they are.

    Parameters
    ----------
    place
        Where the rows say they lie, and in which CRS.

    Returns
    -------
    pyarrow.RecordBatch
        ``grid1_code`` … of every level, ``building_code`` (null for none), ``place_status`` (inside, outside,
        no_coordinates, null_island) and ``place_reason`` (null, or why a row has no place) at the end.

    Raises
    ------
    InvalidInput
        A name of a new column is taken.
    """
    schema = columns.schema(batch.schema)
    kept = [batch.column(i) for i, name in enumerate(batch.schema.names) if name != BROKEN]
    return pa.RecordBatch.from_arrays([*kept, *columns.find(*place.read(batch), place.crs)], schema=schema)


@dataclass
class Tally:
    """How many rows there were, and what became of them."""

    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch that :func:`add_chain` gave."""
        self.rows += batch.num_rows
        status, reason = batch.column(batch.num_columns - 2), batch.column(batch.num_columns - 1)
        counts = np.bincount(status.indices.to_numpy(), minlength=len(Status))
        self.statuses.update({s.word: int(counts[s]) for s in Status if counts[s]})
        if reason.null_count < len(reason):
            counts = np.bincount(reason.indices.drop_null().to_numpy(), minlength=len(Reason))
            self.reasons.update({r.words: int(counts[r]) for r in Reason if counts[r]})

    def merge(self, other: dict[str, Any]) -> None:
        """Add what :meth:`facts` said elsewhere."""
        self.rows += int(other["rows"])
        self.statuses.update(other["place_status"])
        self.reasons.update(other["place_reason"])

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "rows": self.rows,
            "place_status": dict(self.statuses),
            "place_reason": dict(self.reasons),
        }


def with_chain(rows: Rows, columns: ChainColumns, place: Place, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Batches of rows with their grid chain, counted as they come."""
    for batch in rows.batches:
        located = add_chain(batch, columns, place)
        tally.add(located)
        yield located


def _stored(
    x: Floats, y: Floats, reasons: Reasons, crs: DeclaredCrs, storage_crs: str
) -> tuple[Floats, Floats, Reasons]:
    """Places in the index's CRS, NaN where there is none, and why."""
    reasons = reasons.copy()
    open_ones = reasons == Reason.NONE
    reasons[open_ones & (x == 0) & (y == 0)] = Reason.NULL_ISLAND
    if crs.is_degrees:
        off = open_ones & ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
        if off.any():
            swapped = (np.abs(x) <= 90) & (np.abs(y) <= 180)
            reasons[off] = np.where(swapped[off], Reason.SWAPPED, Reason.NOT_ON_EARTH)
    placed = reasons == Reason.NONE
    if not placed.all():
        x, y = np.where(placed, x, np.nan), np.where(placed, y, np.nan)
    lon, lat = to_storage_xy(x, y, crs=crs, storage_crs=storage_crs)
    if lon is not x:
        reasons[placed & ~(np.isfinite(lon) & np.isfinite(lat))] = Reason.NOT_TRANSFORMED
        if parse_crs(storage_crs).is_degrees:
            off = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
            reasons[off & (reasons == Reason.NONE)] = Reason.NOT_ON_EARTH
            lon, lat = np.where(off, np.nan, lon), np.where(off, np.nan, lat)
    return lon, lat, reasons


def _dictionary(codes: NDArray[np.object_]) -> pa.Array:
    return pa.array(codes, pa.string())


def _picked(codes: pa.Array, rows: NDArray[np.int32]) -> pa.DictionaryArray:
    """Codes of rows as a dictionary array; null for -1."""
    return pa.DictionaryArray.from_arrays(_indices(rows, rows >= 0), codes, safe=False)


def _worded(words: pa.Array, numbers: NDArray[np.int8], held: NDArray[np.bool_] | None = None) -> pa.Array:
    numbers = np.ascontiguousarray(numbers, dtype=np.int8)
    return pa.DictionaryArray.from_arrays(_indices(numbers, held), words, safe=False)


def _indices(numbers: NDArray[Any], held: NDArray[np.bool_] | None) -> pa.Array:
    mask = None if held is None or held.all() else pa.py_buffer(np.packbits(held, bitorder="little"))
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(numbers.dtype), len(numbers), [mask, pa.py_buffer(np.ascontiguousarray(numbers))]
    )
