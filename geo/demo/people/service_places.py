"""Where services take place: at a building that the person's post is about, or at a service site."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.people.land import Land
from geo.demo.shapes import Floats

SITE_KINDS = {
    "mediation": ("mediation_room", "service_hall"),
    "policy_talk": ("culture_centre", "service_hall", "farm_library"),
}
ANY_SITE = ("service_hall", "grid_station")
Ints = NDArray[np.int64]


class ServicePlaces:
    """Buildings by what posts are held for, households by building, sites by unit."""

    def __init__(self, land: Land, sites: pd.DataFrame, households: pd.DataFrame) -> None:
        stock = land.buildings
        self._weights: Floats = stock["households"].to_numpy(dtype=float) + 0.02
        self._units = dict(zip(land.units["code"], range(len(land.units)), strict=True))
        self._unit_of = stock["unit"].to_numpy()
        self._rows = self._by_code(land)
        self._cumulated: dict[str, tuple[Ints, Floats]] = {}
        self._sites = sites
        codes = households["code"].to_numpy(dtype=str)
        building = codes.astype("U17")
        order = stock["code"].to_numpy(dtype=str)
        self._codes = codes
        self._first = np.searchsorted(building, order, side="left")
        self._last = np.searchsorted(building, order, side="right")
        self._cell = stock["cell"].to_numpy()

    @staticmethod
    def _by_code(land: Land) -> dict[str, Ints]:
        """Return the buildings of every unit, grid, neighbourhood and of every building itself."""
        stock = land.buildings
        keys = [
            stock["code"],
            stock["neighbourhood_code"],
            land.cells["code"].take(stock["cell"]).set_axis(stock.index),
            land.units["code"].take(stock["unit"]).set_axis(stock.index),
        ]
        found: dict[str, Ints] = {}
        for key in keys:
            known = np.flatnonzero(key.notna())
            for code, rows in key.take(known).groupby(key.take(known)).indices.items():
                found[str(code)] = known[rows]
        return found

    def _buildings(self, target: str) -> tuple[Ints, Floats]:
        """Return the buildings a target is about, or its unit, and their cumulated weights."""
        if target not in self._cumulated:
            rows = self._rows.get(target)
            if rows is None or len(rows) == 0:
                rows = self._rows[target[:12]]
            self._cumulated[target] = (rows, np.cumsum(self._weights[rows]))
        return self._cumulated[target]

    def place(
        self, rng: np.random.Generator, kind: str, habits: dict[str, Any], targets: list[str]
    ) -> pd.DataFrame:
        """Choose a building for each service, and a site or a household where the kind has them.

        Returns
        -------
        pandas.DataFrame
            building (row), cell, site_code, household_code.
        """
        count = len(targets)
        luck = rng.random(count)
        building = np.empty(count, dtype=np.int64)
        for n, target in enumerate(targets):
            rows, weights = self._buildings(target)
            building[n] = rows[min(int(np.searchsorted(weights, luck[n] * weights[-1])), len(rows) - 1)]
        site = self._at_sites(rng, kind, building, rng.random(count) < habits.get("at_site", 0.0))
        at_home = (rng.random(count) < habits.get("household", 0.0)) & (site < 0)
        site_code = np.array([*self._sites["code"], None], dtype=object)[site]
        building = np.where(site >= 0, self._sites["building"].to_numpy()[site], building)
        return pd.DataFrame(
            {
                "building": building,
                "cell": self._cell[building],
                "site_code": site_code,
                "household_code": self._at_home(rng, building, at_home),
            }
        )

    def _at_sites(
        self, rng: np.random.Generator, kind: str, building: Ints, chosen: NDArray[np.bool_]
    ) -> Ints:
        """Return the row of a fitting site of the unit for those chosen, -1 for all others."""
        fits = self._sites["kind"].isin(SITE_KINDS.get(kind, ANY_SITE)).to_numpy()
        by_unit = {
            unit: np.flatnonzero(fits & (self._sites["unit"].to_numpy() == unit))
            for unit in self._units.values()
        }
        result = np.full(len(building), -1, dtype=np.int64)
        for n in np.flatnonzero(chosen):
            options = by_unit[int(self._unit_of[building[n]])]
            if len(options):
                result[n] = rng.choice(options)
        return result

    def _at_home(
        self, rng: np.random.Generator, building: Ints, chosen: NDArray[np.bool_]
    ) -> NDArray[np.object_]:
        """Return the code of a household of the building for those chosen, where it has any."""
        first, last = self._first[building], self._last[building]
        row = first + np.floor(rng.random(len(building)) * (last - first)).astype(np.int64)
        has = chosen & (last > first)
        found = np.full(len(building), None, dtype=object)
        found[has] = self._codes[row[has]]
        return found
