"""The service record: what is new, and what of the known has been resolved since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from geo.roster.changes import Changes, Values, same
from geo.roster.checks.scene import Scene
from geo.roster.placing import Placed
from geo.roster.rows import Row
from geo.roster.stored import OWN_ID, REGISTER

#: Column of the table by column of the sheet, of what never changes once it is stored.
_KEPT: Mapping[str, str] = {
    "kind": "kind",
    "at": "at",
    "person": "person",
    "post": "post",
    "served": "served",
    "household": "household_code",
    "building": "building_code",
    "site": "site_code",
    "project": "project",
    "note": "note",
}


def compare_services(scene: Scene, placed: Placed, changes: Changes) -> None:
    """Find entries of the record that are new, or whose time of resolution differs."""
    known = _Known(scene)
    for row in scene.roster.of("services"):
        stored = known.find(row)
        if stored is None:
            changes.add("service_record", _new(scene, row, placed))
        else:
            _compare(row, stored, changes)


class _Known:
    """Stored entries by their ids, and those without by all they say."""

    def __init__(self, scene: Scene) -> None:
        rows = scene.stored.rows.get("service", ())
        self._named = {row["external_id"]: row for row in rows if row["import_source"] == REGISTER}
        self._own = {row["id"]: row for row in rows}
        self._alike: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
        for row in scene.stored.rows.get("service_unnamed", ()):
            self._alike[tuple(row[column] or "" for column in _KEPT.values())].append(row)

    def find(self, row: Row) -> Mapping[str, Any] | None:
        """The entry a row means; of several that say the same each is taken once."""
        if row["id"] is not None:
            match = OWN_ID.fullmatch(row["id"])
            return self._own.get(int(match[1])) if match else self._named.get(row["id"])
        alike = self._alike.get(tuple(row[name] or "" for name in _KEPT))
        return alike.pop(0) if alike else None


def _compare(row: Row, stored: Mapping[str, Any], changes: Changes) -> None:
    for name, column in _KEPT.items():
        if row.has(name) and not same(row[name] or "", stored[column] or ""):
            message = f"{name} of a stored service stays as it is; only 办结时间 may change"
            changes.warn(row, name, "service-kept", message)
    wanted = {"resolved_at": row["resolved_at"]} if row.has("resolved_at") else {}
    changes.compare("service_record", stored["id"], wanted, stored)


def _new(scene: Scene, row: Row, placed: Placed) -> Values:
    x, y, grid = _place(scene, row, placed)
    return {column: row[name] for name, column in _KEPT.items()} | {
        "at": _utc(row["at"]),
        "resolved_at": _utc(row["resolved_at"]),
        "note": row["note"] or "",
        "grid_code": grid,
        "x": x,
        "y": y,
        "import_source": None if row["id"] is None else REGISTER,
        "external_id": row["id"],
    }


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)


def _place(scene: Scene, row: Row, placed: Placed) -> tuple[float | None, float | None, str | None]:
    """Place and grid of the building, the household's building or the site; nothing when none is named."""
    for kind in ("building", "household", "site"):
        code = row[kind]
        brought = None if code is None else scene.brings(kind, code)
        if brought is not None and id(brought) in placed.points:
            return (*placed.points[id(brought)], placed.grids[id(brought)])
        if code is not None and code in scene.stored.of(kind):
            stored = scene.stored.of(kind)[code]
            return stored["x"], stored["y"], stored["grid_code"]
    return None, None, None
