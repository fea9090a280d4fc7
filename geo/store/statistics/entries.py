"""What the rows of a table are called: grids of a day, entries of the zone's lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from geo.store import tables
from geo.store.zones import EDITABLE_LISTS

G = tables.Grid


@dataclass(frozen=True, slots=True)
class Entry:
    """One possible row of a table.

    Attributes
    ----------
    group
        Code of what it belongs to: the kind of a second-level grid, the parent of a third-level one, the
        group of a post; None for other entries.
    active
        False for what is kept for old rows only; shown when it has figures.
    """

    code: str
    zh: str
    en: str
    group: str | None = None
    active: bool = True


def list_grids(session: Session, level: int, day: date) -> list[Entry]:
    """Grids of a level by code, under their name of the day, or the last one; active are those of the day."""
    in_force = G.valid.contains(day)
    group = G.parent_code if level == 3 else G.kind
    query = (
        select(G.code, G.name, group, in_force)
        .ext(distinct_on(G.code))
        .where(G.level == level)
        .order_by(G.code, in_force.desc(), func.lower(G.valid).desc())
    )
    rows = session.execute(query)
    return [Entry(code, name, name, group, active) for code, name, group, active in rows]


def list_entries(session: Session, name: str) -> list[Entry]:
    """Entries of an editable list in its order; see ``geo.store.zones.EDITABLE_LISTS``."""
    table: Any = EDITABLE_LISTS[name]
    query = select(table.code, table.name_zh, table.name_en, table.active).order_by(table.sort, table.code)
    return [Entry(code, zh, en, None, active) for code, zh, en, active in session.execute(query)]


def list_posts(session: Session, *, personnel_only: bool) -> list[Entry]:
    """Posts in the order of their groups."""
    post, group = tables.Post, tables.PostGroup
    query = (
        select(post.code, post.name_zh, post.name_en, post.post_group, post.active)
        .join(group, group.code == post.post_group)
        .order_by(group.sort, group.code, post.sort, post.code)
    )
    if personnel_only:
        query = query.where(post.is_personnel)
    return [Entry(*row) for row in session.execute(query)]


def find_level(session: Session, code: str) -> int | None:
    """Level of a grid code ever issued."""
    return session.scalar(select(tables.GridCode.level).where(tables.GridCode.code == code))


def find_last_renewal(session: Session, day: date) -> date | None:
    """Day the latest renewal applied took effect, up to a day."""
    change = tables.RosterChange
    return session.scalar(
        select(func.max(change.effective_on)).where(
            change.kind == "renewal", change.state == "applied", change.effective_on <= day
        )
    )
