"""What coverage is measured from: frames of one zone on one day, without personal data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
from geopandas import GeoDataFrame

from geo.model import CoverageNorms


@dataclass(frozen=True)
class CoverageInputs:
    """Frames of one day; change one with ``dataclasses.replace`` and measure again: a what-if.

    All geometries are in one CRS, that of ``grids``. An empty frame of people or places means that the zone
    has not entered them: what follows from them is unknown (NaN), not missing.

    Attributes
    ----------
    grids
        Of all levels, as :func:`geo.frames.grids_frame` gives them.
    buildings
        Index ``code``; ``kind``, ``name``, ``neighbourhood_code``, ``grid_code``, ``households``,
        ``residents`` (NaN when not known), ``footprint`` (polygon as WKB, bytes or hexadecimal, in the
        CRS of ``grids``; None where nobody lives: thousands, of which few are unpacked), ``geometry``: the
        point each is filed by.
    neighbourhoods
        As :func:`geo.frames.neighbourhoods_frame` gives them.
    posts
        Index ``code``; ``target``, ``unit_kind``, ``grid_level``, ``is_required``, ``required_kinds`` (list,
        or None for all), ``most_targets``, ``most_households``, ``role``, as in the table ``post``.
    assignments
        Of the day, of people in the roster that day: ``person_id``, ``post``, ``rank`` (primary, deputy),
        ``target`` (kind and code, such as ``grid 360371001001001``).
    others
        Targets of further kinds that posts name (units, sites …): index as ``assignments.target``;
        ``target_kind``, ``target_code``, ``kind``, ``name``, ``grid_code``, ``households``, ``residents``.
    sites, openings, teams, cameras
        As :mod:`geo.places` gives them.
    incidents
        Cases with a place: ``grid_code`` (the finest found at intake) and ``geometry``.
    duties
        That touch the day: index ``id``; ``person_id``, ``day`` (it starts on), ``starts`` and ``ends`` (with
        time zone), ``grid_code`` (None at a site or in an organisation).
    leaves
        ``person_id``, ``deputy_id``, ``since``, ``until`` (first day away, first day back).
    norms
        What the zone calls enough.
    metric_crs
        Projected CRS lengths and areas are measured in.
    moment
        Asked for, in the zone's own time.
    """

    grids: GeoDataFrame
    buildings: GeoDataFrame
    neighbourhoods: GeoDataFrame
    posts: pd.DataFrame
    assignments: pd.DataFrame
    others: pd.DataFrame
    sites: GeoDataFrame
    openings: pd.DataFrame
    teams: GeoDataFrame
    cameras: GeoDataFrame
    incidents: GeoDataFrame
    duties: pd.DataFrame
    leaves: pd.DataFrame
    metric_crs: str
    moment: datetime
    norms: CoverageNorms = field(default_factory=CoverageNorms)
