"""``wangge geocode``: a file of points in, the same file with the grid chain of every row out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.cli.console import tell
from geo import database
from geo.errors import InvalidInput
from geo.geocode_files import FileOptions, geocode_file
from geo.geocode_files import Progress as Told
from geo.geocode_parts import geocode_parts
from geo.ground import chain_locator
from geo.importer.session import import_session
from geo.locate.chain import ChainLocator
from geo.settings import Settings
from geo.streams.chain_columns import Tally


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    DASK = "dask"


Source = Annotated[str, typer.Argument(metavar="IN", show_default=False)]
Target = Annotated[str, typer.Argument(metavar="OUT", show_default=False)]


def geocode(  # noqa: PLR0913, PLR0917 - the options of a command
    source: Source,
    target: Target,
    lon: Annotated[str | None, typer.Option(metavar="COL", help="Column of longitude or easting.")] = None,
    lat: Annotated[str | None, typer.Option(metavar="COL", help="Column of latitude or northing.")] = None,
    crs: Annotated[
        str | None,
        typer.Option(help="CRS of the coordinates: EPSG:n, GCJ-02, BD-09. Default: the file's own."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day the partition is asked for. Default: today."),
    ] = None,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="Add the codes of one level only: 1 coarse to 3 fine.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="Put before the names of the new columns.")] = "",
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of CSV: UTF-8, GB18030, Big5. Default: found with evidence.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of a GeoPackage that has several.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace OUT if it exists.")] = False,
    engine: Annotated[
        Engine, typer.Option(help="dask: partitioned Parquet (a folder or a pattern) on a cluster.")
    ] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Of a Dask cluster. Default: one on this machine.")
    ] = None,
) -> None:
    """Add the codes of the grids and the building that hold each row's place.

    CSV (.gz), GeoJSON, GeoJSON lines, NDJSON, Parquet, GeoParquet, GeoPackage, Arrow and Feather, by suffix,
    any into any. Rows keep their order and columns; those without a usable place say why.
    """
    options = FileOptions(lon, lat, crs, encoding, layer, level, prefix)
    if scheduler is not None and engine is not Engine.DASK:
        raise InvalidInput("--scheduler is for --engine dask; say that too")
    if force and engine is Engine.DASK:
        raise InvalidInput("--force is for single files; parts are kept or refused: name an empty folder")
    chain = _chain(as_of.date() if as_of else None)
    began = time.monotonic()
    notes: tuple[str, ...] = ()
    with _bar() as progress:
        if engine is Engine.DASK:
            tally = geocode_parts(source, target, chain, options, scheduler=scheduler, progress=progress)
        else:
            summary = geocode_file(source, target, chain, options, force=force, progress=progress)
            tally, notes = summary.tally, (summary.place, *summary.notes)
    _show(target, tally, notes, time.monotonic() - began)


def _chain(day: date | None) -> ChainLocator:
    settings = Settings.from_environment()
    with (
        database.running_database(settings, "wangge geocode", tell) as urls,
        import_session(urls.app) as session,
    ):
        return chain_locator(session, day)


@contextmanager
def _bar() -> Iterator[Told]:
    """A progress bar on the terminal; nothing where there is none."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.fields[rows]} rows"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]} rows/s"),
        TimeRemainingColumn(),
    )
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, rows="0", rate="–")

        def told(rows: int, share: float | None) -> None:
            rate = rows / max(time.monotonic() - began, 1e-3)
            total = None if share is None else 1.0
            bar.update(task, completed=share or 0.0, total=total, rows=f"{rows:,}", rate=f"{rate:,.0f}")

        yield told


def _show(target: str, tally: Tally, notes: tuple[str, ...], seconds: float) -> None:
    console = Console(soft_wrap=False)
    for note in notes:
        console.print(f"  · {escape(note)}")
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("rows", f"{tally.rows:,}")
    for status, count in tally.statuses.most_common():
        table.add_row(status, f"{count:,}")
    for reason, count in tally.reasons.most_common():
        table.add_row(f"  {reason}", f"{count:,}")
    console.print(table)
    rate = tally.rows / max(seconds, 1e-3)
    console.print(f"[bold]Written: {escape(target)}[/bold] in {seconds:.1f} s, {rate:,.0f} rows/s")
