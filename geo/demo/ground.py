"""The ground of the demo zone, step by step, still in local metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.demo.blocks import make_blocks
from geo.demo.land_use import land_use, ponds
from geo.demo.parcels import make_parcels
from geo.demo.partition import Ints, Partition, make_partition
from geo.demo.quarters import town_homes
from geo.demo.roads import Lines, make_network
from geo.demo.shapes import Floats, stream
from geo.demo.sites import town_sites
from geo.demo.terrain import Terrain, make_terrain
from geo.demo.town import make_town
from geo.demo.uses import assign_uses, household_targets
from geo.demo.villages import build_villages, place_hamlets

FULL_STOCK = 20_000


@dataclass(frozen=True)
class Ground:
    """Everything but names, codes and incidents, in local metres.

    Attributes
    ----------
    terrain, partition
        The land and its three nested levels.
    lines
        Kind, key and line of every road.
    ponds
        Village ponds.
    hamlet_centres, hamlet_cell
        Where each villager group lies.
    buildings
        The stock as :func:`geo.demo.stock.some_buildings` describes it.
    land_use
        kind, geometry.
    """

    terrain: Terrain
    partition: Partition
    lines: Lines
    ponds: list[shapely.Polygon]
    hamlet_centres: Floats
    hamlet_cell: Ints
    buildings: pd.DataFrame
    land_use: pd.DataFrame


def make_ground(seed: int, buildings: int) -> Ground:
    """Shape land, roads and grids, and build on them; fewer `buildings` thin the same stock out."""
    town = make_town(seed)
    terrain = make_terrain(seed, town.lake_centre())
    network = make_network(seed, terrain, town)
    blocks = make_blocks(seed, terrain, network)
    partition = make_partition(seed, blocks, network)
    target = household_targets(seed, partition)
    parcels = make_parcels(seed, terrain, network, partition)
    assign_uses(seed, parcels, partition, terrain, target)
    urban = pd.concat([town_homes(seed, parcels, target), town_sites(seed, parcels)], ignore_index=True)
    hamlets = place_hamlets(seed, terrain, network, partition)
    houses = FULL_STOCK - len(urban)
    rural = build_villages(seed, terrain, network, partition, hamlets, houses, target)
    stock = pd.concat([urban, rural], ignore_index=True)
    patches = land_use(seed, terrain, network, parcels, stock)
    return Ground(
        terrain=terrain,
        partition=partition,
        lines=[*network.lines, *parcels.lanes, *hamlets.lanes],
        ponds=ponds(seed, terrain, network, hamlets, rural["geometry"].to_numpy()),
        hamlet_centres=hamlets.centres,
        hamlet_cell=hamlets.cell,
        buildings=_thinned(seed, stock, buildings),
        land_use=patches,
    )


def _thinned(seed: int, stock: pd.DataFrame, buildings: int) -> pd.DataFrame:
    """Keep about `buildings` of the stock, but some in every grid."""
    if buildings >= len(stock):
        return stock
    order = stream(seed, "thinning").random(len(stock))
    in_cell = pd.Series(order).groupby(stock["cell"].to_numpy()).rank(method="first").to_numpy()
    keep = (order < np.sort(order)[buildings]) | (in_cell <= 3)
    return stock[keep].reset_index(drop=True)
