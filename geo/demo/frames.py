"""Names, codes and addresses: from the ground in local metres to the frames of the demo zone."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.blocks import union_by
from geo.demo.ground import Ground
from geo.demo.names import chinese_number, name_streets, name_units, reading_order
from geo.demo.partition import AREAS, COMMUNITIES, VILLAGES
from geo.demo.place import Placement
from geo.model import Zone


@dataclass(frozen=True)
class Gazetteer:
    """Codes and names of the partition, by index of cell and unit.

    Attributes
    ----------
    grids
        The frame of all three levels.
    units
        name, kind, town, code of each second-level unit.
    cell_code
        Code of each third-level grid.
    streets
        Name by street key.
    """

    grids: gpd.GeoDataFrame
    units: pd.DataFrame
    cell_code: list[str]
    streets: dict[str, str]


def name_the_ground(seed: int, ground: Ground, settings: Zone, placement: Placement) -> Gazetteer:
    """Number and name areas, units and cells, and draw the grids in the storage CRS."""
    partition = ground.partition
    cells = placement.geometries(partition.cells)
    count = COMMUNITIES + VILLAGES
    unit_shapes = union_by(partition.cells, partition.unit, count)
    area_shapes = union_by(unit_shapes, partition.area, AREAS)
    units = name_units(seed, unit_shapes, ground.terrain)
    centres = [
        shapely.get_coordinates(shapely.centroid(shapes))
        for shapes in (area_shapes, unit_shapes, partition.cells)
    ]
    area_code = _numbered(centres[0], np.zeros(AREAS, dtype=int), [settings.code_prefix])
    unit_code = _numbered(centres[1], partition.area, area_code)
    cell_code = _numbered(centres[2], partition.unit, unit_code)
    units["code"] = unit_code
    stored_units = union_by(cells, partition.unit, count)
    rows = [
        (1, "area", f"第{chinese_number(int(code[-3:]))}片区", code, None, shape)
        for code, shape in zip(area_code, union_by(stored_units, partition.area, AREAS), strict=True)
    ]
    rows += [
        (2, unit.kind, unit.name_, unit.code, area_code[partition.area[i]], stored_units[i])
        for i, unit in enumerate(units.rename(columns={"name": "name_"}).itertuples(index=False))
    ]
    kinds = cell_kinds(ground)
    rows += [
        (
            3,
            kinds[i],
            f"{units['name'][unit]}第{int(cell_code[i][-3:])}网格",
            cell_code[i],
            unit_code[unit],
            cells[i],
        )
        for i, unit in enumerate(partition.unit)
    ]
    frame = pd.DataFrame(rows, columns=["level", "kind", "name", "code", "parent_code", "geometry"])
    frame["parent_code"] = frame["parent_code"].astype(object).where(frame["level"] > 1, None)
    frame = frame.sort_values(["level", "code"], ignore_index=True)
    order = ["code", "level", "kind", "name", "parent_code", "geometry"]
    grids = gpd.GeoDataFrame(frame[order], geometry="geometry", crs=settings.storage_crs)
    return Gazetteer(grids, units, cell_code, name_streets(seed, ground.lines))


def _numbered(centres: np.ndarray, parent: np.ndarray, parent_codes: list[str]) -> list[str]:
    """Return parent code and three digits, numbered in reading order within each parent."""
    codes = [""] * len(centres)
    for index, parent_code in enumerate(parent_codes):
        rows = np.flatnonzero(parent == index)
        for number, position in enumerate(reading_order(centres[rows]), start=1):
            codes[rows[position]] = f"{parent_code}{number:03d}"
    return codes


def cell_kinds(ground: Ground) -> list[str]:
    """Return the kind of each third-level grid: rural, industrial, mixed or residential."""
    partition, stock = ground.partition, ground.buildings
    trade = (
        stock["kind"].isin(["office", "shop", "warehouse", "factory", "public"]).groupby(stock["cell"]).mean()
    )
    households = stock["households"].astype(int).groupby(stock["cell"]).sum()
    kinds = []
    for cell in range(len(partition.cells)):
        if not partition.is_town[cell]:
            kinds.append("rural")
        elif partition.is_park[cell] or households.get(cell, 0) < 40:
            kinds.append("industrial")
        else:
            kinds.append("mixed" if trade.get(cell, 0.0) > 0.45 else "residential")
    return kinds


def base_map(
    ground: Ground, streets: dict[str, str], settings: Zone, placement: Placement
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return roads, water and land use: kind, name, geometry."""
    terrain = ground.terrain
    roads = pd.DataFrame(
        {
            "kind": [kind for kind, _, _ in ground.lines],
            "name": pd.Series([streets.get(key) for _, key, _ in ground.lines], dtype=object),
            "geometry": placement.geometries([line for _, _, line in ground.lines]),
        }
    )
    brook_names = ("鹅湖溪", "清泉溪", "柳源溪", "联洪溪", "周江溪", "东壁溪")
    water: list[tuple[str, str | None, shapely.Geometry]] = [
        ("river", "萍水河", terrain.river & terrain.canvas)
    ]
    water += [("stream", name, area) for name, area in zip(brook_names, terrain.brooks, strict=False)]
    water += [("lake", "玉湖", terrain.town_lake), ("lake", "鹅湖水库", terrain.reservoir)]
    water += [("pond", None, pond) for pond in ground.ponds]
    patches = ground.land_use
    named = pd.DataFrame(water, columns=["kind", "name", "geometry"]).astype({"name": object})
    named["geometry"] = placement.geometries(named["geometry"].to_numpy())
    land = pd.DataFrame(
        {
            "kind": patches["kind"],
            "name": pd.Series([None] * len(patches), dtype=object),
            "geometry": placement.geometries(patches["geometry"].to_numpy()),
        }
    )
    crs = settings.storage_crs
    return (
        gpd.GeoDataFrame(roads, geometry="geometry", crs=crs),
        gpd.GeoDataFrame(named, geometry="geometry", crs=crs).explode(ignore_index=True),
        gpd.GeoDataFrame(land, geometry="geometry", crs=crs),
    )
