"""A throw-away PostGIS for the tests: fast, private, gone with the test run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

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
    cluster = Cluster(root / "pg", root / "pg" / "socket", server_account(), durable=False)
    with _undertaker(root):
        try:
            cluster.create()
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
            shutil.rmtree(root)


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
    """Hands out databases that the migrations have made."""

    __test__ = False

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._made = 0
        self._admin = make_engine(cluster.url("owner", "postgres"), pool_size=1).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        cluster.ensure_database(TEMPLATE)
        upgrade_url(cluster.url("owner", TEMPLATE))

    def clone(self) -> TestDatabase:
        """A new database as the migrations leave it; takes a tenth of a second."""
        self._made += 1
        name = f"wangge_{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        return self._describe(name)

    def empty(self) -> TestDatabase:
        """A new database with nothing in it, for tests of the migrations themselves."""
        self._made += 1
        name = f"wangge_{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._describe(name)

    def drop(self, database: TestDatabase) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

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
def disposed(url: str) -> Iterator[Engine]:
    """An engine that is closed afterwards."""
    engine = make_engine(url, pool_size=2)
    try:
        yield engine
    finally:
        engine.dispose()
