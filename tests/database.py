"""A throw-away PostGIS for the tests: fast, private, gone with the test run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from geo.database import DatabaseUrls
from geo.store.embedded import Cluster, server_account
from geo.store.engine import make_engine
from geo.store.migrate import upgrade_url

TEMPLATE = "wangge_template"


@contextmanager
def throw_away_cluster() -> Iterator[Cluster]:
    """A running cluster that forgets everything."""
    root = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    root.chmod(0o711)  # the server's account, when we are root, passes through
    cluster = cluster_in(root)
    with _undertaker(root):
        try:
            cluster.create()
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
            shutil.rmtree(root)


def cluster_in(root: Path) -> Cluster:
    """The throw-away cluster of this directory, whoever started it."""
    return Cluster(root / "pg", root / "pg" / "socket", server_account(), durable=False)


@contextmanager
def _undertaker(root: Path) -> Iterator[None]:
    """Should the test run be killed: a process that notices, ends the server and removes its files."""
    script = """cat
    pid=$(head -n 1 "$0/pg/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" && sleep 1
    rm -rf "$0"
    """
    with subprocess.Popen(["sh", "-c", script, str(root)], stdin=subprocess.PIPE, start_new_session=True):
        yield


@dataclass(frozen=True)
class TestDatabase:
    """One database of the throw-away cluster, by each role."""

    __test__ = False

    name: str
    urls: DatabaseUrls


class TestServer:
    """Hands out databases, each made by copying a template; workers of one test run may share a cluster.

    ``worker`` keeps the names of their databases apart.
    """

    __test__ = False

    def __init__(self, cluster: Cluster, worker: str = "") -> None:
        self.cluster = cluster
        self._prefix = f"wangge_{worker}"
        self._made = 0
        self._admin = make_engine(cluster.url("owner", "postgres"), pool_size=1).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        self.make_template(TEMPLATE, lambda database: upgrade_url(database.urls.owner), of="template0")

    def make_template(self, name: str, fill: Callable[[TestDatabase], None], *, of: str = TEMPLATE) -> None:
        """Make a template and fill it, unless it is there; workers who ask meanwhile wait for it."""
        known = text("SELECT 1 FROM pg_database WHERE datname = :name").bindparams(name=name)
        with self._admin.connect() as connection, _locked(connection, name):
            if connection.scalar(known) is None:
                draft = f"{name}_draft"  # a template is whole, or not there
                connection.execute(text(f"CREATE DATABASE {draft} TEMPLATE {of}"))
                fill(self._describe(draft))
                connection.execute(text(f"ALTER DATABASE {draft} RENAME TO {name}"))

    def clone(self, template: str = TEMPLATE) -> TestDatabase:
        """A new database as the migrations leave it, or like another template; takes a fifth of a second."""
        # file_copy: a checkpoint is cheap where nothing is durable, writing 20 MB of journal is not
        return self._create(f"TEMPLATE {template} STRATEGY file_copy")

    def empty(self) -> TestDatabase:
        """A new database with nothing in it, for tests of the migrations themselves."""
        return self._create("TEMPLATE template0")

    def drop(self, database: TestDatabase) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

    def _create(self, options: str) -> TestDatabase:
        self._made += 1
        name = f"{self._prefix}_{self._made}"
        self._run(f"CREATE DATABASE {name} {options}")
        return self._describe(name)

    def _describe(self, name: str) -> TestDatabase:
        url = self.cluster.url
        return TestDatabase(
            name,
            DatabaseUrls(url("owner", name), url("app", name), url("loader", name), url("planner", name)),
        )

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def _locked(connection: Connection, name: str) -> Iterator[None]:
    """Only one worker at a time passes."""
    connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": name})
    try:
        yield
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": name})


@contextmanager
def disposed(url: str) -> Iterator[Engine]:
    """An engine that is closed afterwards."""
    engine = make_engine(url, pool_size=2)
    try:
        yield engine
    finally:
        engine.dispose()
