"""Files that appear under their name whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from geo.errors import InvalidFile, InvalidInput


@contextmanager
def whole_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, what was written there becomes ``target``.

    It lies in a hidden folder beside the target, so that renaming cannot fail half-way. When the block fails,
    the folder goes and the target stays as it was.

    Parameters
    ----------
    force
        Whether an existing target may be replaced.

    Raises
    ------
    InvalidInput
        The target exists and may not be replaced, or is a folder.
    InvalidFile
        Nothing can be written there.
    """
    check_free(target, force=force)
    try:
        room = Path(tempfile.mkdtemp(prefix=_drafts_of(target), dir=target.parent))
    except OSError as error:
        raise InvalidFile(f"{target} cannot be written: {error.strerror or error}") from error
    try:
        draft = room / target.name
        yield draft
        _to_disk(draft)
        check_free(target, force=force)
        draft.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        raise InvalidFile(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def remove_drafts(target: Path) -> None:
    """Remove what writers of a target left behind that were killed; none may be at work on it."""
    for room in target.parent.glob(f"{escape(_drafts_of(target))}*"):
        shutil.rmtree(room, ignore_errors=True)


def _drafts_of(target: Path) -> str:
    return f".{target.name[:60]}-"


def check_free(target: Path, *, force: bool) -> None:
    """Refuse a target that would be lost.

    Raises
    ------
    InvalidInput
        It exists and ``force`` is not said, or it is a folder.
    """
    if target.is_dir():
        raise InvalidInput(f"{target} is a folder; name a file in it")
    if target.exists() and not force:
        raise InvalidInput(f"{target} exists already; say --force to replace it, or name another file")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
