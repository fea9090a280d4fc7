"""A zone of two grids and a house, and files of points in it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from geo.locate.chain import ChainLocator


def toy_chain() -> ChainLocator:
    """Two grids of a degree side by side, one grid over both, one building."""
    grids = gpd.GeoDataFrame(
        {"code": ["A", "A1", "A2"], "level": [1, 2, 2], "parent_code": [None, "A", "A"]},
        geometry=[box(113, 27, 115, 28), box(113, 27, 114, 28), box(114, 27, 115, 28)],
        crs="EPSG:4490",
    ).set_index("code")
    houses = gpd.GeoDataFrame(geometry=[box(113.1, 27.1, 113.2, 27.2)], index=["H"], crs="EPSG:4490")
    return ChainLocator.from_frames(grids, houses)


@pytest.fixture(scope="session")
def chain() -> ChainLocator:
    """The toy zone's index."""
    return toy_chain()


def small_csv(path: Path) -> Path:
    """One place in the toy zone."""
    path.write_text("lon,lat\n113.5,27.5\n")
    return path
