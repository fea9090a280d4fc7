"""Party organisations as a tree: working committee, unit, branch, group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo.demo.names import chinese_number
from geo.demo.people.draws import shared
from geo.demo.people.land import Land
from geo.demo.people.plan import read_plan
from geo.demo.shapes import Floats, stream

COLUMNS = ["code", "kind", "name", "parent_code", "unit", "cell", "grid_code"]
Row = tuple[str, str, str, str | None, int, int, str | None]


def make_parties(seed: int, land: Land, organisations: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Invent the party organisations: as many as published.

    Returns
    -------
    pandas.DataFrame
        code, kind, name, parent_code, unit, cell (-1 where none), grid_code; parents before children.

    Notes
    -----
    Every third-level grid has a group, the largest have two; units have branches in proportion to their
    households; departments and some companies have branches of their own under the working committee.
    """
    plan = read_plan()
    top = f"{prefix}P001"
    rows: list[Row] = [(top, "working_committee", "经开区党工委", None, -1, -1, None)]
    rows += [_of_unit(land, unit, top) for unit in range(len(land.units))]
    rows += _of_offices(organisations, top, prefix, plan["parties"]["company_branches"])
    groups = plan["parties"]["groups"]
    branches = plan["published"]["party_organisations"] - len(rows) - groups
    homes = np.bincount(land.cells["unit"], weights=land.cells["households"] + 50.0)
    per_unit = 1 + shared(branches - len(land.units), homes)
    per_cell = _groups_per_cell(seed, land, groups)
    for unit in range(len(land.units)):
        rows += _below(land, unit, int(per_unit[unit]), per_cell)
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_unit(land: Land, unit: int, top: str) -> Row:
    name, code = land.units["name"][unit], land.units["code"][unit]
    kind = "committee" if len(land.cells_of(unit)) >= 6 else "general_branch"
    word = "党委" if kind == "committee" else "党总支"
    return (f"{code}P001", kind, f"{name}{word}", top, unit, -1, code)


def _of_offices(organisations: pd.DataFrame, top: str, prefix: str, companies: int) -> list[Row]:
    offices = organisations[organisations["kind"].eq("department")]
    firms = organisations[organisations["kind"].eq("property_company")].head(companies)
    names = [*offices["name"], *firms["name"]]
    return [
        (f"{prefix}P{n:03d}", "branch", f"{name}党支部", top, -1, -1, None)
        for n, name in enumerate(names, start=2)
    ]


def _groups_per_cell(seed: int, land: Land, groups: int) -> np.ndarray:
    """Give every third-level grid a group and the most populous a second one."""
    rng = stream(seed, "party groups")
    homes = land.cells["households"].to_numpy(dtype=float)
    rank = np.argsort(-homes * rng.uniform(0.8, 1.2, len(homes)), kind="stable")
    count = np.ones(len(homes), dtype=np.int64)
    count[rank[: groups - len(homes)]] += 1
    return count


def _below(land: Land, unit: int, branches: int, per_cell: np.ndarray) -> list[Row]:
    """Return a unit's branches and, shared out over them in order, its groups."""
    name, code = land.units["name"][unit], land.units["code"][unit]
    cells = land.cells_of(unit)
    rows: list[Row] = [
        (f"{code}P{n + 1:03d}", "branch", f"{name}第{chinese_number(n)}党支部", f"{code}P001", unit, -1, code)
        for n in range(1, branches + 1)
    ]
    number = branches + 1
    for place, cell in enumerate(cells):
        parent = rows[place * branches // len(cells)][0]
        for nth in range(int(per_cell[cell])):
            number += 1
            again = f"第{chinese_number(nth + 1)}" if per_cell[cell] > 1 else ""
            grid = land.cells["code"][cell]
            label = f"{land.cells['name'][cell]}{again}党小组"
            rows.append((f"{code}P{number:03d}", "group", label, parent, unit, int(cell), grid))
    return rows


def meeting_points(seed: int, parties: pd.DataFrame, sites: pd.DataFrame, land: Land) -> Floats:
    """Let organisations of a unit meet in its service hall and groups in a building of their grid, if any.

    Returns
    -------
    numpy.ndarray, shape (n, 2)
        Local metres; NaN for those of the whole zone.
    """
    rng = stream(seed, "party meetings")
    halls = sites[sites["kind"].eq("service_hall")].drop_duplicates("unit").set_index("unit")[["x", "y"]]
    points: Floats = halls.reindex(parties["unit"]).to_numpy(dtype=np.float64)
    cell = land.buildings["cell"].to_numpy()
    for row in np.flatnonzero(parties["cell"].to_numpy() >= 0):
        mine = parties["cell"][row]
        inside = land.footprints[cell == mine]
        house = inside[rng.integers(len(inside))] if len(inside) else land.cell_shapes[mine]
        points[row] = shapely.get_coordinates(shapely.point_on_surface(house))[0]
    return points
