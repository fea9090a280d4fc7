"""``wangge init``: give a database its zone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import result, tell
from geo import database
from geo.importer.session import import_session
from geo.settings import Settings
from geo.zone_file import read_zone_file
from geo.zones import record_zone

ZoneFile = Annotated[Path, typer.Argument(metavar="ZONE.toml", show_default=False)]


def init(file: ZoneFile) -> None:
    """Give the database the zone of ZONE.toml, with its code lists; one database serves one zone."""
    settings = Settings.from_environment()
    zone_file = read_zone_file(file)
    with database.running_database(settings, "wangge init", tell) as urls:
        database.migrate(settings, tell)
        with import_session(urls.owner) as session:
            zone = record_zone(session, zone_file)
            session.commit()
    levels = ", ".join(label.en for label in zone.levels)
    result(
        f"The database serves {zone.name} ({zone.name_en}), prefix {zone.code_prefix}: levels {levels}; "
        f"stored in {zone.storage_crs}, measured in {zone.metric_crs}, clock of {zone.time_zone}."
    )
