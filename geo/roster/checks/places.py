"""Coordinates come in pairs; a camera's direction goes with its angle."""

from __future__ import annotations

from typing import Any

from geo.roster.checks.scene import Scene
from geo.roster.rows import Row

LOCATED = ("party_orgs", "sites", "teams", "cameras")


def check_coordinates(scene: Scene) -> None:
    """Rule ``coordinates-half``."""
    for sheet in LOCATED:
        for row in scene.roster.of(sheet):
            filled = [name for name in ("lon", "lat") if name in row.raw]
            if len(filled) == 1 and {"lon", "lat"} <= row.table.places.keys():
                empty = "lat" if filled == ["lon"] else "lon"
                said = "is empty while the other coordinate is filled; fill both or none"
                scene.faults.add(row, empty, "coordinates-half", said)


def check_cameras(scene: Scene) -> None:
    """Rule ``camera-view``: a camera that sees all round has no direction, any other has one."""
    for row in scene.roster.of("cameras"):
        if {"direction", "angle"} & row.faulty:
            continue
        direction, angle = _kept(scene, row, "direction"), _kept(scene, row, "angle")
        if "direction" not in row.table.places and "angle" not in row.table.places:
            continue
        if direction is not None and angle in {None, 360}:
            said = "is filled, but the camera sees all round (视角 360 or empty); empty it, or give the 视角"
            scene.faults.add(row, "direction", "camera-view", said)
        elif direction is None and angle is not None and angle < 360:
            said = f"is empty, but 视角 is {angle:g}; say where the camera looks"
            scene.faults.add(row, "direction", "camera-view", said)


def _kept(scene: Scene, row: Row, column: str) -> Any:
    """A cell's value, or what is stored where the sheet does not have the column."""
    if column in row.table.places:
        return row[column]
    return scene.stored.of("camera").get(row["code"] or "", {}).get(f"{column}_deg")
