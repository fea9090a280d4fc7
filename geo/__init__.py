"""The grid itself: the same core for notebook, command line and web.

What planners use, in one place::

    import geo
    with geo.open_session() as session:
        grids = geo.grids_frame(session, level=3)
    locator = geo.Locator.from_frame(grids)

A name is imported when it is first used, so that ``import geo`` takes no time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.analysis.cells import hexagon_cells as hexagon_cells
    from geo.analysis.cells import square_cells as square_cells
    from geo.analysis.cells import sum_points as sum_points
    from geo.analysis.density import count_by_grid as count_by_grid
    from geo.analysis.hotspots import hot_spots as hot_spots
    from geo.analysis.hotspots import relative_risk as relative_risk
    from geo.coverage import coverage_frame as coverage_frame
    from geo.coverage import coverage_inputs as coverage_inputs
    from geo.coverage import measure_coverage as measure_coverage
    from geo.density import density_frame as density_frame
    from geo.density import heat_points as heat_points
    from geo.density import measure_density as measure_density
    from geo.frames import buildings_frame as buildings_frame
    from geo.frames import grids_frame as grids_frame
    from geo.frames import hot_spots_frame as hot_spots_frame
    from geo.frames import incidents_frame as incidents_frame
    from geo.frames import neighbourhoods_frame as neighbourhoods_frame
    from geo.geocode_files import FileOptions as FileOptions
    from geo.geocode_files import geocode_file as geocode_file
    from geo.geocode_frames import geocode_frame as geocode_frame
    from geo.ground import chain_locator as chain_locator
    from geo.locate.chain import ChainLocator as ChainLocator
    from geo.locate.index import Locator as Locator
    from geo.session import open_session as open_session
    from geo.zones import get_zone as get_zone

#: Where each public name lives.
_HOMES = {
    "ChainLocator": "geo.locate.chain",
    "FileOptions": "geo.geocode_files",
    "Locator": "geo.locate.index",
    "buildings_frame": "geo.frames",
    "chain_locator": "geo.ground",
    "count_by_grid": "geo.analysis.density",
    "coverage_frame": "geo.coverage",
    "coverage_inputs": "geo.coverage",
    "density_frame": "geo.density",
    "geocode_file": "geo.geocode_files",
    "geocode_frame": "geo.geocode_frames",
    "get_zone": "geo.zones",
    "grids_frame": "geo.frames",
    "heat_points": "geo.density",
    "hexagon_cells": "geo.analysis.cells",
    "hot_spots": "geo.analysis.hotspots",
    "hot_spots_frame": "geo.frames",
    "incidents_frame": "geo.frames",
    "measure_coverage": "geo.coverage",
    "measure_density": "geo.density",
    "neighbourhoods_frame": "geo.frames",
    "open_session": "geo.session",
    "relative_risk": "geo.analysis.hotspots",
    "square_cells": "geo.analysis.cells",
    "sum_points": "geo.analysis.cells",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - written out above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"geo has no {name!r}; it has {', '.join(_HOMES)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
