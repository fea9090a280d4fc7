"""``wangge crs-check``: whether the coordinates of a file fit the zone in the system declared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.console import result, tell
from api.cli.imports import EncodingOption, File, LayerOption, MapOption, read_options
from geo import database
from geo.crs_check import CrsCheck, check_crs
from geo.errors import InvalidInput
from geo.session import open_session
from geo.settings import Settings

DeclaredOption = Annotated[
    str | None,
    typer.Option(
        "--declared", "--crs", help="System to check: EPSG:n, GCJ-02, BD-09. Default: the file's own."
    ),
]
JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the verdict there; - for the terminal.")
]


def crs_check(
    file: File,
    declared: DeclaredOption = None,
    lon: Annotated[str | None, typer.Option(help="Column of longitude or x.")] = None,
    lat: Annotated[str | None, typer.Option(help="Column of latitude or y.")] = None,
    layer: LayerOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    json_: JsonOption = None,
) -> None:
    """Say whether a file looks as if it were in another reference system than declared.

    Its points, footprints or borders are held against the zone's buildings, neighbourhoods or borders in
    every system it could be in and at every shift up to 1.5 km. Nothing is corrected. Exit status: 0 it fits
    as declared, 1 it looks like another or cannot be told, 2 wrong usage.
    """
    said = [f"{name}={column}" for name, column in (("lon", lon), ("lat", lat)) if column is not None]
    options = read_options([*(map_ or []), *said], layer, declared, encoding)
    settings = Settings.from_environment()
    with database.running_database(settings, "wangge crs-check", tell), open_session(settings) as session:
        check = check_crs(session, file, options)
    if json_ is not None and str(json_) == "-":
        result(_json(check))
    else:
        if json_ is not None:
            _write(json_, _json(check) + "\n")
        _show(check)
    if not check.verdict.fits:
        raise typer.Exit(1)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"--json {path}: {error.strerror}; name a file that can be written") from error


def _json(check: CrsCheck) -> str:
    return json.dumps(check.as_dict(), ensure_ascii=False, indent=2, allow_nan=False)


def _show(check: CrsCheck) -> None:
    verdict, console = check.verdict, Console(soft_wrap=True)
    console.print(f"[bold]{escape(check.file_name)}[/bold]: {verdict.features:,} {verdict.kind}")
    for note in check.notes:
        console.print(f"  · {escape(note)}")
    if verdict.candidates:
        console.print(_tried(check))
    if verdict.shift_east_m is not None and verdict.shift_north_m is not None:
        error = f", ± {verdict.shift_error_m:.1f} m each" if verdict.shift_error_m is not None else ""
        console.print(
            f"As declared it lies {verdict.shift_east_m:+.1f} m east, {verdict.shift_north_m:+.1f} m north "
            f"of where it fits{error}."
        )
    if verdict.confidence:
        console.print(f"Confidence {_confidence(verdict.confidence)}: {verdict.meaning}.")
    console.print(f"[bold]{escape(verdict.reason)}[/bold]")


def _confidence(value: float) -> str:
    return "over 99.99 %" if value > 0.9999 else f"{value:.2%}"


def _tried(check: CrsCheck) -> Table:
    table = Table(title=f"held against {check.verdict.basis}", title_justify="left")
    table.add_column("read as")
    for heading in ("fit", "by chance", "declared lies east, m", "north, m"):
        table.add_column(heading, justify="right")
    for candidate in check.verdict.candidates:
        shift = [
            "" if metres is None else f"{metres:+,.0f}" for metres in (candidate.east_m, candidate.north_m)
        ]
        chance = "" if candidate.by_chance is None else f"{candidate.by_chance:.1%}"
        table.add_row(escape(candidate.system), f"{candidate.fit:.1%}", chance, *shift)
    return table
