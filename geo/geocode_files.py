"""Files of points in, the same files with the grid chain of every row out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from geo.errors import InvalidInput
from geo.locate.chain import ChainLocator
from geo.streams.ahead import ahead
from geo.streams.chain_columns import ChainColumns, Tally, with_chain
from geo.streams.formats import form_of
from geo.streams.places import Place, find_place
from geo.streams.readers import open_rows
from geo.streams.rows import Rows
from geo.streams.shapes import Drawn
from geo.streams.whole_file import check_free, whole_file
from geo.streams.writers import write_rows

#: Told the rows done and, where it can be known, the share of all.
Progress = Callable[[int, float | None], None]


@dataclass(frozen=True)
class FileOptions:
    """How a file is to be read and what is to be added.

    Attributes
    ----------
    lon, lat
        Columns of coordinates; the geometry, or columns known by their headings, when None.
    crs
        CRS of the coordinates; the file's own when None.
    encoding, layer
        Of CSV and of GeoPackage.
    level
        The one level whose codes are added; all when None.
    prefix
        What the names of the new columns begin with.
    """

    lon: str | None = None
    lat: str | None = None
    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    level: int | None = None
    prefix: str = ""

    def place_in(self, rows: Rows) -> Place:
        """Where these rows say they lie: see :func:`geo.streams.places.find_place`."""
        return find_place(
            rows.schema,
            rows.geometry,
            lon=self.lon,
            lat=self.lat,
            crs=self.crs,
            default_crs=rows.table_crs,
            name=rows.name,
        )


@dataclass
class FileSummary:
    """What was done with a file.

    Attributes
    ----------
    place
        Where the rows' places were read from, in words.
    notes
        What a person should know of how it was read.
    """

    place: str
    notes: tuple[str, ...]
    tally: Tally = field(default_factory=Tally)


def geocode_file(
    source: str | Path,
    target: str | Path,
    chain: ChainLocator,
    options: FileOptions | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> FileSummary:
    """Add the grid chain to every row of a file.

    Rows stay in their order, their columns as they are; memory does not grow with the file. The target
    appears whole or not at all. Rows without a usable place are kept and say why.

    Parameters
    ----------
    source, target
        CSV (also ``.gz``), GeoJSON, GeoJSON lines, NDJSON, Parquet and GeoParquet, GeoPackage, Arrow and
        Feather, by suffix; any of them into any.
    force
        Whether an existing target may be replaced.

    Raises
    ------
    InvalidFile
        The source cannot be read, or the target cannot be written.
    InvalidInput
        An option does not fit the file, a new column's name is taken, or the target is the source.
    """
    source, target, options = Path(source), Path(target), options or FileOptions()
    form_of(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise InvalidInput(f"{target} is the file that is read; name another one to write to")
    target = target.resolve()
    check_free(target, force=force)
    columns = ChainColumns.of(chain, level=options.level, prefix=options.prefix)
    with open_rows(source, encoding=options.encoding, layer=options.layer) as rows:
        place = options.place_in(rows)
        summary = FileSummary(place.described, rows.notes)

        def located() -> Iterator[pa.RecordBatch]:
            for batch in with_chain(rows, columns, place, summary.tally):
                if progress is not None:
                    progress(summary.tally.rows, rows.share_done(summary.tally.rows))
                yield batch

        schema = columns.schema(rows.schema)
        with whole_file(target, force=force) as draft:
            write_rows(draft, schema, ahead(located()), Drawn(rows.geometry, place, chain.crs))
    return summary
