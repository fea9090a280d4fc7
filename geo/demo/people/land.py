"""What posts are held for: units, grids, neighbourhoods and buildings, in local metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.frames import Gazetteer
from geo.demo.ground import Ground
from geo.demo.names import reading_order
from geo.demo.roads import Lines
from geo.demo.shapes import Floats

Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Land:
    """The ground as the people see it; every frame sorted by code, x and y in local metres.

    Attributes
    ----------
    areas, units
        code, name, kind, town (units only), x, y.
    cells
        Third-level grids: code, name, kind, unit (row of `units`), village (bool), households, x, y.
    cell_shapes
        Their polygons.
    neighbourhoods
        code, kind, name, unit, cell (row of `cells`), households, built_year, x, y.
    buildings
        code, kind, name, address, unit, cell, neighbourhood_code, households, built_year, x, y.
    footprints
        Shapes of the buildings.
    lines
        Kind, key and line of every road.
    streets
        Name by street key.
    """

    areas: pd.DataFrame
    units: pd.DataFrame
    cells: pd.DataFrame
    cell_shapes: Geometries
    neighbourhoods: pd.DataFrame
    buildings: pd.DataFrame
    footprints: Geometries
    lines: Lines
    streets: dict[str, str]

    @cached_property
    def buildings_of(self) -> dict[int, NDArray[np.int64]]:
        """Rows of the buildings of each unit."""
        unit = self.buildings["unit"].to_numpy()
        return {row: np.flatnonzero(unit == row) for row in range(len(self.units))}

    @cached_property
    def kinds(self) -> Geometries:
        """Kinds of all buildings."""
        return np.asarray(self.buildings["kind"], dtype=object)

    @cached_property
    def centres(self) -> Floats:
        """Centres of all buildings, shape (n, 2)."""
        return np.asarray(self.buildings[["x", "y"]], dtype=np.float64)

    @cached_property
    def unit_centres(self) -> Floats:
        """Centres of the units' households, shape (n, 2)."""
        return np.asarray(self.units[["x", "y"]], dtype=np.float64)

    def first_years(self) -> dict[str, int]:
        """Return the year each building and neighbourhood begins, by code."""
        both = pd.concat([self.buildings, self.neighbourhoods])[["code", "built_year"]]
        return dict(both.itertuples(index=False, name=None))

    def cells_of(self, unit: int) -> NDArray[np.int64]:
        """Return the rows of a unit's third-level grids."""
        return np.flatnonzero(self.cells["unit"].to_numpy() == unit)


def survey(
    ground: Ground,
    gazetteer: Gazetteer,
    neighbourhoods: pd.DataFrame,
    buildings: pd.DataFrame,
    footprints: Geometries,
) -> Land:
    """Gather what posts are held for."""
    cells = _cells(ground, gazetteer)
    stock = _stock(ground, cells, buildings, footprints)
    cells["households"] = np.bincount(stock["cell"], weights=stock["households"], minlength=len(cells))
    areas = gazetteer.grids[gazetteer.grids["level"] == 1][["code", "name", "kind"]]
    return Land(
        areas=pd.DataFrame(areas).reset_index(drop=True),
        units=_units(gazetteer, stock),
        cells=cells.drop(columns="place"),
        cell_shapes=ground.partition.cells[cells["place"].to_numpy()],
        neighbourhoods=_neighbourhoods(neighbourhoods, stock, cells),
        buildings=stock,
        footprints=footprints,
        lines=ground.lines,
        streets=gazetteer.streets,
    )


def _cells(ground: Ground, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return the third-level grids by code, with their row in the partition as `place`."""
    points = shapely.get_coordinates(shapely.point_on_surface(ground.partition.cells))
    unit_codes = np.sort(gazetteer.units["code"].to_numpy(dtype=str))
    table = pd.DataFrame({"code": gazetteer.cell_code, "place": range(len(points))})
    table["x"], table["y"] = points[:, 0], points[:, 1]
    table["village"] = ~ground.partition.is_town
    table["park"] = ground.partition.is_park
    table["unit"] = np.searchsorted(unit_codes, table["code"].str[:12].to_numpy(dtype=str))
    named = gazetteer.grids.set_index("code")[["name", "kind"]]
    table = table.join(named, on="code")
    return table.sort_values("code", ignore_index=True)


def _stock(
    ground: Ground, cells: pd.DataFrame, buildings: pd.DataFrame, footprints: Geometries
) -> pd.DataFrame:
    columns = ["code", "kind", "name", "address", "neighbourhood_code", "floors", "households", "built_year"]
    table = pd.DataFrame(buildings[columns])
    points = shapely.centroid(footprints)
    table["x"], table["y"] = shapely.get_x(points), shapely.get_y(points)
    inside = shapely.STRtree(ground.partition.cells).query(
        shapely.point_on_surface(footprints), predicate="intersects"
    )
    place = np.zeros(len(table), dtype=np.int64)
    place[inside[0]] = inside[1]
    row = np.argsort(cells["place"].to_numpy())
    table["cell"] = row[place]
    table["unit"] = cells["unit"].to_numpy()[table["cell"]]
    return table


def _units(gazetteer: Gazetteer, stock: pd.DataFrame) -> pd.DataFrame:
    table = gazetteer.units[["code", "name", "kind", "town"]].sort_values("code", ignore_index=True)
    homes = stock["households"] + 0.01
    total = homes.groupby(stock["unit"]).sum()
    for axis in ("x", "y"):
        table[axis] = (stock[axis] * homes).groupby(stock["unit"]).sum() / total
    table["village"] = table["kind"].eq("village")
    return table


def _neighbourhoods(neighbourhoods: pd.DataFrame, stock: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    found = stock.groupby("neighbourhood_code").agg(
        households=("households", "sum"), built_year=("built_year", "min"), x=("x", "mean"), y=("y", "mean")
    )
    table = neighbourhoods[["code", "kind", "name", "grid_code"]].join(found, on="code")
    table["cell"] = np.searchsorted(cells["code"].to_numpy(dtype=str), table["grid_code"].to_numpy(dtype=str))
    table["unit"] = cells["unit"].to_numpy()[table["cell"]]
    return table.drop(columns="grid_code")


def near_each_other(points: Floats) -> NDArray[np.int64]:
    """Return an order of places in which neighbours mostly follow each other, row by row and back."""
    order = reading_order(points)
    rows = max(1, round(np.sqrt(len(points))))
    parts = np.array_split(order, rows)
    turned = [part[::-1] if number % 2 else part for number, part in enumerate(parts)]
    return np.concatenate(turned).astype(np.int64)
