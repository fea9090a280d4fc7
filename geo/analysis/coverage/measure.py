"""All measures of coverage of one moment, for every grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo.analysis.coverage.hierarchy import roll_up
from geo.analysis.coverage.inputs import CoverageInputs
from geo.analysis.coverage.load import coverage, per_worker, population
from geo.analysis.coverage.staffing import count_overloads, count_workers, overloads, vacancies
from geo.analysis.coverage.targets import targets

#: Columns of :attr:`Coverage.frames` beside those of the grids, in this order; shares are 0 to 1.
MEASURES = (
    "population",
    "population_per_km2",
    "households_per_km2",
    "buildings_per_km2",
    "workers",
    "population_per_worker",
    "households_per_worker",
    "buildings_per_worker",
    "norm_share",
    "vacancies",
    "overloads",
    "in_reach_share",
    "buildings_in_reach_share",
    "site_distance_m",
    "view_share",
    "households_in_view_share",
    "incidents",
    "incidents_in_view_share",
    "teams_near",
    "team_distance_m",
    "on_duty",
    "covered_share",
)

#: Columns of :attr:`Coverage.gaps`.
GAP_COLUMNS = (
    "kind",
    "grid_code",
    "grid_name",
    "what",
    "name",
    "people",
    "households",
    "measure",
    "limit",
    "unit",
)


@dataclass(frozen=True)
class Coverage:
    """Coverage of a zone at one moment.

    Attributes
    ----------
    frames
        By level: the grids with :data:`MEASURES`, float64, NaN where unknown.
    gaps
        What is missing, by people affected; see :func:`geo.analysis.coverage.gaps.rank_gaps`.
    moment
        In the zone's own time.
    function
        Code of the sites' function asked for; None for any.
    """

    frames: dict[int, GeoDataFrame]
    gaps: GeoDataFrame
    moment: datetime
    function: str | None = None


def measure(inputs: CoverageInputs, *, function: str | None = None) -> Coverage:
    """Measure the coverage of every grid.

    Parameters
    ----------
    function
        Only sites that offer it are counted in reach; None for any.

    Returns
    -------
    Coverage
        In the CRS of ``inputs.grids``.
    """
    grids = _with_load(inputs)
    columns = pd.concat([_staffing(inputs, grids)], axis=1)
    grids = grids.join(columns)
    grids[list(set(MEASURES) - set(grids))] = np.nan
    ordered = grids[[*inputs.grids.columns.drop("geometry"), *MEASURES, "geometry"]]
    frames = {int(level): ordered[ordered["level"] == level] for level in sorted(grids["level"].unique())}
    gaps = GeoDataFrame(columns=[*GAP_COLUMNS, "geometry"], geometry="geometry", crs=inputs.grids.crs)
    return Coverage(frames, gaps, inputs.moment, function)


def _with_load(inputs: CoverageInputs) -> GeoDataFrame:
    grids = inputs.grids.assign(population=population(inputs.buildings, inputs.grids))
    measured = coverage(grids)
    return grids.join(measured[measured.columns.difference(grids.columns, sort=False)])


def _staffing(inputs: CoverageInputs, grids: GeoDataFrame) -> pd.DataFrame:
    """Workers, vacancies and overloads; unknown while the zone has entered no assignment."""
    if not len(inputs.assignments):
        return pd.DataFrame(index=grids.index)
    held_for = targets(grids, inputs.buildings, inputs.neighbourhoods, inputs.others)
    missing = vacancies(inputs.posts, held_for, inputs.assignments)
    too_much = overloads(inputs.posts, held_for, inputs.assignments)
    workers = count_workers(inputs.posts, inputs.assignments, grids)
    counted = missing.groupby("grid_code").size().to_frame("vacancies")
    return pd.concat(
        [
            workers,
            per_worker(grids, workers, inputs.norms.households_per_worker),
            roll_up(counted, grids),
            count_overloads(too_much, grids),
        ],
        axis=1,
    )
