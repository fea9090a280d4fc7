"""``wangge import``: bring files in, after a report; nothing is written without --commit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from api.cli.console import Commands, tell
from api.cli.reports import show
from geo import database
from geo.boundaries.read import ReadOptions
from geo.errors import InvalidInput
from geo.importer.basemap import import_basemap
from geo.importer.buildings import import_buildings
from geo.importer.grids import GridImport, import_grids
from geo.importer.incidents import IncidentImport, import_incidents
from geo.importer.neighbourhoods import import_neighbourhoods
from geo.importer.report import ImportReport
from geo.importer.report_files import write_report
from geo.importer.session import import_session
from geo.roster import RosterImport, import_people, import_places
from geo.roster.importing import DEFAULT_CRS
from geo.settings import Settings
from geo.zones import get_zone

commands = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Bring files in. Without --commit it only reports; with it, it writes everything or nothing.",
)

File = Annotated[str, typer.Argument(metavar="FILE", show_default=False)]
LayerOption = Annotated[str | None, typer.Option(help="Layer of a file that has several.")]
CrsOption = Annotated[
    str | None, typer.Option(help="CRS of the coordinates: EPSG:n, GCJ-02, BD-09. Default: the file's own.")
]
EncodingOption = Annotated[
    str | None, typer.Option(help="Encoding of the text: UTF-8, GB18030, Big5. Default: found with evidence.")
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="Column that holds a field; may be given several times."
    ),
]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write report.json, faults.csv and faults.gpkg there.")
]
CommitOption = Annotated[bool, typer.Option("--commit", help="Write it, if nothing is wrong.")]
Day = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day in force. Default: today.")
]


@commands.command()
def grids(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    level: Annotated[int, typer.Option(help="Level: 1 coarse to 3 fine.", min=1, max=3, show_default=False)],
    layer: LayerOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    tolerance: Annotated[
        float, typer.Option(help="How far a grid may reach beyond its parent, metres.", min=0)
    ] = 1.0,
    dissolve: Annotated[
        bool, typer.Option("--dissolve", help="Unite features of the same code, name and parent.")
    ] = False,
    from_: Day = None,
    title: Annotated[str | None, typer.Option(help="What the release is called.")] = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import one level of grids: columns code, name, parent_code, kind."""
    options = GridImport(
        level=level,
        in_force_from=from_.date() if from_ else None,
        title=title,
        tolerance_m=tolerance,
        unite=dissolve,
        read=read_options(map_, layer, crs, encoding),
    )
    run(lambda session: import_grids(session, file, options, commit=commit), report)


@commands.command()
def buildings(
    file: File,
    layer: LayerOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import footprints: columns code, name, kind, households, floors, built_year, address, neighbourhood."""
    options = read_options(map_, layer, crs, encoding)
    run(lambda session: import_buildings(session, file, options, commit=commit), report)


@commands.command()
def neighbourhoods(
    file: File,
    layer: LayerOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import residential quarters and villager groups: columns name, code, kind, parent_code (their grid)."""
    options = read_options(map_, layer, crs, encoding)
    run(lambda session: import_neighbourhoods(session, file, options, commit=commit), report)


@commands.command()
def basemap(
    file: File,
    layer: LayerOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    role: Annotated[
        str | None,
        typer.Option(help="All of the file is roads, water or land_use. Default: by tags or kinds."),
    ] = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import roads, water and land use from an OSM extract or any vector file, in place of the present."""
    options = read_options(map_, layer, crs, encoding)
    run(lambda session: import_basemap(session, file, options, role=role, commit=commit), report)


@commands.command()
def incidents(  # noqa: PLR0913, PLR0917 - the options of a command
    file: File,
    layer: LayerOption = None,
    crs: CrsOption = None,
    encoding: EncodingOption = None,
    map_: MapOption = None,
    register: Annotated[
        str | None, typer.Option(help="Register the ids belong to. Default: the file's name.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="CODE", help="Category of rows that have none, or one on no list.")
    ] = None,
    add_categories: Annotated[
        str | None, typer.Option(metavar="KIND", help="Add categories on no list under this service kind.")
    ] = None,
    source: Annotated[str, typer.Option(metavar="CODE", help="Source of rows that have none.")] = "import",
    state: Annotated[str, typer.Option(metavar="CODE", help="State of rows that have none.")] = "reported",
    time_format: Annotated[
        str | None, typer.Option(help="strptime pattern of times that are not written year first.")
    ] = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import a register: columns id, time, category, source, state, description, address, lon, lat."""
    options = IncidentImport(
        register=register,
        category=category,
        add_categories=add_categories,
        source=source,
        state=state,
        time_format=time_format,
        read=read_options(map_, layer, crs, encoding, SHORT),
    )
    run(lambda s: import_incidents(s, file, options, commit=commit, progress=say_progress()), report)


@commands.command()
def people(
    file: File,
    crs: CrsOption = None,
    report: ReportOption = None,
    commit: CommitOption = False,
) -> None:
    """Import the roster: a workbook of people, posts, places, rota and record; see wangge template."""
    options = RosterImport(crs=crs or DEFAULT_CRS)
    run(lambda session: import_people(session, file, options, commit=commit), report)


def _places(subject: str, what: str) -> None:
    """Add the command that imports one kind of places."""

    @commands.command(
        subject, help=f"Import {what}: the columns of the workbook from any vector file or CSV."
    )
    def places(
        file: File,
        layer: LayerOption = None,
        crs: CrsOption = None,
        encoding: EncodingOption = None,
        map_: MapOption = None,
        report: ReportOption = None,
        commit: CommitOption = False,
    ) -> None:
        options = read_options(map_, layer, crs, encoding)
        run(lambda session: import_places(session, subject, file, options, commit=commit), report)


_places("sites", "service sites")
_places("cameras", "cameras")
_places("teams", "teams")
_places("party-orgs", "party organisations")


def say_progress(every: int = 250_000) -> Callable[[int], None]:
    """Tell the terminal from time to time how many rows are done."""
    told = 0

    def say(rows: int) -> None:
        nonlocal told
        if rows - told >= every:
            told = rows
            tell(f"{rows:,} rows …")

    return say


#: Short names for fields of incidents on the command line.
SHORT = {"id": "external_id", "time": "reported_at"}


def read_options(
    pairs: list[str] | None,
    layer: str | None,
    crs: str | None,
    encoding: str | None,
    short: Mapping[str, str] | None = None,
) -> ReadOptions:
    """Options of reading a file, from the command line.

    Raises
    ------
    InvalidInput
        A ``--map`` is not FIELD=COLUMN.
    """
    mapping = {}
    for pair in pairs or []:
        name, sign, column = pair.partition("=")
        if not (name and sign and column):
            raise InvalidInput(f"--map {pair!r} is not FIELD=COLUMN; write --map code=BM, for example")
        mapping[(short or {}).get(name.strip(), name.strip())] = column.strip()
    return ReadOptions(layer=layer, crs=crs, encoding=encoding, mapping=mapping)


def run(work: Callable[[Session], ImportReport], folder: Path | None) -> None:
    """Do an import as the loader, commit what it wrote, show and keep its report."""
    settings = Settings.from_environment()
    began = time.monotonic()
    with (
        database.running_database(settings, "wangge import", tell) as urls,
        import_session(urls.loader) as session,
    ):
        report = work(session)
        crs = get_zone(session).storage_crs
        if report.is_written:
            session.commit()
    show(report, time.monotonic() - began)
    if folder is not None:
        written = write_report(report, folder, crs=crs)
        tell(f"The report is in {folder}: {', '.join(path.name for path in written)}.")
    if not report.is_clean:
        raise typer.Exit(1)
