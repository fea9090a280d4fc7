"""Code lists as imports see them: every way to write an entry, and adding to a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.zones import EDITABLE_LISTS


def names_of(session: Session, name: str) -> dict[str, str]:
    """Code of a list's entries by each way to write it: the code itself, its Chinese and its English name."""
    table: Any = EDITABLE_LISTS[name]
    rows = list(session.execute(select(table.code, table.name_zh, table.name_en).order_by(table.code)))
    names: dict[str, str] = {}
    for code, zh, en in rows:
        names.setdefault(zh, code)
        names.setdefault(en, code)
    return names | {code: code for code, _, _ in rows}


def add_categories(session: Session, codes: Sequence[str], parent: str) -> None:
    """Put new incident categories under a service kind."""
    session.add_all(
        tables.IncidentCategory(code=code, name_zh=code, name_en=code, parent_code=parent) for code in codes
    )
    session.flush()


def state_codes(session: Session) -> set[str]:
    """States an incident may be in."""
    return set(session.scalars(select(tables.IncidentState.code)))
