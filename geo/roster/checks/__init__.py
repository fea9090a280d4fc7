"""Rules that a cell alone does not show: between rows, sheets and what is stored. Pure functions.

Each check takes a :class:`~geo.roster.checks.scene.Scene` and adds to its faults.
"""

from __future__ import annotations

from collections.abc import Callable

from geo.roster.checks.intervals import check_duty, check_leave, check_openings, check_serving
from geo.roster.checks.places import check_cameras, check_coordinates
from geo.roster.checks.posts import check_holders, check_targets
from geo.roster.checks.references import check_circles, check_references, check_repeated
from geo.roster.checks.scene import Scene
from geo.roster.checks.single_rows import check_deputies, check_kept_ends, check_names, check_order

#: In an order in which what a check leaves out has been found faulty before.
CHECKS: tuple[Callable[[Scene], None], ...] = (
    check_repeated,
    check_references,
    check_order,
    check_kept_ends,
    check_targets,
    check_names,
    check_coordinates,
    check_cameras,
    check_circles,
    check_deputies,
    check_holders,
    check_openings,
    check_duty,
    check_leave,
    check_serving,
)


def check(scene: Scene) -> None:
    """Apply every rule."""
    for rule in CHECKS:
        rule(scene)


__all__ = ["CHECKS", "Scene", "check"]
