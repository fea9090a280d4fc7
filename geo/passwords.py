"""Passwords: what a good one is, their hashes, and a check that takes as long for nobody as for somebody."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import lru_cache

from pwdlib import PasswordHash

from geo.errors import InvalidInput

MIN_LENGTH = 12
MAX_LENGTH = 256
MIN_DIFFERENT = 5


def check_password(password: str, username: str) -> None:
    """Refuse a password that is easy to guess.

    Raises
    ------
    InvalidInput
        It is shorter than 12 or longer than 256 characters, holds the username, or repeats a few characters.
        The text never shows the password.
    """
    text = _normal(password)
    if not MIN_LENGTH <= len(text) <= MAX_LENGTH:
        raise InvalidInput(
            f"the password has {len(text)} characters; choose {MIN_LENGTH} to {MAX_LENGTH}, "
            "several words for example"
        )
    if username.casefold() in text.casefold():
        raise InvalidInput("the password holds the username; choose words that others cannot know")
    if len(set(text)) < MIN_DIFFERENT:
        raise InvalidInput(f"the password repeats few characters; use {MIN_DIFFERENT} different ones or more")


class Passwords:
    """Argon2 hashes, at most two worked out at once: each takes 64 MB and a core for a while."""

    def __init__(self) -> None:
        self._hashes = PasswordHash.recommended()
        self._places = threading.BoundedSemaphore(2)
        self._nobody = _hash_of_nobody()

    def hash(self, password: str) -> str:
        """Hash to keep."""
        with self._places:
            return self._hashes.hash(_normal(password))

    def verify(self, password: str, kept: str | None) -> bool:
        """Whether the password fits the hash kept; without one it never does, after the same work."""
        with self._places:
            fits = self._hashes.verify(_normal(password)[: MAX_LENGTH + 1], kept or self._nobody)
        return fits and kept is not None


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    """Hash, made like all others, of a password that nobody knows."""
    return PasswordHash.recommended().hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """The same text whichever keyboard wrote it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
