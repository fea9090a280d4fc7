"""What a request for the chains of many points asks, and how much it may ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from geo.errors import InvalidInput
from geo.locate.chain import ChainLocator
from geo.streams.chain_columns import ChainColumns
from geo.streams.places import Place, find_place
from geo.streams.rows import TABLE_CRS


@dataclass(frozen=True)
class RequestLimits:
    """Upper bounds of one request.

    Attributes
    ----------
    rows
        Points.
    row_bytes
        Bytes of one line or one JSON item.
    batch_bytes
        Bytes of one Arrow batch.
    """

    rows: int = 10_000_000
    row_bytes: int = 1024 * 1024
    batch_bytes: int = 64 * 1024 * 1024

    def check_rows(self, rows: int) -> None:
        """Refuse more rows than are allowed.

        Raises
        ------
        InvalidInput
            There are.
        """
        if rows > self.rows:
            raise InvalidInput(
                f"more than {self.rows:,} rows in one request; send them in parts, or use `wangge geocode`"
            )


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes
    ----------
    lon, lat
        Names of the columns or members; found by their usual names when None.
    crs
        Of the coordinates; the storage CRS when None.
    encoding
        Of CSV.
    """

    chain: ChainLocator
    lon: str | None = None
    lat: str | None = None
    crs: str | None = None
    level: int | None = None
    prefix: str = ""
    encoding: str | None = None
    limits: RequestLimits = RequestLimits()

    @property
    def columns(self) -> ChainColumns:
        """What is added."""
        return ChainColumns.of(self.chain, level=self.level, prefix=self.prefix)

    def place(self, schema: pa.Schema, **more: Any) -> Place:
        """Where rows of a schema say they lie."""
        more = {"geometry": None, **more}
        return find_place(
            schema,
            lon=self.lon,
            lat=self.lat,
            crs=self.crs,
            default_crs=TABLE_CRS,
            name="the body",
            **more,
        )


class Answer(Protocol):
    """An answer on its way."""

    def blocks(self) -> Iterator[bytes]:
        """Pieces of the answer, as soon as there are some."""

    def failure(self, problem: dict[str, Any]) -> bytes:
        """What is written last when the rest cannot be answered any more."""


class Outlet:
    """A file for writers whose bytes are taken out again, block by block."""

    closed = False

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, block: Any) -> int:
        """Take bytes in."""
        self._blocks.append(bytes(block))
        return len(block)

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken, self._blocks = b"".join(self._blocks), []
        return taken

    def flush(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do: what was written can still be taken."""

    def writable(self) -> bool:
        """As files say it."""
        return True
