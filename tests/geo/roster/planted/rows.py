"""Sound rows of every sheet, with every cell filled that may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from tests.builders import middle
from tests.geo.roster.planted.roster import POSTS, Roster, Row
from tests.geo.roster.planted.spelling import LISTS

_FAMILIES, _GIVEN = "赵钱孙李周吴郑王", "一二三四五六七八九十"


def day(roster: Roster, first: int = 2021, last: int = 2025) -> date:
    """Give a day of some years."""
    return date(roster.rng.randint(first, last), roster.rng.randint(1, 12), roster.rng.randint(1, 28))


def days(roster: Roster) -> tuple[date, date]:
    """Give a first and a last day."""
    since = day(roster)
    return since, since + timedelta(days=roster.rng.choice((0, 1, 30, 400)))


def person(roster: Roster, **cells: Any) -> Row:
    rng = roster.rng
    since, until = days(roster)
    values = {
        "code": roster.code(),
        "name": "测" + rng.choice(_FAMILIES) + rng.choice(_GIVEN),
        "gender": rng.choice(("female", "male")),
        "born_on": day(roster, 1950, 2000),
        "education": roster.entry("educations"),
        "phone": rng.choice((f"100{rng.randint(10**7, 10**8 - 1)}", "0000-100 (200)", "+00 10,20")),
        "prospering": rng.choice((True, False)),
        "party_org": roster.pick("party_org"),
        "since": since,
        "until": until,
    }
    row = roster.add("people", **values | cells)
    roster.names[row.cells["code"]] = row.cells["name"]
    roster.bring("person", row.cells["code"])
    return row


def assignment(roster: Roster, post: str | None = None, target: str | None = None, **cells: Any) -> Row:
    """Add a row for a post nobody holds yet."""
    if target is None:
        post, target = _vacant(roster, post)
    since, until = days(roster)
    holder = cells.get("person") or roster.pick("person")
    values = {
        "person": holder,
        "name": roster.names[holder],
        "post": post,
        "rank": "primary",
        "target": target,
        "since": since,
        "until": until,
    }
    return roster.add("assignments", **values | cells)


def _vacant(roster: Roster, post: str | None) -> tuple[str, str]:
    """Give a post with a target nobody holds it for, brought by the file where it has to be."""
    found = roster.vacant([post] if post else list(POSTS))
    if found is None:
        assert post, "every post is held for everything"
        code = FRESH[f"{POSTS[post]['target']}s"](roster, **_unit_cells(roster, post)).cells["code"]
        roster.taken.add((post, code))
        return post, code
    return found[0], found[1].code


def _unit_cells(roster: Roster, post: str) -> dict[str, str]:
    unit = POSTS[post]["unit_kind"]
    grids = [place.code for place in roster.zone.places["grid"] if unit and place.unit == unit]
    return {"grid": roster.rng.choice(grids)} if grids else {}


def organisation(roster: Roster, **cells: Any) -> Row:
    values = {
        "code": roster.code(),
        "name": "测试单位",
        "kind": roster.entry("organisation_kinds"),
        "parent": roster.pick("organisation"),
        "grid": roster.pick("grid"),
        "phone": "0000-1000",
    }
    return _brought(roster, "organisation", roster.add("organisations", **values | cells))


def neighbourhood_organisation(roster: Roster, **cells: Any) -> Row:
    since, until = days(roster)
    near, served = roster.once(roster.pools["neighbourhood"], roster.pools["organisation"])
    values: dict[str, Any] = {"neighbourhood": near, "organisation": served, "since": since, "until": until}
    return roster.add("neighbourhood_organisations", **values | cells)


def party_org(roster: Roster, **cells: Any) -> Row:
    lon, lat = _inside(roster)
    values = {
        "code": roster.code(),
        "name": "测试支部",
        "kind": roster.entry("party_org_kinds"),
        "parent": roster.pick("party_org"),
        "grid": roster.pick("grid"),
        "members": roster.rng.choice((0, 7, 100_000)),
        "lon": lon,
        "lat": lat,
    }
    return _brought(roster, "party_org", roster.add("party_orgs", **values | cells))


def site(roster: Roster, **cells: Any) -> Row:
    lon, lat = _inside(roster)
    values = {
        "code": roster.code(),
        "name": "测试书屋",
        "kind": roster.entry("site_kinds"),
        "address": "测试路1号",
        "phone": "10001",
        "building": roster.pick("building"),
        "lon": lon,
        "lat": lat,
    }
    return _brought(roster, "site", roster.add("sites", **values | cells))


def opening(roster: Roster, **cells: Any) -> Row:
    where, function = (cells["site"], "rest") if "site" in cells else _offer(roster)
    first = roster.rng.randint(1, 7)
    opens = 30 * roster.rng.randint(0, 46)
    values = {
        "site": where,
        "function": function,
        "weekday": tuple(range(first, roster.rng.randint(first, 7) + 1)),
        "opens": opens,
        "closes": roster.rng.choice((opens + 30, 1440)),
    }
    return roster.add("openings", **values | cells)


def _offer(roster: Roster) -> tuple[str, str]:
    """Give a site with a function it does not offer yet; a new site once all is settled."""
    if roster.is_settled:
        return site(roster).cells["code"], roster.entry("site_functions")
    functions = [row["code"] for row in LISTS["site_functions"]]
    where, function = roster.once(roster.pools["site"], functions)
    return where, function


def team(roster: Roster, **cells: Any) -> Row:
    lon, lat = _inside(roster)
    values = {
        "code": roster.code(),
        "name": "测试队",
        "kind": roster.entry("team_kinds"),
        "phone": "100-200",
        "members": roster.rng.choice((0, 12, 100_000)),
        "grid": roster.pick("grid"),
        "lon": lon,
        "lat": lat,
    }
    return _brought(roster, "team", roster.add("teams", **values | cells))


def camera(roster: Roster, **cells: Any) -> Row:
    """Add a camera that looks one way; ``direction=None, angle=None`` makes it look all round."""
    lon, lat = _inside(roster)
    rng = roster.rng
    roster._codes += 1
    values = {
        "code": f"360371000013{roster._codes:08d}",
        "name": "测试视频点",
        "kind": roster.entry("camera_kinds"),
        "network": roster.entry("camera_networks"),
        "state": roster.entry("camera_states"),
        "direction": rng.choice((0, 90, 359.5)),
        "angle": rng.choice((0.5, 60, 359.5)),
        "range": rng.choice((0.5, 50, 5000)),
        "height": rng.choice((0, 4.5, 300)),
        "organisation": roster.pick("organisation"),
        "stream": f"{rng.choice(('rtsp', 'rtsps', 'http', 'https', 'webrtc'))}://10.0.0.1/live/1",
        "filing": "备 0001",
        "filed_on": day(roster),
        "retention": rng.choice((0, 90, 3650)),
        "lon": lon,
        "lat": lat,
    }
    return roster.add("cameras", **values | cells)


def duty(roster: Roster, **cells: Any) -> Row:
    """Add a duty of somebody on a day on which they have no other, nor the days beside it."""
    holder = cells.get("person") or roster.pick("person")
    kind = roster.rng.choice(("grid", "site", "organisation"))
    values = {
        "person": holder,
        "day": free_day(roster, holder, "duty"),
        "shift": roster.entry("duty_shifts"),
        "place": roster.pick(kind),
    }
    return roster.add("duty", **values | cells)


def leave(roster: Roster, **cells: Any) -> Row:
    holder = cells.get("person") or roster.pick("person")
    since = free_day(roster, holder, "leave")
    values = {
        "person": holder,
        "kind": roster.entry("leave_kinds"),
        "since": since,
        "until": since + timedelta(days=roster.rng.randint(0, 3)),
        "deputy": roster.rng.choice([code for code in roster.pools["person"] if code != holder]),
    }
    return roster.add("leave", **values | cells)


def free_day(roster: Roster, *what: str) -> date:
    """Give a day at least ten from every other day given for the same."""
    (*_, number) = roster.once(*([each] for each in what), range(150))
    return date(2026, 12, 1) + timedelta(days=10 * number)


def service(roster: Roster, **cells: Any) -> Row:
    rng = roster.rng
    (hours,) = roster.once(range(6000))
    at = datetime(2026, 1, 1, 0, 30) + timedelta(hours=hours)  # noqa: DTZ001 - a time of the zone's clock
    roster._codes += 1
    values = {
        "id": f"登-{roster._codes}",
        "kind": rng.choice(("appeal", "errand")),
        "at": at,
        "person": roster.pick("person"),
        "post": roster.entry("posts"),
        "served": "测试户主",
        "household": roster.pick("household"),
        "building": roster.pick("building"),
        "site": roster.pick("site"),
        "project": roster.entry("service_projects"),
        "resolved_at": at + timedelta(hours=rng.choice((0, 1, 100))),
        "note": "办了一件事",
    }
    return roster.add("services", **values | cells)


def figure(roster: Roster, **cells: Any) -> Row:
    grid, fact, year = roster.once(
        roster.pools["grid"], ["collective_income"], (1949, *range(1990, 2090), 2200)
    )
    value = roster.rng.choice((0, -12.5, 50_000, 1_234_567.25))
    return roster.add("figures", **{"grid": grid, "fact": fact, "year": year, "value": value} | cells)


def _inside(roster: Roster) -> tuple[float, float]:
    """Give a place inside one of the four cells, away from their borders."""
    lon, lat = middle(roster.rng.randint(0, 1), roster.rng.randint(0, 1))
    return round(lon + roster.rng.uniform(-0.004, 0.004), 6), round(lat, 6)


def _brought(roster: Roster, kind: str, row: Row) -> Row:
    roster.bring(kind, row.cells["code"])
    return row


#: How to add a sound row, by sheet.
FRESH: dict[str, Callable[..., Row]] = {
    "people": person,
    "assignments": assignment,
    "organisations": organisation,
    "neighbourhood_organisations": neighbourhood_organisation,
    "party_orgs": party_org,
    "sites": site,
    "openings": opening,
    "teams": team,
    "cameras": camera,
    "duty": duty,
    "leave": leave,
    "services": service,
    "figures": figure,
}
