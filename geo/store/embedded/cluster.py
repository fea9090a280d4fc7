"""One PostgreSQL cluster: its files, its server process, its addresses.

Knows nothing of checkouts, locks or who shares it: see :mod:`geo.store.embedded.server`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import psycopg2

from geo.errors import StoreUnavailable
from geo.store.embedded.account import Account
from geo.store.embedded.processes import clear_traces, find_postmaster
from geo.store.embedded.programs import Programs, get_programs
from geo.store.embedded.tuning import HOST_RULES, MB, configuration

PORT = 54320
DATABASE = "wangge"
OWNER = "wangge_owner"
ROOM_NEEDED_MB = 200

Role = Literal["owner", "app", "loader", "planner"]


@dataclass(frozen=True)
class Cluster:
    """A private cluster that listens on one unix socket and nowhere else.

    Attributes
    ----------
    home
        Directory of this cluster: ``data/`` and the start-up log lie in it.
    sockets
        Directory of the socket, closed to everybody but the account (mode 0700).
    account
        Who runs the server and owns its files.
    durable
        Whether a commit survives a power failure; False only in tests.
    """

    home: Path
    sockets: Path
    account: Account
    durable: bool = True

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home / "data"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    def pid(self) -> int | None:
        """Process id of the running server, or None."""
        return find_postmaster(self.data)

    def programs(self) -> Programs:
        """Programs of the version that made the cluster, or of the newest installed one."""
        if not self.exists:
            return get_programs()
        return get_programs(major=int((self.data / "PG_VERSION").read_text(encoding="utf-8")))

    def url(self, role: Role = "owner", database: str = DATABASE) -> str:
        """SQLAlchemy address of a database as one of our roles.

        >>> from geo.store.embedded.account import Account
        >>> Cluster(Path("/c"), Path("/s"), Account("me", 1, 1, False)).url("app")
        'postgresql+psycopg2://wangge_app@/wangge?host=%2Fs&port=54320'
        """
        host = quote(str(self.sockets), safe="")
        return f"postgresql+psycopg2://wangge_{role}@/{quote(database)}?host={host}&port={PORT}"

    def create(self) -> None:
        """Make the cluster; an attempt that is cut off half-way leaves nothing that is mistaken for one.

        Raises
        ------
        StoreUnavailable
            No PostgreSQL, no room on the disk, or ``initdb`` failed; its words are in the message.
        """
        programs = self.programs()
        self._check_room()
        draft = self.home / "data.unfinished"
        shutil.rmtree(draft, ignore_errors=True)
        self.account.own(self.home)
        self.account.own(draft)
        options = ["--username", OWNER, "--encoding", "UTF8", "--locale", "C.UTF-8", "--auth", "trust"]
        if not self.durable:
            options.append("--no-sync")
        result = self.account.run([programs.path("initdb"), "-D", str(draft), *options])
        if result.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise StoreUnavailable(
                f"The database could not be made in {self.home}: {_last_words(result.stderr)}"
            )
        self._write(draft / "pg_hba.conf", HOST_RULES)
        draft.rename(self.data)

    def start(self) -> None:
        """Start the server of an existing cluster and wait until it answers; make its database if missing.

        Raises
        ------
        StoreUnavailable
            It did not start; the end of its log is in the message.
        """
        programs = self.programs()
        clear_traces(self.data, self.sockets)
        self.account.own(self.sockets)
        self._configure()
        log = self.home / "start.log"
        log.unlink(missing_ok=True)
        command = [programs.path("pg_ctl"), "start", "-D", self.data.name, "-w", "-t", "120", "-s"]
        # pg_ctl hands its paths to a shell: only names of ours, never the checkout's, may stand there
        result = self.account.run([*command, "-l", log.name], directory=self.home)
        if result.returncode != 0:
            words = _last_words(_start_log(log, self.data) or result.stderr)
            raise StoreUnavailable(f"The database in {self.home} did not start: {words}")
        self.ensure_database(DATABASE)

    def stop(self) -> None:
        """Stop the server: sessions are cut, transactions rolled back, everything committed is on disk."""
        base = [self.programs().path("pg_ctl"), "stop", "-D", str(self.data), "-w", "-s"]
        for mode, seconds in (("fast", "60"), ("immediate", "30")):
            if self.pid() is None:
                return
            result = self.account.run([*base, "-m", mode, "-t", seconds])
        if self.pid() is not None:
            raise StoreUnavailable(f"The database in {self.home} did not stop: {result.stderr.strip()}")

    def ensure_database(self, name: str) -> None:
        """Create an empty database unless it is there."""
        connection = psycopg2.connect(host=str(self.sockets), port=PORT, user=OWNER, dbname="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        finally:
            connection.close()

    def _configure(self) -> None:
        """Write the settings for the machine as it is today."""
        conf = configuration(
            sockets=self.sockets,
            port=PORT,
            durable=self.durable,
            # closed to others in containers and bare chroots; PostgreSQL then does not start
            shared_memory="posix" if self.account.writes_to(Path("/dev/shm")) else "sysv",  # noqa: S108
        )
        self._write(self.data / "postgresql.conf", conf)

    def _check_room(self) -> None:
        place = next(p for p in (self.home, *self.home.parents) if p.exists())
        free_mb = shutil.disk_usage(place).free // MB
        if free_mb < ROOM_NEEDED_MB:
            raise StoreUnavailable(
                f"{place} has {free_mb} MB free; the database needs {ROOM_NEEDED_MB} MB to begin with. "
                "Free some space, or set WANGGE_STATE_DIR to a place that has it."
            )

    def _write(self, file: Path, text: str) -> None:
        """Write a file of the server at once or not at all."""
        draft = file.with_name(file.name + ".new")
        draft.write_text(text, encoding="utf-8")
        self.account.give(draft)
        draft.replace(file)


def _last_words(text: str, lines: int = 6) -> str:
    telling = [line.strip() for line in text.splitlines() if line.strip() and "LOG:  skipping" not in line]
    return " / ".join(telling[-lines:])


def _start_log(log: Path, data: Path) -> str:
    """What the server said on starting, which goes on in its own log once that is opened."""
    said = _text(log)
    if "redirecting log output" not in said:
        return said
    logs = sorted((data / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)
    return _text(logs[-1]) if logs else ""


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
