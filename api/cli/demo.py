"""``wangge demo``: the demo zone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli.console import result, tell
from geo import database
from geo.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="The demo zone: true names, invented ground and incidents.")

Today = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Last day of the two years of incidents; default: today."),
]


@commands.callback()
def _demo() -> None:
    """The demo zone: true names, invented ground and incidents."""


@commands.command("load")
def load(
    seed: Annotated[int, typer.Option(min=0, help="Chooses the place.")] = 20260301,
    today: Today = None,
    incidents: Annotated[int, typer.Option(help="500 to 2,000,000.")] = 20_000,
    buildings: Annotated[int, typer.Option(help="1,000 to 20,000; fewer thin them out.")] = 20_000,
) -> None:
    """Load the demo zone into an empty database, all or nothing."""
    from geo.demo.load import load_demo  # noqa: PLC0415 - heavy, and needed by this command only

    settings = Settings.from_environment()
    with database.running_database(settings, "wangge demo load", tell) as urls:
        database.migrate(settings, tell)
        with database.committed_session(urls.owner) as session:
            written = load_demo(
                session,
                seed=seed,
                today=today.date() if today else None,
                incidents=incidents,
                buildings=buildings,
                say=tell,
            )
    rows = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in written.items())
    result(f"The demo zone is loaded: {rows}.")
