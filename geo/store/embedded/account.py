"""As whom the database server runs.

PostgreSQL refuses to run as root. Whoever is root lends it the account that Debian's package made
for it; everybody else runs it as themselves.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import StoreUnavailable


@dataclass(frozen=True)
class Account:
    """An account of the operating system.

    Attributes
    ----------
    name, uid, gid
        As in the password file.
    borrowed
        True when it is not the account of this process (which then is root).
    """

    name: str
    uid: int
    gid: int
    borrowed: bool

    def own(self, directory: Path, *, mode: int = 0o700) -> Path:
        """Make a directory (or take the one that is there) that belongs to this account, closed to others."""
        directory.mkdir(parents=True, exist_ok=True)
        if self.borrowed:
            os.chown(directory, self.uid, self.gid)
        directory.chmod(mode)
        return directory

    def give(self, file: Path) -> None:
        """Hand a file over to this account."""
        if self.borrowed:
            os.chown(file, self.uid, self.gid)

    def reaches(self, directory: Path) -> bool:
        """Whether this account may enter a directory, whatever modes and access lists stand in its way."""
        return self._may(directory, "x")

    def writes_to(self, directory: Path) -> bool:
        """Whether this account may make files in a directory."""
        return self._may(directory, "w")

    def _may(self, directory: Path, what: str) -> bool:
        test = shutil.which("test") or "/usr/bin/test"
        return self.run([test, f"-{what}", str(directory)]).returncode == 0

    def run(self, command: Sequence[str], *, directory: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """Run a program as this account in a directory to its end; its complaints come back in the result."""
        return subprocess.run(  # noqa: S603 - our own argument lists, no shell
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=directory,
            **self.process_options(),
        )

    def process_options(self) -> dict[str, Any]:
        """Arguments of :mod:`subprocess` that run a child as this account, without our ``PG…`` variables."""
        # a session of its own: Ctrl-C at our terminal is for us, who then stop the server in order
        options: dict[str, Any] = {"env": clean_environment(), "start_new_session": True}
        if self.borrowed:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options


def clean_environment() -> dict[str, str]:
    """Give our environment without ``PG…`` variables, which would lead PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def server_account() -> Account:
    """Say who is to run the server: ourselves, or ``postgres`` when we are root.

    Raises
    ------
    StoreUnavailable
        We are root and there is no account ``postgres``.
    """
    if os.geteuid() != 0:
        me = os.geteuid()
        return Account(_name(me), me, os.getegid(), borrowed=False)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise StoreUnavailable(
            "PostgreSQL does not run as root and there is no account 'postgres' to run it as; "
            "install PostgreSQL's package, which makes it, or work as an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, borrowed=True)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
