"""A whole database into one file, and back.

A backup is PostgreSQL's own custom format: any ``pg_restore`` reads it. It is taken in one snapshot
while the system works, and carries the schema version along. A restore happens beside the present
database and takes its place only when it has succeeded.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, exists, inspect, make_url, select, text

from geo.errors import Conflict, InvalidFile, InvalidInput, StoreUnavailable
from geo.store.embedded.account import clean_environment
from geo.store.embedded.programs import get_programs
from geo.store.engine import make_engine, store_errors
from geo.store.migrate import upgrade_url
from geo.store.roles import ensure_roles
from geo.store.tables import Base, GroundChange
from geo.store.tables.base import CodeList

FRESH, FORMER = "_restoring", "_replaced"
#: A connection that was just closed may still be seen for a moment.
CLOSING_S = 3.0


def backup(owner_url: str, file: Path) -> None:
    """Write the database to a file, which appears only when it is complete; readable by its owner alone.

    Raises
    ------
    InvalidInput
        The directory of ``file`` does not exist or cannot be written to.
    StoreUnavailable
        The database does not answer, or the dump failed (a full disk, for example).
    """
    if file.is_dir():
        raise InvalidInput(f"{file} is a directory; name the file to be written in it.")
    if not file.parent.is_dir() or not os.access(file.parent, os.W_OK):
        raise InvalidInput(f"{file.parent} is no directory that can be written to; make it first.")
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".unfinished", dir=file.parent)
    draft = Path(name)
    try:
        _program(owner_url, "pg_dump", ["--format=custom", f"--file={draft}"])
        os.fsync(handle)
        draft.replace(file)
    finally:
        os.close(handle)
        draft.unlink(missing_ok=True)


def restore(owner_url: str, file: Path, *, replace: bool = False) -> None:
    """Put a backup in the place of the present database, and bring it to the present schema.

    Parameters
    ----------
    owner_url
        The database to be replaced. Its login must be allowed to create databases.
    file
        What :func:`backup` wrote, by this or an earlier version.
    replace
        Whether a database that holds anything may be given up.

    Raises
    ------
    InvalidFile
        Not a backup, damaged, or made by a newer version. Nothing was changed.
    Conflict
        The database is not empty and ``replace`` is false, or others are connected. Nothing was changed.
    """
    _check_file(owner_url, file)
    if not replace and not is_empty(owner_url):
        raise Conflict(
            "The database is not empty; give --replace to put the backup in its place "
            "(`wangge db backup FILE` saves it first)."
        )
    present = make_url(owner_url).database or ""
    with _administrator(owner_url) as admin:
        _check_alone(admin, present)
        _fill(admin, owner_url, file, present + FRESH)
        _swap(admin, present)


def is_empty(owner_url: str) -> bool:
    """Whether nothing but what the migrations write is there: code lists, the first mark of the ground."""
    with _engine(owner_url) as engine, store_errors(), engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        own = [m.class_ for m in Base.registry.mappers if not issubclass(m.class_, (CodeList, GroundChange))]
        filled = (select(exists(select(entity))) for entity in own if entity.__tablename__ in there)
        return not any(connection.scalar(query) for query in filled)


def _check_file(owner_url: str, file: Path) -> None:
    if not file.is_file():
        raise InvalidFile(f"{file}: no such file.")
    try:
        _program(owner_url, "pg_restore", ["--list", str(file)], connect=False)
    except StoreUnavailable as error:
        raise InvalidFile(f"{file} is not a backup of `wangge db backup`: {error}") from None


def _fill(admin: Connection, owner_url: str, file: Path, name: str) -> None:
    """Restore into a database beside the present one; it is dropped again if that fails."""
    url = make_url(owner_url).set(database=name).render_as_string(hide_password=False)
    _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run(admin, "CREATE DATABASE {} TEMPLATE template0", name)
    try:
        ensure_roles(admin)
        _restore_into(url, file)
    except BaseException:
        _run(admin, "DROP DATABASE {} WITH (FORCE)", name)
        raise


def _restore_into(url: str, file: Path) -> None:
    try:
        _program(
            url, "pg_restore", ["--exit-on-error", "--no-owner", f"--jobs={os.cpu_count() or 1}", str(file)]
        )
        with _engine(url) as engine, engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                raise InvalidFile(f"{file} is a dump of another database: it has no schema version of ours.")
        upgrade_url(url)
    except StoreUnavailable as error:
        raise InvalidFile(f"{file} cannot be restored, nothing was changed: {error}") from None
    except CommandError as error:
        raise InvalidFile(
            f"{file} was made by another, probably newer version of this program ({error}); "
            "update the program first. Nothing was changed."
        ) from None


def _swap(admin: Connection, present: str) -> None:
    fresh, former = present + FRESH, present + FORMER
    _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", former)
    _check_alone(admin, present)
    _run(admin, "ALTER DATABASE {} RENAME TO {}", present, former)
    try:
        _run(admin, "ALTER DATABASE {} RENAME TO {}", fresh, present)
    except BaseException:
        _run(admin, "ALTER DATABASE {} RENAME TO {}", former, present)
        raise
    _run(admin, "DROP DATABASE {} WITH (FORCE)", former)


def _check_alone(admin: Connection, database: str) -> None:
    # PostgreSQL moves its own workers (autovacuum) out of the way by itself.
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND backend_type = 'client backend'"
    )
    deadline = time.monotonic() + CLOSING_S
    while (others := admin.scalar(query, {"name": database})) and time.monotonic() < deadline:
        time.sleep(0.1)
    if others:
        raise Conflict(
            f"{others} connection(s) to database {database!r} are open; stop what uses it "
            "(`wangge up`, notebooks) and try again. Nothing was changed."
        )


def _run(admin: Connection, statement: str, *names: str) -> None:
    quote = admin.dialect.identifier_preparer.quote_identifier
    admin.execute(text(statement.format(*map(quote, names))))


@contextmanager
def _engine(url: str | URL) -> Iterator[Engine]:
    address = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    engine = make_engine(address, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _administrator(owner_url: str) -> Iterator[Connection]:
    """Connect outside the database in question, each statement for itself."""
    with (
        _engine(make_url(owner_url).set(database="postgres")) as engine,
        store_errors(),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        yield connection


def _program(url: str, name: str, arguments: Sequence[str], *, connect: bool = True) -> None:
    """Run one of PostgreSQL's client programs on a database; a password goes by the environment, unseen."""
    address = make_url(url)
    environment = clean_environment()
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    target = address.set(drivername="postgresql", password=None).render_as_string()
    options = ["--dbname", target] if connect else []
    result = subprocess.run(  # noqa: S603 - our own argument list, no shell
        [get_programs(at_least=_server_major(url)).path(name), *options, *arguments],
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if result.returncode != 0:
        words = result.stderr.strip().splitlines() or [f"{name} ended with {result.returncode}"]
        raise StoreUnavailable(words[0])


def _server_major(url: str) -> int:
    with _engine(url) as engine, store_errors(), engine.connect() as connection:
        return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
