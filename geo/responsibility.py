"""Who answers for a place: everybody who holds a post for it, or for what it belongs to, closest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from geo.errors import NotFound
from geo.masking import Sight
from geo.model import Zone
from geo.period import to_day
from geo.store import responsibility as store
from geo.store.responsibility import FiledPlace
from geo.zones import get_zone


@dataclass(frozen=True, slots=True)
class Target:
    """What a post is held for; ``kind`` is one of those in the table ``post``.

    A ``camera`` is answered for by its organisation.
    """

    kind: str
    code: str
    name: str
    level: int | None = None


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
class Responsibility:
    """Everybody who answers for a place on a day, closest first."""

    as_of: date
    place: Target
    holders: tuple[Holder, ...]


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
    targets = [Target("building", place.code, place.name)]
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
        Target("neighbourhood", place.code, place.name),
        *(Target("organisation", code, name) for code, name in serving),
    ]


def _chain(session: Session, code: str | None, day: date) -> list[Target]:
    """The grid of a code, those above it, and the bureau of the coarsest."""
    grids = store.chain_above(session, code, day) if code else []
    bureaus = store.bureaus_of(session, [grid.code for grid in grids], day) if grids else []
    return [
        *(Target("grid", grid.code, grid.name, grid.level) for grid in grids),
        *(Target("organisation", code, name) for code, name in bureaus),
    ]


def _answer(session: Session, zone: Zone, day: date, targets: list[Target], sight: Sight) -> Responsibility:
    by_key = {f"{target.kind} {target.code}": target for target in targets}
    closeness = {key: place for place, key in enumerate(by_key)}
    rows = store.holders(session, list(by_key), day, _moment(zone, day))
    found = [
        _holder(row, by_key[row.target], sight) for row in sorted(rows, key=lambda r: closeness[r.target])
    ]
    return Responsibility(day, targets[0], tuple(found))


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
