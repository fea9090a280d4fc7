"""Who answers for a place: everybody who holds a post for it, or for what it belongs to, closest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.analysis.coverage.staffing import vacancies
from geo.errors import NotFound
from geo.masking import Sight
from geo.model import Zone
from geo.period import to_day
from geo.store import coverage as store_coverage
from geo.store import responsibility as store
from geo.store.responsibility import FiledPlace
from geo.zones import get_zone


@dataclass(frozen=True, slots=True)
class Target:
    """What a post is held for; ``kind`` is one of those in the table ``post``.

    A ``camera`` is answered for by its organisation. ``of_kind``: the kind of grid, quarter or building.
    """

    kind: str
    code: str
    name: str
    level: int | None = None
    of_kind: str | None = None

    @property
    def key(self) -> str:
        """Kind and code, as assignments name it."""
        return f"{self.kind} {self.code}"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who answers, and why.

    Attributes
    ----------
    target
        What they hold the post for: the place itself, or what it belongs to.
    rank
        ``primary`` or ``deputy``.
    since
        First day of the assignment.
    name, phone
        As the asker may see them.
    away
        On leave that day; ``stand_in`` is who then answers, as the asker may see them.
    on_duty
        On the rota at the moment asked for, and not away.
    """

    target: Target
    post: str
    post_zh: str
    post_en: str
    post_group: str
    rank: str
    since: date
    name: str | None
    phone: str | None
    away: bool
    stand_in: str | None
    stand_in_phone: str | None
    on_duty: bool


@dataclass(frozen=True, slots=True)
class VacantPost:
    """A post that is required for a target (rule R13) and that nobody holds."""

    target: Target
    post: str
    post_zh: str
    post_en: str


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Everybody who answers for a place on a day, closest first, and the posts that nobody holds."""

    as_of: date
    place: Target
    holders: tuple[Holder, ...]
    vacant: tuple[VacantPost, ...]


def people_of_grid(session: Session, code: str, sight: Sight, *, as_of: date | None = None) -> Responsibility:
    """Who answers for a grid of any level: for itself, then for each grid above, then the bureau.

    Raises
    ------
    NotFound
        No grid of that code is in force on that day.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    chain = _chain(session, code, day)
    if not chain:
        raise NotFound(f"no grid {code!r} is in force on {day}; GET /grids?as_of={day} lists those that are")
    return _answer(session, zone, day, chain, sight)


def people_of_neighbourhood(
    session: Session, code: str, sight: Sight, *, as_of: date | None = None
) -> Responsibility:
    """Who answers for a quarter or villager group: its own, its council and company, then its grids.

    Raises
    ------
    NotFound
        No neighbourhood of that code exists on that day.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    place = store.find_neighbourhood(session, code, day)
    if place is None:
        raise NotFound(f"no neighbourhood {code!r} exists on {day}")
    targets = [*_neighbourhood(session, place, day), *_chain(session, place.grid_code, day)]
    return _answer(session, zone, day, targets, sight)


def people_of_building(
    session: Session, code: str, sight: Sight, *, as_of: date | None = None
) -> Responsibility:
    """Who answers for a building: for it, for its units, for its neighbourhood, then for its grids.

    Raises
    ------
    NotFound
        No building of that code stands on that day.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    place = store.find_building(session, code, day)
    if place is None:
        raise NotFound(f"no building {code!r} stands on {day}")
    targets = [Target("building", place.code, place.name, of_kind=place.kind)]
    targets += [Target("unit", unit, name) for unit, name in store.units_of(session, code)]
    around = place.neighbourhood_code and store.find_neighbourhood(session, place.neighbourhood_code, day)
    if around:
        targets += _neighbourhood(session, around, day)
    targets += _chain(session, place.grid_code, day)
    return _answer(session, zone, day, targets, sight)


def people_of_resource(
    session: Session, kind: str, code: str, sight: Sight, *, as_of: date | None = None
) -> Responsibility:
    """Who runs a located resource: holders of its own posts; of a camera, the staff of its organisation.

    Parameters
    ----------
    kind
        ``site``, ``team``, ``party_org`` or ``camera``.

    Raises
    ------
    NotFound
        There is none of that code on that day.
    """
    zone = get_zone(session)
    day = to_day(zone, as_of)
    name = store.find_resource(session, kind, code, day)
    if name is None:
        raise NotFound(f"no {kind} {code!r} is there on {day}; as_of= asks for another day")
    targets = [Target(kind, code, name)]
    running = store.organisation_of_camera(session, code, day) if kind == "camera" else None
    if running:
        targets.append(Target("organisation", *running))
    return _answer(session, zone, day, targets, sight)


def _neighbourhood(session: Session, place: FiledPlace, day: date) -> list[Target]:
    serving = store.organisations_serving(session, place.code, day)
    return [
        Target("neighbourhood", place.code, place.name, of_kind=place.kind),
        *(Target("organisation", code, name) for code, name in serving),
    ]


def _chain(session: Session, code: str | None, day: date) -> list[Target]:
    """The grid of a code, those above it, and the bureau of the coarsest."""
    grids = store.chain_above(session, code, day) if code else []
    bureaus = store.bureaus_of(session, [grid.code for grid in grids], day) if grids else []
    return [
        *(Target("grid", grid.code, grid.name, grid.level, grid.kind) for grid in grids),
        *(Target("organisation", code, name) for code, name in bureaus),
    ]


def _answer(session: Session, zone: Zone, day: date, targets: list[Target], sight: Sight) -> Responsibility:
    by_key = {target.key: target for target in targets}
    closeness = {key: place for place, key in enumerate(by_key)}
    rows = store.holders(session, list(by_key), day, _moment(zone, day))
    found = [
        _holder(row, by_key[row.target], sight) for row in sorted(rows, key=lambda r: closeness[r.target])
    ]
    held = pd.DataFrame(
        {"post": [each.post for each in found], "target": [each.target.key for each in found]}
    )
    return Responsibility(day, targets[0], tuple(found), _vacant(session, by_key, held))


def _vacant(session: Session, by_key: dict[str, Target], held: pd.DataFrame) -> tuple[VacantPost, ...]:
    """Required posts without a holder, by the same rule as the coverage map's, closest first."""
    unit = next((t.of_kind for t in by_key.values() if (t.kind, t.level) == ("grid", 2)), None)
    listed = pd.DataFrame(
        {
            "target_kind": [target.kind for target in by_key.values()],
            "level": pd.array([target.level for target in by_key.values()], dtype="Float64"),
            "kind": [target.of_kind for target in by_key.values()],
            "unit_kind": unit,
        },
        index=list(by_key),
    )
    posts = store_coverage.posts(session)
    targets = GeoDataFrame(listed.assign(target=listed.index), geometry=[None] * len(listed))
    found = vacancies(posts, targets, held)
    closeness = {key: place for place, key in enumerate(by_key)}
    found = found.sort_values("target", key=lambda keys: keys.map(closeness), kind="stable")
    return tuple(
        VacantPost(by_key[key], post, posts.loc[post, "name_zh"], posts.loc[post, "name_en"])
        for key, post in zip(found["target"], found["post"], strict=True)
    )


def _moment(zone: Zone, day: date) -> datetime:
    """The moment whose rota counts: now when the day is today, else noon."""
    now = datetime.now(UTC)
    return now if day == zone.today(now) else datetime.combine(day, time(12), tzinfo=zone.zone_info)


def _holder(row: Row[*tuple[Any, ...]], target: Target, sight: Sight) -> Holder:
    return Holder(
        target=target,
        post=row.post,
        post_zh=row.post_zh,
        post_en=row.post_en,
        post_group=row.post_group,
        rank=row.rank,
        since=row.since,
        name=sight.name(row.name),
        phone=sight.phone(row.phone),
        away=row.away,
        stand_in=row.stand_in and sight.name(row.stand_in),
        stand_in_phone=sight.phone(row.stand_in_phone),
        on_duty=row.on_duty,
    )
