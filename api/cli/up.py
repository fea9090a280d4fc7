"""``wangge up``: everything running, until Ctrl-C, and then nothing."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import Annotated

import typer

from api.cli.console import result, tell
from api.cli.serving import Address, listen, serve
from api.cli.signals import Interrupted, postponed, undisturbed
from geo import database
from geo.accounts import demo_links
from geo.settings import Settings
from geo.zones import find_zone


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
                greeting = _greeting(settings, address)
                serve(settings, sockets, address, announce=lambda: result(greeting))
            finally:
                undisturbed()
    except Interrupted:  # however it was told to
        tell("")
    tell("Stopped.")


def _settings(port: int | None, host: str | None, workers: int | None) -> Settings:
    """Options go before the environment; written back there, since worker processes read it."""
    given = {"PORT": port, "WANGGE_HOST": host, "WANGGE_WORKERS": workers}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    return Settings.from_environment()


def _prepare(settings: Settings, urls: database.DatabaseUrls, *, demo: bool) -> None:
    """Bring the tables up to date, and an empty database to life."""
    database.migrate(settings, tell)
    if demo and database.is_empty(urls):
        from geo.demo.load import load_demo  # noqa: PLC0415 - heavy, and needed once

        with database.committed_session(urls.owner) as session:
            load_demo(session, say=tell)


def _greeting(settings: Settings, address: Address) -> str:
    """Where it is, and how to get in."""
    links = [f"  {role:<14} {link}" for role, link in _links(settings, address)]
    invitation = ["Sign in as one of the demo's people (each link works once):", *links, ""] if links else []
    return "\n".join(["", f"Wangge is at {address.url}", "", *invitation, "Ctrl-C stops it."])


def _links(settings: Settings, address: Address) -> list[tuple[str, str]]:
    """Sign-in links of the demo's people; a real zone has none, and neither has a server others can reach."""
    with database.open_app_session(settings, "wangge up") as session:
        zone = find_zone(session)
        local = address.is_loopback or settings.server.local_networks
        if zone is None or not zone.is_demo or not local:
            return []
        return demo_links(session, address.url)
