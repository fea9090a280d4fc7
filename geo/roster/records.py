"""Rows without codes of their own against what is stored: assignments, hours, rota, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from geo.roster.changes import Changes, Values
from geo.roster.checks.intervals import duty_span
from geo.roster.checks.scene import Scene
from geo.roster.rows import Row
from geo.roster.sheets import DUTY_PLACES


def compare_records(scene: Scene, changes: Changes) -> None:
    """Find what is new or differs among rows without codes, but for services."""
    _assignments(scene, changes)
    _serving(scene, changes)
    _openings(scene, changes)
    _duties(scene, changes)
    _leaves(scene, changes)
    _figures(scene, changes)


def _assignments(scene: Scene, changes: Changes) -> None:
    stored = {(held.person, held.post, held.target, held.since): held for held in scene.stored.held}
    for row in scene.roster.of("assignments"):
        known = stored.get((row["person"], row["post"], row["target"], row["since"]))
        if known is None:
            changes.add("assignment", _new_assignment(scene, row))
            continue
        if row["rank"] is not None and row["rank"] != known.rank:
            message = f"the 主副 of a known assignment stays {known.rank}; end it and begin another"
            changes.warn(row, "rank", "assignment-kept", message)
        if row.has("until"):
            differing = changes.compare("assignment", known.id, {"until": row.end}, {"until": known.until})
            if differing:
                differing["since"] = known.since
        else:
            changes.same["assignment"] += 1


def _new_assignment(scene: Scene, row: Row) -> Values:
    post = scene.stored.posts[row["post"]]
    return {
        "person": row["person"],
        "post": row["post"],
        "is_single": post.is_single,
        "rank": row["rank"] or "primary",
        "target_kind": post.target,
        "target": row["target"],
        "since": row["since"],
        "until": row.end,
    }


def _serving(scene: Scene, changes: Changes) -> None:
    names = ("neighbourhood_code", "organisation_code", "since")
    stored = {tuple(each[n] for n in names): each for each in scene.stored.rows.get("service_of", ())}
    for row in scene.roster.of("neighbourhood_organisations"):
        key = (row["neighbourhood"], row["organisation"], row["since"])
        known = stored.get(key)
        if known is None:
            changes.add("neighbourhood_organisation", dict(zip(names, key, strict=True)) | {"until": row.end})
        elif row.has("until"):
            wanted = {"until": row.end}
            if changes.compare("neighbourhood_organisation", known["id"], wanted, known):
                changes.changed["neighbourhood_organisation"][-1][1]["since"] = known["since"]


def _openings(scene: Scene, changes: Changes) -> None:
    """Hours of a site and function as a whole: those no longer there end, new ones begin."""
    wanted: dict[tuple[str, str], set[tuple[int, int, int]]] = defaultdict(set)
    for row in scene.roster.of("openings"):
        hours = {(day, row["opens"], row["closes"]) for day in row["weekday"]}
        wanted[row["site"], row["function"]] |= hours
    stored: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for each in scene.stored.rows.get("opening", ()):
        stored[each["site_code"], each["function"]].append(each)
    for key, hours in wanted.items():
        _replace_hours(scene, key, hours, stored[key], changes)


def _replace_hours(
    scene: Scene,
    key: tuple[str, str],
    hours: set[tuple[int, int, int]],
    stored: list[Mapping[str, Any]],
    changes: Changes,
) -> None:
    present = {(e["weekday"], e["opens_minute"], e["closes_minute"]): e for e in stored}
    gone = [each for hour, each in present.items() if hour not in hours]
    changes.same["site_opening"] += len(hours & present.keys())
    # Hours that began today can at the earliest end with today; what replaces them begins tomorrow.
    day = scene.today
    if any(each["since"] >= day for each in gone):
        day = max(each["since"] for each in gone) + timedelta(days=1)
    for each in gone:
        values = {"since": each["since"], "until": day}
        changes.changed.setdefault("site_opening", []).append((each["id"], values))
    for weekday, opens, closes in sorted(hours - present.keys()):
        values = {
            "site_code": key[0],
            "function": key[1],
            "weekday": weekday,
            "opens_minute": opens,
            "closes_minute": closes,
            "since": day,
            "until": None,
        }
        changes.add("site_opening", values)


def _duties(scene: Scene, changes: Changes) -> None:
    stored = {(e["person"], e["day"], e["shift"]): e for e in scene.stored.rows.get("duty", ())}
    for row in scene.roster.of("duty"):
        place = _duty_place(scene, row["place"])
        known = stored.get((row["person"], row["day"], row["shift"]))
        if known is not None:
            changes.compare("duty", known["id"], place, known)
            continue
        begin, end = duty_span(scene.stored, row["day"], row["shift"])
        who = {"person": row["person"], "day": row["day"], "shift": row["shift"]}
        changes.add("duty", who | {"begins": begin, "ends": end} | place)


def _duty_place(scene: Scene, code: str) -> Values:
    kind = next(kind for kind in DUTY_PLACES if scene.knows(kind, code))
    return {f"{each}_code": code if each == kind else None for each in DUTY_PLACES}


def _leaves(scene: Scene, changes: Changes) -> None:
    stored = {(e["person"], e["since"]): e for e in scene.stored.rows.get("leave", ())}
    for row in scene.roster.of("leave"):
        wanted: Values = {"until": row.end}
        wanted |= {"deputy": row["deputy"]} if row.has("deputy") else {}
        known = stored.get((row["person"], row["since"]))
        kind = row["kind"] or (known["kind"] if known else scene.stored.firsts["leave_kinds"])
        wanted["kind"] = kind
        if known is None:
            who = {"person": row["person"], "since": row["since"], "deputy": None}
            changes.add("leave", who | wanted)
        elif changes.compare("leave", known["id"], wanted, known):
            changed = changes.changed["leave"][-1][1]
            changed |= {"since": known["since"], "until": row.end}


def _figures(scene: Scene, changes: Changes) -> None:
    names = ("grid_code", "fact", "year")
    stored = {tuple(e[n] for n in names): e for e in scene.stored.rows.get("figure", ())}
    for row in scene.roster.of("figures"):
        key = (row["grid"], row["fact"], row["year"])
        if key in stored:
            changes.compare("unit_figure", key, {"value": row["value"]}, stored[key])
        else:
            changes.add("unit_figure", dict(zip(names, key, strict=True)) | {"value": row["value"]})
