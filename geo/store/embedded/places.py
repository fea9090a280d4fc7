"""Where the files of a checkout's embedded server lie.

Normally in the state directory itself. When the server runs under another account (we are root) that
cannot pass the way there, such as a checkout in a home of mode 0700, they lie under ``/var/lib/wangge``,
and the file ``location`` in the state directory says where.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from geo.errors import Conflict
from geo.store.embedded.account import Account
from geo.store.embedded.cluster import PORT

ELSEWHERE = Path("/var/lib/wangge")
# sun_path has 108 bytes with its closing zero; the lock file beside the socket has the longest name
LONGEST_PATH = 107 - len(f"/.s.PGSQL.{PORT}.lock")


@dataclass(frozen=True)
class Places:
    """Directories of one embedded server.

    Attributes
    ----------
    state
        The state directory: locks and secrets, always there.
    home
        The cluster's files.
    sockets
        The socket's private directory.
    """

    state: Path
    home: Path
    sockets: Path


def find_places(state: Path, account: Account) -> Places:
    """Decide where the files lie; makes the state directory and, if need be, its note, nothing else."""
    state = state.absolute()
    state.mkdir(parents=True, exist_ok=True)
    if account.borrowed:
        state.chmod(0o711)  # its server passes through, nobody looks in
    else:
        _check_ours(state)
        state.chmod(0o700)
    home = _home(state, account)
    return Places(state, home, _sockets(home, account))


def _check_ours(directory: Path) -> None:
    if directory.stat().st_uid != os.geteuid():
        raise Conflict(
            f"{directory} belongs to another account ({directory.owner()}): "
            "work as that one, or set WANGGE_STATE_DIR to a directory of yours."
        )


def _home(state: Path, account: Account) -> Path:
    inside = state / "postgres"
    if not account.borrowed or account.reaches(state):
        return inside
    # a name by chance: neither a copy of a checkout nor a new one at an old path meets another's files
    return _note(state, _noted(state) or ELSEWHERE / token_hex(6))


def _noted(state: Path) -> Path | None:
    """Where the note says the files are, unless it was copied along with a checkout that still exists."""
    file = state / "location"
    if not file.exists():
        return None
    note = json.loads(file.read_text(encoding="utf-8"))
    origin = Path(note["state_dir"])
    if origin == state or not origin.exists():
        return Path(note["home"])
    return None


def _note(state: Path, home: Path) -> Path:
    """Write the note; a checkout that was moved signs it anew."""
    text = json.dumps({"state_dir": str(state), "home": str(home)}, indent=2) + "\n"
    file, draft = state / "location", state / f"location.{os.getpid()}"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    return home


def _sockets(home: Path, account: Account) -> Path:
    """In the cluster's home, or under ``/tmp`` when that path is too long or, to clients, a list of hosts."""
    inside = home / "socket"
    if len(os.fsencode(inside)) <= LONGEST_PATH and "," not in str(inside):
        return inside
    short = Path("/tmp") / f"wangge-{account.uid}-{_short_hash(home)}"  # noqa: S108 - ownership checked
    if short.is_symlink() or (short.exists() and short.stat().st_uid not in {account.uid, os.geteuid()}):
        raise Conflict(f"{short} is in the way and belongs to somebody else; have it removed.")
    return short


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
