"""Pages by key: a cursor says after which row the next page begins, so that new rows shift nothing."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from fastapi import Request

from geo.errors import InvalidInput

Key = tuple[datetime, int]


def write_cursor(key: Key) -> str:
    """The key as URL-safe text."""
    return base64.urlsafe_b64encode(f"{key[0].isoformat()} {key[1]}".encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Key | None:
    """The key a cursor stands for.

    Raises
    ------
    InvalidInput
        The cursor is none of ours.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, number = text.split(" ")
        key = datetime.fromisoformat(at).astimezone(UTC), min(int(number), 2**63 - 1)
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput(
            f"cursor={cursor!r} is none of ours; take it from `next` of the page before"
        ) from None
    return key


def next_link(request: Request, key: Key | None) -> str | None:
    """Path and query of the next page: the request's own with another cursor."""
    if key is None:
        return None
    url = request.url.include_query_params(cursor=write_cursor(key))
    return f"{url.path}?{url.query}"
