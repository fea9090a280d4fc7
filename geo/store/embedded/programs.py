"""Which PostgreSQL with PostGIS is installed, and where its programs are."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import StoreUnavailable


@dataclass(frozen=True, order=True)
class Programs:
    """The programs of one major version of PostgreSQL.

    Attributes
    ----------
    major
        Such as 15.
    directory
        Where ``postgres``, ``initdb``, ``pg_dump`` … lie.
    """

    major: int
    directory: Path

    def path(self, name: str) -> str:
        """Full path of one program, such as ``pg_dump``."""
        return str(self.directory / name)


def get_programs(*, major: int | None = None, at_least: int = 0) -> Programs:
    """Find the newest installed PostgreSQL that has PostGIS.

    Parameters
    ----------
    major
        Only this major version will do: a cluster is bound to the one that made it.
    at_least
        Any version from this one on will do.

    Raises
    ------
    StoreUnavailable
        Nothing suitable is installed.
    """
    found = sorted(_installed())
    fitting = [p for p in found if p.major >= at_least and major in {None, p.major}]
    if fitting:
        return fitting[-1]
    wanted = f"PostgreSQL {major or at_least or ''}".strip()
    have = ", ".join(str(p.major) for p in found) or "none"
    raise StoreUnavailable(
        f"{wanted} with PostGIS is needed; installed with PostGIS: {have}. On Debian or Ubuntu: "
        f"apt-get install {_package(major or at_least)}; or set DATABASE_URL to a PostGIS of yours."
    )


def _package(major: int) -> str:
    return f"postgresql-{major}-postgis-3" if major else "postgresql-postgis"


def _installed() -> Iterator[Programs]:
    for directory in _directories():
        if (directory / "initdb").exists() and _extension(directory, "postgis.control").exists():
            yield Programs(_major(directory), directory)


def _directories() -> Iterator[Path]:
    """Debian's and Red Hat's own places, then whatever stands on the path."""
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    yield from Path("/usr").glob("pgsql-*/bin")
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _extension(directory: Path, name: str) -> Path:
    if directory.parent.parent == Path("/usr/lib/postgresql"):
        share = Path("/usr/share/postgresql", directory.parent.name)
    else:
        share = Path(_output(directory / "pg_config", "--sharedir"))
    return share / "extension" / name


def _major(directory: Path) -> int:
    """Of ``initdb (PostgreSQL) 15.8 (Debian 15.8-0)``: 15."""
    version = _output(directory / "initdb", "--version").split("(PostgreSQL)")[1].split()[0]
    return int("".join(c if c.isdigit() else " " for c in version).split()[0])


def _output(program: Path, option: str) -> str:
    return subprocess.run(  # noqa: S603 - a program of an installed PostgreSQL
        [program, option], capture_output=True, text=True, check=True
    ).stdout.strip()
