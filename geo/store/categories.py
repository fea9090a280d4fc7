"""The list of incident categories."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.model import Category
from geo.store import tables


def list_categories(session: Session) -> list[Category]:
    """Service kinds and categories still offered, in the order of the list."""
    table = tables.IncidentCategory
    query = (
        select(table.code, table.parent_code, table.name_zh, table.name_en)
        .where(table.active)
        .order_by(table.sort, table.code)
    )
    return [Category(*row) for row in session.execute(query)]
