"""The database as a whole: which one it is, having it run, and bringing it up to date.

Two kinds are served alike: the embedded PostGIS of the checkout (the default), or a PostGIS of the
user's, named by ``DATABASE_URL``, which we neither start nor stop.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput
from geo.settings import Settings
from geo.store import backup as store_backup
from geo.store.embedded import EmbeddedServer, ServerStatus
from geo.store.embedded.locks import Say
from geo.store.engine import make_engine, make_sessions, store_errors
from geo.store.migrate import upgrade_url
from geo.store.overview import schema_and_size

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DatabaseUrls:
    """One database as each of its roles: ``postgresql+psycopg2://…``.

    Attributes
    ----------
    owner
        Migrates, backs up and restores.
    app
        Serves requests; owns nothing.
    loader
        Imports by COPY.
    planner
        Reads aggregates and places for notebooks.
    """

    owner: str
    app: str
    loader: str
    planner: str


def database_urls(settings: Settings) -> DatabaseUrls:
    """Say where the database is, for each role; starts nothing.

    Raises
    ------
    InvalidInput
        ``DATABASE_URL`` or one of its companions is not the address of a PostgreSQL database.
    """
    given = settings.database
    if given.url is None:
        server = embedded_server(settings)
        return DatabaseUrls(*(server.url(role) for role in ("owner", "app", "loader", "planner")))
    return DatabaseUrls(
        owner=_checked("DATABASE_URL", given.url),
        app=_checked("DATABASE_APP_URL", given.app_url) or _acting_as("wangge_app", given.url),
        loader=_checked("DATABASE_LOADER_URL", given.loader_url) or _acting_as("wangge_loader", given.url),
        planner=_checked("DATABASE_PLANNER_URL", given.planner_url)
        or _acting_as("wangge_planner", given.url),
    )


def embedded_server(settings: Settings, say: Say = log.info) -> EmbeddedServer:
    """Give the checkout's own server, started or not.

    Raises
    ------
    Conflict
        ``DATABASE_URL`` names another database, which is not ours to start or stop.
    """
    if settings.database.url is not None:
        raise Conflict(
            "DATABASE_URL names a PostGIS of yours, which is not started or stopped from here; "
            "unset it to use the embedded one."
        )
    return EmbeddedServer(settings.paths.state_dir, say=say)


@contextmanager
def running_database(
    settings: Settings, purpose: str = "wangge", say: Say = log.info, *, watched: bool = False
) -> Iterator[DatabaseUrls]:
    """Have the database running inside the block and give its addresses.

    The embedded server is started if it does not run; whoever leaves last stops it again, unless
    ``wangge db start`` asked for it to be kept. ``watched``: should somebody kill it, it is started again.
    """
    with ExitStack() as stack:
        if settings.database.url is None:
            server = embedded_server(settings, say)
            stack.enter_context(server.in_use(purpose))
            if watched:
                stack.enter_context(server.kept_alive())
        yield database_urls(settings)


@contextmanager
def open_app_session(settings: Settings, purpose: str = "wangge", say: Say = log.info) -> Iterator[Session]:
    """Have the database running and up to date, and give a session as the application role.

    Committed when the block ends well, rolled back when it does not. A database named by ``DATABASE_URL``
    is not migrated unasked: that is what ``wangge db migrate`` and ``wangge up`` are for.
    """
    with running_database(settings, purpose, say) as urls:
        if settings.database.url is None:
            upgrade_url(urls.owner)
        with committed_session(urls.app) as session:
            yield session


@contextmanager
def committed_session(url: str) -> Iterator[Session]:
    """Give a session of its own, committed when the block ends well, rolled back when it does not."""
    engine = make_engine(url, pool_size=1)
    try:
        with store_errors(), make_sessions(engine).begin() as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def sole_server(settings: Settings, purpose: str) -> Iterator[None]:
    """Be the one process that serves this checkout inside the block.

    Raises
    ------
    Conflict
        On entering, when another process does; the message names it.
    """
    embedded = settings.database.url is None
    with embedded_server(settings).serving(purpose) if embedded else nullcontext():
        yield


def migrate(settings: Settings, say: Say = log.info) -> None:
    """Bring the schema to the newest version."""
    with running_database(settings, "wangge db migrate", say) as urls:
        upgrade_url(urls.owner)


def backup(settings: Settings, file: Path, say: Say = log.info) -> None:
    """Write the whole database to a file; see :func:`geo.store.backup.backup`."""
    with running_database(settings, "wangge db backup", say) as urls:
        store_backup.backup(urls.owner, file)


def restore(settings: Settings, file: Path, *, replace: bool, say: Say = log.info) -> None:
    """Put a backup in the place of the database; see :func:`geo.store.backup.restore`."""
    with running_database(settings, "wangge db restore", say) as urls:
        store_backup.restore(urls.owner, file, replace=replace)


def is_empty(urls: DatabaseUrls) -> bool:
    """Whether the migrated database holds nothing yet but its code lists."""
    return store_backup.is_empty(urls.owner)


def start(settings: Settings, say: Say = log.info) -> bool:
    """Start the embedded server and keep it running; False when it runs already."""
    return embedded_server(settings, say).keep()


def stop(settings: Settings, say: Say = log.info) -> bool:
    """Stop the embedded server; False when it does not run."""
    return embedded_server(settings, say).stop()


def status(settings: Settings) -> ServerStatus:
    """Look at the embedded server."""
    return embedded_server(settings).status()


def describe(settings: Settings) -> dict[str, str]:
    """Say in words which database it is, whether it answers, where it lies and how full it is."""
    if settings.database.url is not None:
        shown = make_url(database_urls(settings).owner).render_as_string(hide_password=True)
        return {"database": f"yours, from DATABASE_URL: {shown}"} | _contents(database_urls(settings).owner)
    now = status(settings)
    state = f"running (pid {now.pid})" if now.pid else "stopped" if now.made else "not made yet"
    kept = " until `wangge db stop`" if now.kept else ", in use" if now.used else ""
    places = {
        "database": state + (kept if now.pid else ""),
        "files": str(now.home),
        "socket": str(now.sockets),
    }
    return places | (_contents(database_urls(settings).owner) if now.pid else {})


def _contents(owner_url: str) -> dict[str, str]:
    version, size = schema_and_size(owner_url)
    return {"schema": version or "not migrated yet", "size": f"{size / 1e6:.0f} MB"}


def _acting_as(role: str, url: str) -> str:
    """Take the same login and let every connection act as another role.

    >>> _acting_as("wangge_app", "postgresql://me:pw@host/zone?sslmode=require")
    'postgresql+psycopg2://me:pw@host/zone?options=-crole%3Dwangge_app&sslmode=require'
    """
    address = make_url(_checked("DATABASE_URL", url))
    options = address.query.get("options", "")
    joined = " ".join([options] if isinstance(options, str) else options)
    address = address.update_query_dict({"options": f"{joined} -crole={role}".strip()})
    return address.render_as_string(hide_password=False)


def _checked(name: str, url: str | None) -> str:
    """Give the address with its driver written out; empty stays empty."""
    if not url:
        return ""
    try:
        address = make_url(url)
    except ArgumentError:
        raise InvalidInput(f"{name} is not an address: write postgresql://user@host:5432/database.") from None
    if address.get_backend_name() not in {"postgresql", "postgres"}:
        raise InvalidInput(
            f"{name} begins with {address.drivername!r}; only PostgreSQL with PostGIS serves: "
            "write postgresql://user@host:5432/database."
        )
    return address.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
