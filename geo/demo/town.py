"""The town's street lattice: a slightly turned, slightly bent rectangle of lines inside a ring road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.demo.shapes import Floats, stream
from geo.demo.terrain import CORE_RADII_M


@dataclass(frozen=True)
class Town:
    """Where the lattice lies; `u` runs roughly east, `v` roughly north, in metres.

    Attributes
    ----------
    turn
        Turn of the lattice against east, radians.
    waves
        Rows of (amplitude, wave length, phase, direction) that bend it.
    u_lines, v_lines
        Positions of the streets; `u_main`, `v_main` mark the main streets among them.
    """

    turn: float
    waves: Floats
    u_lines: Floats
    v_lines: Floats
    u_main: Floats
    v_main: Floats

    def place(self, uv: Floats) -> Floats:
        """Return local x, y of lattice positions."""
        x = uv[:, 0] * np.cos(self.turn) - uv[:, 1] * np.sin(self.turn)
        y = uv[:, 0] * np.sin(self.turn) + uv[:, 1] * np.cos(self.turn)
        for amplitude, length, phase, direction in self.waves:
            bend = amplitude * np.sin(
                2 * np.pi * (x * np.cos(direction) + y * np.sin(direction)) / length + phase
            )
            x, y = x - bend * np.sin(direction), y + bend * np.cos(direction)
        return np.column_stack([x, y])

    def ring(self, scale: float = 1.0) -> Floats:
        """Return the closed line of the ring road."""
        angles = np.linspace(0.0, 2 * np.pi, 240)
        power = (np.abs(np.cos(angles)) ** 2.7 + np.abs(np.sin(angles)) ** 2.7) ** (-1 / 2.7)
        u = CORE_RADII_M[0] * scale * power * np.cos(angles)
        return self.place(np.column_stack([u, CORE_RADII_M[1] * scale * power * np.sin(angles)]))

    def lake_centre(self) -> Floats:
        """Return the middle of the lattice cell that is left to the lake."""
        u, v = float(self.u_main[-2:].mean()), float(self.v_main[-2:].mean())
        centre: Floats = self.place(np.array([[u, v]]))[0]
        return centre


def make_town(seed: int) -> Town:
    """Choose turn, bends and street positions."""
    rng = stream(seed, "town")
    waves = np.column_stack(
        [
            rng.uniform(45.0, 95.0, 3),
            rng.uniform(2600.0, 5200.0, 3),
            rng.uniform(0, 2 * np.pi, 3),
            rng.uniform(0, np.pi, 3),
        ]
    )
    u_lines, u_main = _positions(rng, CORE_RADII_M[0])
    v_lines, v_main = _positions(rng, CORE_RADII_M[1])
    return Town(float(rng.uniform(-0.16, 0.16)), waves, u_lines, v_lines, u_main, v_main)


def _positions(rng: np.random.Generator, reach_m: float) -> tuple[Floats, Floats]:
    """Return street positions across the town and those of its main streets (every third)."""
    steps = rng.uniform(190.0, 285.0, 60)
    positions = np.cumsum(steps)
    positions -= positions[len(positions) // 2] + rng.uniform(-80, 80)
    middle = int(np.argmin(np.abs(positions)))
    inside = np.abs(positions) < reach_m - 110.0
    main = inside & (((np.arange(len(positions)) - middle) % 3) == 0)
    return positions[inside], positions[main]
