"""``wangge db``: the database as a whole."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import Commands, result, tell
from api.cli.signals import Interrupted, interruptible, postponed
from geo import database
from geo.settings import Settings

commands = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Start, stop, look at, save and restore the database."
)

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


class RoleName(StrEnum):
    """As whom to reach the database."""

    owner = "owner"
    app = "app"
    loader = "loader"
    planner = "planner"


@commands.command()
def start() -> None:
    """Start the embedded PostGIS and keep it running until `wangge db stop`."""
    settings = Settings.from_environment()
    begun = database.start(settings, tell)
    pid = database.status(settings).pid
    tell(f"The database {'is started' if begun else 'was running already'} (pid {pid}).")


@commands.command()
def run() -> None:
    """Run the embedded PostGIS until told to stop, as a container or a service manager wants it."""
    try:
        with (
            postponed(),
            database.running_database(Settings.from_environment(), "wangge db run", tell, watched=True),
        ):
            tell("The database is running.")
            with interruptible():
                while True:
                    time.sleep(1)
    except Interrupted:
        tell("The database is stopped.")


@commands.command()
def stop() -> None:
    """Stop the embedded PostGIS."""
    stopped = database.stop(Settings.from_environment(), tell)
    tell("The database is stopped." if stopped else "The database was not running.")


@commands.command()
def status() -> None:
    """Say whether the database runs, where its files are and how full it is."""
    for name, value in database.describe(Settings.from_environment()).items():
        result(f"{name + ':':<10} {value}")


@commands.command()
def url(role: Annotated[RoleName, typer.Option(help="As whom.")] = RoleName.owner) -> None:
    """Print the database's address, for psql, QGIS or GDAL; it has to be running for them."""
    urls = database.database_urls(Settings.from_environment())
    result(getattr(urls, role.value).replace("postgresql+psycopg2:", "postgresql:", 1))


@commands.command()
def migrate() -> None:
    """Bring the tables to the present version of this program."""
    database.migrate(Settings.from_environment(), tell)
    tell("The database has the present schema.")


@commands.command()
def backup(file: File) -> None:
    """Save the whole database to FILE while it goes on working."""
    tell("Saving the database …")
    database.backup(Settings.from_environment(), file, tell)
    tell(f"Saved to {file} ({file.stat().st_size / 1e6:.1f} MB). It holds personal data: keep it safe.")


@commands.command()
def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Give up what the database holds now.")] = False,
) -> None:
    """Put a backup in the place of the database; a file that does not work changes nothing."""
    tell("Restoring …")
    database.restore(Settings.from_environment(), file, replace=replace, say=tell)
    tell(f"The database is as it was saved in {file}.")
