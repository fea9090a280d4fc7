"""Incident categories as a tree: service kinds, and the categories under each."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.model import Category
from geo.store import categories as store


def category_tree(session: Session) -> list[tuple[Category, list[Category]]]:
    """Return every service kind with its categories, in the order of the zone's list."""
    listed = store.list_categories(session)
    return [
        (kind, [category for category in listed if category.parent_code == kind.code])
        for kind in listed
        if kind.parent_code is None
    ]
