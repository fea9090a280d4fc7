"""What people can choose from in the filters of a table."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.store.statistics import entries as store
from geo.store.statistics.entries import Entry
from geo.zones import get_zone

__all__ = ["Entry", "list_post_groups", "list_service_kinds", "list_units", "name_entries"]


def list_units(session: Session) -> list[Entry]:
    """Second-level grids in force today."""
    today = get_zone(session).today()
    return [unit for unit in store.list_grids(session, 2, today) if unit.active]


def list_post_groups(session: Session, *, personnel_only: bool) -> list[Entry]:
    """Groups that have posts, in the order of the list."""
    filled = {post.group for post in store.list_posts(session, personnel_only=personnel_only)}
    return [group for group in store.list_entries(session, "post_groups") if group.code in filled]


def list_service_kinds(session: Session) -> list[Entry]:
    """Kinds of services still offered."""
    return [kind for kind in store.list_entries(session, "service_kinds") if kind.active]


def name_entries(session: Session, name: str) -> dict[str, Entry]:
    """Entries of one of the zone's lists by code, those no longer offered among them."""
    return {entry.code: entry for entry in store.list_entries(session, name)}
