"""All measures of coverage of one moment, for every grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from geo.analysis.coverage.gaps import (
    duty_gaps,
    norm_gaps,
    overload_gaps,
    rank_gaps,
    reach_gaps,
    vacancy_gaps,
    view_gaps,
)
from geo.analysis.coverage.hierarchy import mean_by_grid, sum_by_grid
from geo.analysis.coverage.hours import count_on_duty, covered_hours, on_duty, stand_ins
from geo.analysis.coverage.inputs import CoverageInputs
from geo.analysis.coverage.load import coverage, per_worker, population
from geo.analysis.coverage.reach import reach, site_reach
from geo.analysis.coverage.staffing import (
    asked_buildings,
    count_overloads,
    count_workers,
    overloads,
    vacancies,
)
from geo.analysis.coverage.targets import targets
from geo.analysis.coverage.teams import team_reach, teams_near
from geo.analysis.coverage.view import FOOTPRINT_M, buildings_in_view, in_view, seen_ground, view_share, views
from geo.analysis.opening import open_at
from geo.wkb import unpack

#: Columns of :attr:`Coverage.frames` beside those of the grids, in this order; shares are 0 to 1. Those of
#: teams come again for each kind of team, as ``teams_near_patrol``.
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


@dataclass(frozen=True)
class Coverage:
    """Coverage of a zone at one moment.

    Attributes
    ----------
    frames
        By level: the grids with :data:`MEASURES`, float64, NaN where unknown.
    gaps
        What is missing, by people affected; see :func:`geo.analysis.coverage.gaps.rank_gaps`.
    hours
        Indexed by code of grid, a column for the beginning of each hour of the day: the part of it, 0 to 1,
        in which somebody is on duty; see :func:`geo.analysis.coverage.hours.covered_hours`. Without columns
        where nobody is on the rota for a grid that day.
    moment
        In the zone's own time.
    function
        Code of the sites' function asked for; None for any.
    """

    frames: dict[int, GeoDataFrame]
    gaps: GeoDataFrame
    hours: pd.DataFrame
    moment: datetime
    function: str | None = None


@dataclass(frozen=True)
class _Found:
    """Columns for the frames, and gaps."""

    columns: pd.DataFrame
    gaps: tuple[GeoDataFrame, ...] = ()


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
    metric = inputs.buildings.to_crs(inputs.metric_crs)
    hours = _hours(inputs)
    parts = (
        _staffing(inputs, grids),
        _sites(inputs, grids, metric, function),
        _cameras(inputs, grids, metric),
        _teams(inputs, grids, metric),
        _duty(inputs, grids, hours),
    )
    measured = _joined(grids, [part.columns for part in parts], inputs)
    frames = {int(level): measured[measured["level"] == level] for level in sorted(grids["level"].unique())}
    found = [rows for part in parts for rows in part.gaps] + _grid_gaps(frames, inputs)
    return Coverage(frames, rank_gaps(found, grids), hours, inputs.moment, function)


def _with_load(inputs: CoverageInputs) -> GeoDataFrame:
    grids = inputs.grids.assign(population=population(inputs.buildings, inputs.grids))
    measured = coverage(grids)
    return grids.join(measured[measured.columns.difference(grids.columns, sort=False)])


def _joined(grids: GeoDataFrame, parts: list[pd.DataFrame], inputs: CoverageInputs) -> GeoDataFrame:
    """The grids with every measure, unknown where no part gave it, in the order of MEASURES."""
    together = pd.concat([pd.DataFrame(grids.drop(columns="geometry")), *parts], axis=1)
    own = list(inputs.grids.columns.drop("geometry"))
    further = [name for name in together if name not in own and name not in MEASURES]
    together = together.reindex(columns=[*own, *further, *MEASURES])
    together = together.astype(dict.fromkeys([*further, *MEASURES], "float64"))
    return GeoDataFrame(together, geometry=grids.geometry, crs=grids.crs)


def _grid_gaps(frames: dict[int, GeoDataFrame], inputs: CoverageInputs) -> list[GeoDataFrame]:
    if not frames:
        return []
    finest = frames[max(frames)]
    return [norm_gaps(finest, inputs.norms.households_per_worker), view_gaps(finest), duty_gaps(finest)]


def _staffing(inputs: CoverageInputs, grids: GeoDataFrame) -> _Found:
    """Workers, vacancies and overloads; unknown while the zone has entered no assignment."""
    if not len(inputs.assignments):
        return _Found(pd.DataFrame(index=grids.index))
    wanted = asked_buildings(inputs.posts, inputs.buildings, inputs.assignments)
    held_for = targets(grids, inputs.buildings, inputs.neighbourhoods, inputs.others, wanted=wanted)
    missing = vacancies(inputs.posts, held_for, inputs.assignments)
    too_much = overloads(inputs.posts, held_for, inputs.assignments)
    workers = count_workers(inputs.posts, inputs.assignments, grids)
    each = pd.DataFrame({"vacancies": 1.0}, index=missing.index)
    columns = [
        workers,
        per_worker(grids, workers, inputs.norms.households_per_worker),
        sum_by_grid(each, missing["grid_code"], grids),
        count_overloads(too_much, grids),
    ]
    return _Found(pd.concat(columns, axis=1), (vacancy_gaps(missing), overload_gaps(too_much)))


def _sites(inputs: CoverageInputs, grids: GeoDataFrame, metric: GeoDataFrame, function: str | None) -> _Found:
    """Reach of the sites open at the moment; unknown while the zone has entered no site."""
    if not len(inputs.sites):
        return _Found(pd.DataFrame(index=grids.index))
    held = open_at(inputs.openings, inputs.moment, function)
    open_sites = inputs.sites[inputs.sites.index.isin(held["site_code"])].to_crs(inputs.metric_crs)
    reach_m = inputs.norms.site_reach_m
    found = reach(metric.geometry, open_sites.geometry, reach_m)
    gaps = reach_gaps("no_site_in_reach", inputs.buildings, found["distance_m"], reach_m, what=function)
    return _Found(site_reach(found, inputs.buildings, grids), (gaps,))


def _cameras(inputs: CoverageInputs, grids: GeoDataFrame, metric: GeoDataFrame) -> _Found:
    """Ground, households and cases in view; unknown while the zone has entered no camera."""
    cases = inputs.incidents
    each = pd.Series(1.0, index=cases.index)
    counted = sum_by_grid(each.to_frame("incidents"), cases["grid_code"], grids)
    if not len(inputs.cameras):
        return _Found(counted)
    seen = views(inputs.cameras, inputs.metric_crs)
    seen_metric = seen.to_crs(inputs.metric_crs)
    finest = grids[grids["level"] == grids["level"].max()].to_crs(inputs.metric_crs)
    ground = seen_ground(finest.geometry, seen_metric)
    homes = _homes_in_view(inputs, metric, seen_metric).to_frame("households_in_view_share")
    caught = in_view(cases.geometry, seen).to_frame("incidents_in_view_share")
    columns = [
        view_share(grids, ground),
        mean_by_grid(homes, inputs.buildings["households"], inputs.buildings["grid_code"], grids),
        counted,
        mean_by_grid(caught, each, cases["grid_code"], grids),
    ]
    return _Found(pd.concat(columns, axis=1))


def _homes_in_view(inputs: CoverageInputs, metric: GeoDataFrame, seen: GeoSeries) -> pd.Series:
    """Whether each home is in view; only footprints near a view are unpacked."""
    near = np.unique(metric.sindex.query(seen.to_numpy(), predicate="dwithin", distance=FOOTPRINT_M)[1])
    packed = inputs.buildings["footprint"].iloc[near].to_numpy(dtype=object, na_value=None)
    footprints = GeoSeries(unpack(packed), index=metric.index[near], crs=inputs.grids.crs)
    found = buildings_in_view(footprints.to_crs(inputs.metric_crs), seen)
    return found.reindex(metric.index, fill_value=False)


def _teams(inputs: CoverageInputs, grids: GeoDataFrame, metric: GeoDataFrame) -> _Found:
    """Teams near; unknown while the zone has entered no team."""
    if not len(inputs.teams):
        return _Found(pd.DataFrame(index=grids.index))
    reach_m = inputs.norms.team_reach_m
    found = team_reach(metric.geometry, inputs.teams.to_crs(inputs.metric_crs), reach_m)
    gaps = reach_gaps("no_team_near", inputs.buildings, found["team_distance_m"], reach_m)
    return _Found(teams_near(found, inputs.buildings, grids), (gaps,))


def _duty(inputs: CoverageInputs, grids: GeoDataFrame, hours: pd.DataFrame) -> _Found:
    """Who is on duty; unknown where nobody is on the rota for a grid that day."""
    if hours.empty:
        return _Found(pd.DataFrame(index=grids.index))
    running = on_duty(stand_ins(inputs.duties, inputs.leaves, inputs.moment), inputs.moment)
    share = hours.mean(axis=1).rename("covered_share")
    return _Found(pd.concat([count_on_duty(running, grids), share], axis=1))


def _hours(inputs: CoverageInputs) -> pd.DataFrame:
    """Hours of the day by grid; without columns where nobody is on the rota for a grid that day."""
    if not inputs.duties["grid_code"].notna().any() or not len(inputs.grids):
        return pd.DataFrame(index=inputs.grids.index)
    day = datetime.combine(inputs.moment.date(), datetime.min.time(), inputs.moment.tzinfo)
    hours = pd.date_range(day, day + timedelta(days=1), freq="h", inclusive="left")
    done = stand_ins(inputs.duties, inputs.leaves, inputs.moment)
    return covered_hours(done, inputs.grids, hours)
