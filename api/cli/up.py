"""``wangge up``: everything running, until Ctrl-C, and then nothing."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Annotated

import typer

from api.cli.console import tell
from api.cli.serving import Address, listen, serve
from api.cli.signals import Interrupted, postponed, undisturbed
from geo import database
from geo.settings import Settings


def up(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: PORT, or 8000.")] = None,
    host: Annotated[
        str | None, typer.Option(help="Where to listen; other than loopback at your risk.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that answer requests.")
    ] = None,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Leave an empty database empty.")] = False,
) -> None:
    """Start the database and the web server; load the demo zone into an empty database."""
    settings = _settings(port, host, workers)
    address = Address(settings.server.host, settings.server.port)
    purpose = f"wangge up on {address.url}"
    try:
        with ExitStack() as stack:
            stack.enter_context(database.sole_server(settings, purpose))
            sockets = stack.enter_context(listen(address))
            with postponed():
                running = database.running_database(settings, purpose, tell, watched=True)
                urls = stack.enter_context(running)
            try:
                _prepare(settings, urls, demo=not no_demo)
                serve(settings, sockets, address, announce=lambda: _announce(settings, address))
            finally:
                undisturbed()
    except Interrupted:
        tell("\nStopped.")


def _settings(port: int | None, host: str | None, workers: int | None) -> Settings:
    """Options go before the environment; written back there, since worker processes read it."""
    given = {"PORT": port, "WANGGE_HOST": host, "WANGGE_WORKERS": workers}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    return Settings.from_environment()


def _prepare(settings: Settings, urls: database.DatabaseUrls, *, demo: bool) -> None:
    del demo
    database.migrate(settings, tell)
    database.is_empty(urls)


def _announce(settings: Settings, address: Address) -> None:
    del settings
    tell(f"\n  {address.url}\n\nCtrl-C stops it.")
