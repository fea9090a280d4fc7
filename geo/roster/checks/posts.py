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
    others = _Holders()
    for key, held in stored.items():
        if key not in named:
            holder = Holder(held.person, held.rank, held.since, held.until)
            others.add(holder, held.post, held.target)
    for row in rows:
        holder = _holder(row, stored.get(_key(row)))
        _check_holder(scene, holder, row, others)
        others.add(holder, row["post"], row["target"])


class _Holders:
    """Holders by post and target: the primaries, and each person's own."""

    def __init__(self) -> None:
        self.primaries: dict[tuple[str, str], list[Holder]] = defaultdict(list)
        self.own: dict[tuple[str, str, str], list[Holder]] = defaultdict(list)

    def add(self, holder: Holder, post: str, target: str) -> None:
        """Put somebody in."""
        self.own[holder.person, post, target].append(holder)
        if holder.rank == "primary":
            self.primaries[post, target].append(holder)


def _holder(row: Row, known: Held | None) -> Holder:
    """What a row will be once it is stored: a known assignment keeps its rank, and an end not said."""
    end = row.end if known is None or row.has("until") else known.until
    rank = known.rank if known else None if "rank" in row.faulty else row["rank"] or "primary"
    return Holder(row["person"], rank, row["since"], end, row)


def _key(row: Row) -> tuple[str, str, str, date]:
    return row["person"], row["post"], row["target"], row["since"]


def _check_holder(scene: Scene, holder: Holder, row: Row, others: _Holders) -> None:
    post, target = row["post"], row["target"]
    if scene.stored.posts[post].is_single and holder.rank == "primary":
        primaries = others.primaries[post, target]
        other = next((o for o in primaries if o.person != holder.person and o.meets(holder)), None)
        if other is not None:
            said = f"has one primary holder at a time: {other.person} from {other.since} ({other.where})"
            scene.faults.add(row, "post", "post-single", f"{said}; end that one the day before")
            return
    same = next((o for o in others.own[holder.person, post, target] if o.meets(holder)), None)
    if same is not None:
        said = f"is held by {same.person} for {target} from {same.since} already ({same.where})"
        scene.faults.add(row, "post", "assignment-repeated", f"{said}; leave the row out or end that one")
