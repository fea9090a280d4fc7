"""The roster in figures: how many people hold which posts where on a day, and what people they are."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from geo.period import to_day
from geo.statistics.asked import as_filters, check_choice, check_listed, check_unit
from geo.statistics.measures import MOVED, NEW, ROSTER
from geo.statistics.suppression import suppress_small_groups
from geo.statistics.table import Note, Row, Table, fill_rows, total_row
from geo.store.statistics import entries
from geo.store.statistics import roster as store
from geo.store.statistics.entries import Entry
from geo.zones import get_zone

#: Whom a table counts: the 234 personnel, or everybody who holds a post.
WHO = ("personnel", "all")

_NONE = {
    "unit": ("不属于单个村社", "not of one unit"),
    "grid": ("不属于单个三级网格", "not of one third-level grid"),
    "area": ("不属于单个片区", "not of one first-level grid"),
    "kind": ("不属于单个村社", "not of one unit"),
}
_OVERLAP = Note(
    "一人可任多个岗位，各行之和可大于合计；合计中每人只计一次。",
    "A person may hold several posts: rows may add up to more than the total, which counts each person once.",
)
_NONE_BEFORE = ("（无）", "(none)")


def roster_table(
    session: Session,
    *,
    by: str = "unit",
    as_of: date | None = None,
    unit: str | None = None,
    group: str | None = None,
    since: date | None = None,
    who: str = "personnel",
    with_small_groups: bool = False,
) -> Table:
    """Count the persons who hold posts on a day.

    Parameters
    ----------
    by
        ``unit`` (second-level grid), ``grid`` (third-level), ``area`` (first-level), ``post``, ``group`` of
        posts, ``kind`` of unit.
    as_of
        The day; today in the zone when None.
    unit, group
        Only posts held in a second-level grid, of a group of posts.
    since
        Day the term began, for who is new; the last renewal applied when None. Without one nobody is counted
        as new, and the column is left out.
    who
        ``personnel``: holders of posts that count as 234 personnel; ``all``: of any post.
    with_small_groups
        Whether the asker may see personal attributes of groups of fewer than five persons.

    Returns
    -------
    Table
        Its rows may overlap; its total counts each person once.

    Raises
    ------
    InvalidInput
        A choice, a group or a day is not known.
    NotFound
        There is no such second-level grid, or no zone yet.
    """
    zone = get_zone(session)
    check_choice("by", by, store.DIMENSIONS)
    check_choice("who", who, WHO)
    check_unit(session, unit)
    check_listed(session, "group", "post_groups", group)
    day = to_day(zone, as_of)
    since = since or entries.find_last_renewal(session, day)
    found, total = store.count_persons(
        session, day=day, by=by, personnel_only=who == "personnel", since=since, unit=unit, group=group
    )
    measures = (*ROSTER[:2], NEW, *ROSTER[2:]) if since else ROSTER
    kept = {code: {m.key: figures[m.key] for m in measures} for code, figures in found.items()}
    table = Table(
        "roster",
        by,
        measures,
        fill_rows(_entries(session, by, day, who, unit=unit, group=group), kept, measures, _none(by)),
        total_row({measure.key: total[measure.key] for measure in measures}),
        as_filters(as_of=day, who=who, unit=unit, group=group, since=since),
        (_OVERLAP,),
    )
    return table if with_small_groups else suppress_small_groups(table)


def moves_table(session: Session, *, on: date | None = None) -> Table:
    """Count who moved between groups of personnel posts on a day.

    Parameters
    ----------
    on
        The day; that of the last renewal applied when None, or else today in the zone.

    Returns
    -------
    Table
        A row for each change of the set of groups a person's posts belong to, such as from the four officers
        to the three heads; who comes, goes or stays has rows too. Each person is in one row.

    Raises
    ------
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    day = to_day(zone, on or entries.find_last_renewal(session, zone.today()))
    names = {entry.code: entry for entry in entries.list_entries(session, "post_groups")}
    rows = tuple(_move(move, names) for move in store.count_moves(session, day))
    total = sum(int(row.figures["persons"] or 0) for row in rows)
    return Table("moves", "change", (MOVED,), rows, total_row({"persons": total}), as_filters(on=day))


def _move(move: dict[str, object], names: dict[str, Entry]) -> Row:
    """A row whose code reads ``four_officers>three_heads``, several groups joined by ``+``."""
    before, after = (list(move[side]) for side in ("before", "after"))  # type: ignore[call-overload]
    zh, en = (
        [sep.join(getattr(names[code], lang) for code in side) or none for side in (before, after)]
        for lang, sep, none in (("zh", "、", _NONE_BEFORE[0]), ("en", " + ", _NONE_BEFORE[1]))
    )
    kind = "came" if not before else "left" if not after else "stayed" if before == after else "moved"
    code = f"{'+'.join(before)}>{'+'.join(after)}"
    return Row(code, " → ".join(zh), " → ".join(en), {"persons": int(str(move["persons"]))}, group=kind)


def _none(by: str) -> tuple[str, str]:
    return _NONE.get(by, ("其他", "other"))


def _entries(
    session: Session, by: str, day: date, who: str, *, unit: str | None, group: str | None
) -> list[Entry]:
    """What the rows may be, narrowed as the filters narrow the figures."""
    if by == "post":
        posts = entries.list_posts(session, personnel_only=who == "personnel")
        return [post for post in posts if group in (None, post.group)]
    if by == "group":
        return _groups(session, who, group)
    if by == "kind":
        kinds = {grid.group for grid in entries.list_grids(session, 2, day) if grid.active}
        return [kind for kind in entries.list_entries(session, "grid_kinds") if kind.code in kinds]
    grids = entries.list_grids(session, {"area": 1, "unit": 2, "grid": 3}[by], day)
    if unit is None:
        return grids
    return [grid for grid in grids if unit in ((grid.code,) if by == "unit" else (grid.group,))]


def _groups(session: Session, who: str, group: str | None) -> list[Entry]:
    filled = {post.group for post in entries.list_posts(session, personnel_only=who == "personnel")}
    listed = entries.list_entries(session, "post_groups")
    return [entry for entry in listed if entry.code in filled and group in (None, entry.code)]
