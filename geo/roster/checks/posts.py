"""Posts: held for the right kind of thing, in the right kind of unit, by one where there may be but one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from geo.roster.checks.scene import Scene
from geo.roster.rows import Row
from geo.roster.sheets import TARGETS
from geo.roster.stored import Held, PostRule, overlap

_WORDS = {
    "grid": "网格",
    "neighbourhood": "小区或小组",
    "building": "楼栋",
    "unit": "单元",
    "site": "阵地",
    "team": "队伍",
    "party_org": "党组织",
    "organisation": "单位",
}


def check_targets(scene: Scene) -> None:
    """Rules ``post-target`` and ``post-unit``."""
    for row in scene.roster.of("assignments"):
        if row.is_sound("post", "target"):
            _check_target(scene, row, scene.stored.posts[row["post"]])


def _check_target(scene: Scene, row: Row, post: PostRule) -> None:
    code = row["target"]
    if not scene.knows(post.target, code):
        found = next(_WORDS[kind] for kind in TARGETS if scene.knows(kind, code))
        said = (
            f"is a {found}, but {row.raw['post']} is held for a {_WORDS[post.target]}; correct one of the two"
        )
        scene.faults.add(row, "target", "post-target", said)
        return
    level = scene.stored.of("grid")[code]["level"] if post.target == "grid" else None
    if post.grid_level is not None and level != post.grid_level:
        said = f"is a grid of level {level}, but {row.raw['post']} is held for one of level {post.grid_level}"
        scene.faults.add(row, "target", "post-target", f"{said}; correct one of the two")
        return
    kind = scene.unit_kind(scene.grid_of(post.target, code))
    if post.unit_kind is not None and kind is not None and kind != post.unit_kind:
        said = f"lies in a {kind}, but {row.raw['post']} is a post of a {post.unit_kind}"
        scene.faults.add(row, "target", "post-unit", f"{said}; choose another post or target")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post for a target over a range of days; stored, or in a row of the file."""

    person: str
    rank: str | None
    since: date
    until: date | None
    row: Row | None = None

    @property
    def where(self) -> str:
        """For the message: row or store."""
        return "as stored" if self.row is None else f"in row {self.row.number}"

    def meets(self, other: Holder) -> bool:
        """Whether both hold it on some day."""
        return overlap(self.since, self.until, other.since, other.until)


def check_holders(scene: Scene) -> None:
    """Rules ``post-single`` and ``assignment-repeated``, on what there will be once the file is in."""
    rows = [
        row
        for row in scene.roster.of("assignments")
        if row.is_sound("person", "post", "target", "since", "until")
    ]
    stored = {(held.person, held.post, held.target, held.since): held for held in scene.stored.held}
    named = {_key(row) for row in rows}
    by_place: dict[tuple[str, str], list[Holder]] = defaultdict(list)
    for key, held in stored.items():
        if key not in named:
            by_place[held.post, held.target].append(Holder(held.person, held.rank, held.since, held.until))
    for row in rows:
        place = by_place[row["post"], row["target"]]
        holder = Holder(row["person"], _rank(row, stored.get(_key(row))), row["since"], row.end, row)
        _check_holder(scene, holder, place, single=scene.stored.posts[row["post"]].is_single)
        place.append(holder)


def _key(row: Row) -> tuple[str, str, str, date]:
    return row["person"], row["post"], row["target"], row["since"]


def _rank(row: Row, known: Held | None) -> str | None:
    """Rank that will be stored: a known assignment keeps its own."""
    if known is not None:
        return known.rank
    return None if "rank" in row.faulty else row["rank"] or "primary"


def _check_holder(scene: Scene, holder: Holder, others: list[Holder], *, single: bool) -> None:
    if holder.row is None:
        return
    met = [other for other in others if other.meets(holder)]
    primaries = [o for o in met if o.rank == "primary" and o.person != holder.person]
    if single and holder.rank == "primary" and primaries:
        other = primaries[0]
        said = f"has one primary holder at a time; {other.person} holds it from {other.since} ({other.where})"
        scene.faults.add(holder.row, "post", "post-single", f"{said}; end that one the day before")
        return
    same = next((other for other in met if other.person == holder.person), None)
    if same is not None:
        said = f"is held by {same.person} for {holder.row['target']} from {same.since} already ({same.where})"
        scene.faults.add(
            holder.row, "post", "assignment-repeated", f"{said}; leave the row out or end that one"
        )
