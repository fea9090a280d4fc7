"""Rows with codes of their own against what is stored: people, organisations, sites, teams, cameras."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geo.roster.changes import Changes, Values, same
from geo.roster.checks.scene import Scene
from geo.roster.placing import Placed
from geo.roster.rows import Row

#: Column of the table by column of the sheet.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "organisation": {
        "name": "name",
        "kind": "kind",
        "parent": "parent_code",
        "grid": "grid_code",
        "phone": "phone",
    },
    "party_org": {
        "name": "name",
        "kind": "kind",
        "parent": "parent_code",
        "grid": "grid_code",
        "members": "declared_members",
    },
    "site": {
        "name": "name",
        "kind": "kind",
        "address": "address",
        "phone": "phone",
        "building": "building_code",
    },
    "team": {
        "name": "name",
        "kind": "kind",
        "phone": "phone",
        "members": "declared_members",
        "grid": "grid_code",
    },
    "camera": {
        "name": "name",
        "kind": "kind",
        "network": "network",
        "state": "state",
        "direction": "direction_deg",
        "angle": "angle_deg",
        "range": "range_m",
        "height": "height_m",
        "organisation": "organisation_code",
        "stream": "stream_url",
        "filing": "filing_number",
        "filed_on": "filed_on",
        "retention": "retention_days",
    },
    "person": {
        "name": "name",
        "gender": "gender",
        "born_on": "born_on",
        "education": "education",
        "phone": "phone",
        "prospering": "is_prospering",
    },
}
TABLES = {
    "organisation": "organisation",
    "party_org": "party_organisation",
    "site": "service_site",
    "team": "team",
    "camera": "camera",
    "person": "person",
}
#: Things whose grid follows from their place; of the others the sheet says it.
FILED = frozenset({"site", "camera"})
LOCATED = frozenset({"party_org", "site", "team", "camera"})
_VIEW = ("x", "y", "direction_deg", "angle_deg", "range_m")


def compare_things(scene: Scene, placed: Placed, changes: Changes) -> None:
    """Find what is new or differs among rows with codes."""
    for kind in FIELDS:
        for code, row in scene.brought[kind].items():
            stored = scene.stored.of(kind).get(code)
            wanted = _wanted(scene, kind, row, placed)
            _keep_masked(row, wanted, stored, changes)
            if stored is None:
                changes.add(TABLES[kind], _complete(scene, kind, code, wanted))
            else:
                _compare(kind, row, wanted, stored, changes)


def _wanted(scene: Scene, kind: str, row: Row, placed: Placed) -> Values:
    wanted = {column: row[name] for name, column in FIELDS[kind].items() if row.has(name)}
    if kind == "camera":
        wanted = _with_defaults(scene, wanted)
    if "is_prospering" in wanted:
        wanted["is_prospering"] = bool(wanted["is_prospering"])
    if kind in LOCATED and {"lon", "lat"} & row.table.places.keys():
        wanted["x"], wanted["y"] = placed.points.get(id(row), (None, None))
        if kind in FILED:
            wanted["grid_code"] = placed.grids.get(id(row))
    return wanted


def _with_defaults(scene: Scene, wanted: Values) -> Values:
    """What an empty cell of a camera stands for."""
    defaults = {"state": scene.stored.firsts.get("camera_states"), "angle_deg": 360.0, "range_m": 50.0}
    return wanted | {
        name: value for name, value in defaults.items() if name in wanted and wanted[name] is None
    }


def _keep_masked(row: Row, wanted: Values, stored: Mapping[str, Any] | None, changes: Changes) -> None:
    """A masked telephone that comes back leaves the stored one as it is."""
    if "*" not in (wanted.get("phone") or ""):
        return
    if stored is not None and stored["phone"]:
        del wanted["phone"]
        return
    wanted["phone"] = None
    changes.warn(
        row, "phone", "phone-masked", f"{wanted['name']}: the telephone is masked and none is stored"
    )


def _complete(scene: Scene, kind: str, code: str, wanted: Values) -> Values:
    """A whole new row: every column of the kind, valid from its first day on."""
    row = dict.fromkeys(FIELDS[kind].values()) | wanted | {"code": code}
    since, until = scene.today, None
    if kind == "person":
        brought = scene.brought[kind][code]
        since, until = brought["since"] or scene.today, brought.end
        row["is_prospering"] = bool(row["is_prospering"])
    if kind == "camera":
        row = _with_defaults(scene, row)
    if kind in LOCATED:
        row = {"x": None, "y": None} | row
    return row | {"since": since, "until": until}


def _compare(kind: str, row: Row, wanted: Values, stored: Mapping[str, Any], changes: Changes) -> None:
    if kind == "person":
        wanted |= _days(row, stored)
    if kind in FILED and "x" in wanted and _is_there(wanted, stored):
        # Where it has not moved it stays filed as it is.
        for name in ("x", "y", "grid_code"):
            del wanted[name]
    differing = changes.compare(TABLES[kind], stored["code"], wanted, stored)
    if kind == "camera" and stored["has_view"] and any(name in differing for name in _VIEW):
        differing["view"] = None
        message = f"{stored['code']} was moved or turned; its surveyed view no longer holds and is dropped"
        changes.warn(row, "code", "view-dropped", message)
    _complete_pairs(differing, wanted)


def _is_there(wanted: Values, stored: Mapping[str, Any]) -> bool:
    return all(same(wanted[name], stored[name]) for name in ("x", "y"))


def _complete_pairs(differing: Values, wanted: Values) -> None:
    """A place, and a range of days, is written whole even when only one half differs."""
    for pair in (("x", "y"), ("since", "until")):
        if differing.keys() & set(pair):
            differing.update({name: wanted[name] for name in pair})


def _days(row: Row, stored: Mapping[str, Any]) -> dict[str, date | None]:
    """First and last day in the roster; an empty first day leaves the stored one, with its range whole."""
    since = row["since"] or stored["since"]
    until = row.end if row.has("until") else stored["until"]
    return {"since": since, "until": until}
