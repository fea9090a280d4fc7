"""Code lists as they are shown: every entry, also those no longer offered, in the order of the list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.store.zones import EDITABLE_LISTS


def list_names(session: Session, name: str) -> list[tuple[str, str, str]]:
    """Code, Chinese and English name of a list's entries."""
    table: Any = EDITABLE_LISTS[name]
    rows = session.execute(select(table.code, table.name_zh, table.name_en).order_by(table.sort, table.code))
    return [(code, zh, en) for code, zh, en in rows]
