"""Neighbourhoods and buildings with names, codes, years and Chinese addresses."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.footprints import Geometries
from geo.demo.frames import Gazetteer
from geo.demo.ground import Ground
from geo.demo.names import name_sites, reading_order
from geo.demo.place import Placement
from geo.demo.shapes import Floats, stream
from geo.model import Zone

PROVINCE = "江西省萍乡经济技术开发区"
VILLAGE_NAMES = {
    "public": "活动中心",
    "school": "小学",
    "shop": "便民商店",
    "warehouse": "仓库",
    "factory": "加工厂",
}


def name_buildings(
    seed: int, ground: Ground, gazetteer: Gazetteer, settings: Zone, placement: Placement
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, Geometries]:
    """Return the frames of neighbourhoods and buildings, and the buildings' shapes in local metres."""
    stock = ground.buildings.copy()
    stock["unit"] = ground.partition.unit[stock["cell"].to_numpy(dtype=int)]
    stock["unit_name"] = gazetteer.units["name"].to_numpy()[stock["unit"]]
    stock["town"] = gazetteer.units["town"].to_numpy()[stock["unit"]]
    stock["centre"] = shapely.centroid(stock["geometry"].to_numpy(dtype=object))
    groups = _groups(ground)
    sites = stock.loc[stock["site_kind"].isin(["quarter", "campus"]), ["site", "unit_name"]].drop_duplicates(
        "site"
    )
    names = name_sites(seed, [(s, u.removesuffix("社区")) for s, u in sites.itertuples(index=False)])
    stock["site_name"] = pd.Series(
        [names.get(site) or groups.get(site) for site in stock["site"]], dtype=object
    )
    stock["number"] = _house_numbers(stock, ground, gazetteer)
    stock["built_year"] = _years(seed, stock)
    stock["name"] = _names(stock)
    stock["address"] = _addresses(stock)
    neighbourhoods = _neighbourhoods(stock, gazetteer)
    codes = dict(zip(neighbourhoods["site"], neighbourhoods["code"], strict=True))
    stock["neighbourhood_code"] = pd.Series([codes.get(site) for site in stock["site"]], dtype=object)
    stock = stock.sort_values(["unit", "built_year"], kind="stable", ignore_index=True)
    serial = stock.groupby("unit").cumcount() + 1
    unit_codes = gazetteer.units["code"].to_numpy()[stock["unit"].to_numpy(dtype=int)]
    stock["code"] = [f"{code}{number:05d}" for code, number in zip(unit_codes, serial, strict=True)]
    stock = stock.sort_values("code", ignore_index=True)
    local_shapes = stock["geometry"].to_numpy(dtype=object)
    stock["geometry"] = placement.geometries(local_shapes)
    for column in ("floors", "units", "households", "built_year"):
        stock[column] = stock[column].astype("int64")
    columns = [
        "code",
        "kind",
        "name",
        "neighbourhood_code",
        "address",
        "floors",
        "units",
        "households",
        "built_year",
    ]
    for column in ("code", "kind", "address"):
        stock[column] = stock[column].astype("str")
    buildings = gpd.GeoDataFrame(stock[[*columns, "geometry"]], geometry="geometry", crs=settings.storage_crs)
    return neighbourhoods.drop(columns="site"), buildings, local_shapes


def _groups(ground: Ground) -> dict[str, str]:
    """Return the name of each villager group, numbered in reading order within its village."""
    unit = ground.partition.unit[ground.hamlet_cell]
    names: dict[str, str] = {}
    for village in np.unique(unit):
        rows = np.flatnonzero(unit == village)
        for number, position in enumerate(reading_order(ground.hamlet_centres[rows]), start=1):
            names[f"group {rows[position]}"] = f"第{number}村民小组"
    return names


def _house_numbers(stock: pd.DataFrame, ground: Ground, gazetteer: Gazetteer) -> pd.Series:
    """Give town sites and single town buildings a street and a number: along the street, odd on one side."""
    town = stock[ground.partition.is_town[stock["cell"].to_numpy(dtype=int)]]
    key = town["site"].where(
        town["site"].notna(), "single " + town.index.astype(str).to_series(index=town.index)
    )
    first = town.assign(key=key).drop_duplicates("key")
    named = [
        (name, line)
        for _, k, line in ground.lines
        if (name := gazetteer.streets.get(k)) and "高速" not in name and "铁路" not in name
    ]
    tree = shapely.STRtree([line for _, line in named])
    points = first["centre"].to_numpy(dtype=object)
    nearest = tree.nearest(points)
    lines = np.array([line for _, line in named], dtype=object)[nearest]
    at = shapely.get_coordinates(
        shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, points))
    )
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, points) + 2.0)
    )
    to_point = shapely.get_coordinates(points) - at
    left = (ahead - at)[:, 0] * to_point[:, 1] - (ahead - at)[:, 1] * to_point[:, 0] > 0
    table = pd.DataFrame(
        {"street": [named[i][0] for i in nearest], "left": left, "along": at[:, 0] + at[:, 1]}
    )
    table = table.sort_values(["street", "left", "along"], kind="stable")
    rank = table.groupby(["street", "left"]).cumcount()
    table["text"] = table["street"] + (2 * rank + 1 + table["left"].astype(int)).astype(str) + "号"
    by_key = dict(zip(first["key"], table.sort_index()["text"], strict=True))
    result = pd.Series([None] * len(stock), dtype=object)
    result[town.index] = [by_key[k] for k in key]
    return result


def _years(seed: int, stock: pd.DataFrame) -> Floats:
    """Draw the year of building: one for a whole quarter or campus, the old town oldest."""
    rng = stream(seed, "years")
    own = np.clip(np.round(rng.normal(2002, 9, len(stock))), 1972, 2022)
    old = stock["site_kind"].eq("single") & stock["kind"].isin(["residential", "shop"])
    own = np.where(old, np.clip(np.round(rng.normal(1984, 9, len(stock))), 1955, 2005), own)
    sites = {
        site: int(year)
        for site, year in zip(
            stock["site"].dropna().unique(), rng.integers(1988, 2023, stock["site"].nunique()), strict=True
        )
    }
    together = stock["site_kind"].isin(["quarter", "campus"]).to_numpy()
    return np.where(together, [sites.get(site, 0) for site in stock["site"]], own).astype(np.int64)


def _names(stock: pd.DataFrame) -> pd.Series:
    """Return 「3栋」 in quarters, 「12号」 for houses, else the site's name, or None."""
    village = stock["unit_name"].str.endswith("村")
    in_village = stock["kind"].map(VILLAGE_NAMES)
    single = stock["site_kind"].eq("single")
    number = stock.groupby(["unit", "kind", "site_kind"]).cumcount() + 1
    names = []
    for row, (kind, site_name, label) in enumerate(
        zip(stock["site_kind"], stock["site_name"], stock["label"], strict=True)
    ):
        if kind in ("quarter", "group"):
            names.append(label)
        elif kind == "campus":
            names.append(f"{site_name}{label or ''}")
        elif village[row] and single[row]:
            names.append(f"{stock['unit_name'][row]}{number[row]}号{in_village[row]}")
        else:
            names.append(None)
    return pd.Series(names, dtype=object)


def _addresses(stock: pd.DataFrame) -> list[str]:
    texts = []
    for row in stock[["town", "unit_name", "number", "site_kind", "site_name", "label", "name"]].itertuples(
        index=False
    ):
        head = f"{PROVINCE}{row.town}{row.unit_name}"
        if row.site_kind == "group":
            texts.append(f"{head}{row.site_name}{row.label}")
        elif row.site_kind == "single":
            texts.append(head + (row.number or row.name.removeprefix(row.unit_name)))
        else:
            texts.append(f"{head}{row.number}{row.site_name}{row.label or ''}")
    return texts


def _neighbourhoods(stock: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return code, kind, name, grid_code (and the site key) of every quarter and villager group."""
    rows = stock[stock["site_kind"].isin(["quarter", "group"])].drop_duplicates("site")
    rows = rows.sort_values(
        ["unit", "site_name"], key=lambda c: c.str.zfill(16) if c.name == "site_name" else c, kind="stable"
    )
    number = rows.groupby("unit").cumcount() + 1
    unit_codes = gazetteer.units["code"].to_numpy()[rows["unit"].to_numpy(dtype=int)]
    return pd.DataFrame(
        {
            "code": [f"{code}N{n:03d}" for code, n in zip(unit_codes, number, strict=True)],
            "kind": np.where(rows["site_kind"].eq("quarter"), "quarter", "villager_group"),
            "name": rows["site_name"].to_numpy(),
            "grid_code": [gazetteer.cell_code[cell] for cell in rows["cell"]],
            "site": rows["site"].to_numpy(),
        }
    ).sort_values("code", ignore_index=True)
