"""The secret of this installation, with which form tokens are signed."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from geo.errors import Conflict
from geo.settings import Settings

LENGTH = 32


def secret_key(settings: Settings) -> bytes:
    """Read the key from ``secret`` in the state directory; the first call makes it.

    Several processes may call it at the same first moment: all get the same key.

    Returns
    -------
    bytes
        32 random bytes.

    Raises
    ------
    Conflict
        The file is damaged or others may read it.
    """
    file = settings.paths.state_dir / "secret"
    if not file.exists():
        _make(file)
    _check_private(file)
    key = file.read_bytes()
    if len(key) != LENGTH:
        raise Conflict(
            f"{file} is damaged; remove it to get a new key. Forms that are open then have to be loaded anew."
        )
    return key


def _make(file: Path) -> None:
    """Write the key beside its place and link it there, so that it is never seen half-written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(LENGTH))
        with suppress(FileExistsError):  # another process was first: its key counts
            file.hardlink_to(draft)
    finally:
        draft.unlink()


def _check_private(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        raise Conflict(f"{file} can be read by others; run: chmod 600 {file}")
