"""The demo zone: a seeded, deterministic place with grids, buildings and two years of incidents."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from geo.demo.addresses import name_buildings
from geo.demo.frames import base_map, name_the_ground
from geo.demo.ground import FULL_STOCK, make_ground
from geo.demo.habits import Habits, read_habits
from geo.demo.homes import units_and_households
from geo.demo.incident_places import make_places
from geo.demo.incidents import When, draw_incidents
from geo.demo.lives import live
from geo.demo.people.community import Community, make_community
from geo.demo.people.land import survey
from geo.demo.people.residents import count_residents
from geo.demo.place import ZONE_FILE, Placement
from geo.errors import InvalidInput
from geo.model import Zone
from geo.zone_file import read_zone_file

DEFAULT_SEED = 20260301
LEAST_BUILDINGS, LEAST_INCIDENTS, MOST_INCIDENTS = 1_000, 500, 2_000_000


@dataclass(frozen=True)
class DemoZone:
    """All frames of the demo zone; geometries in the storage CRS (EPSG:4490), x = longitude.

    Attributes
    ----------
    settings
        Name, code prefix, CRSs, time zone and notice of the zone.
    now
        The moment it was made for; what is reported later was planted.
    grids
        code, level, kind, name, parent_code, geometry; 5 + 29 + 138 rows.
    neighbourhoods
        code, kind, name, grid_code.
    buildings
        code, kind, name, neighbourhood_code, address, floors, units, households, residents,
        built_year, geometry.
    units, households
        code, building_code, name; code, unit_code, room.
    roads, water, land_use
        kind, name, geometry.
    incidents
        category, source, state, description, address_text, reported_at (UTC), lon, lat (NaN where unknown),
        hot_spot (id of the planted hot spot it belongs to, or -1).
    steps
        incident (row number of `incidents`), number, state, at (UTC).
    hot_spots
        id, name, category, lon, lat, radius_m, since, until, expected_extra.
    habits
        Categories and sources with what shaped the incidents.
    community
        The people and places: persons, posts, sites, teams, cameras, rota, record and what was planted.
    """

    settings: Zone
    now: datetime
    grids: gpd.GeoDataFrame
    neighbourhoods: pd.DataFrame
    buildings: gpd.GeoDataFrame
    units: pd.DataFrame
    households: pd.DataFrame
    roads: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    land_use: gpd.GeoDataFrame
    incidents: pd.DataFrame
    steps: pd.DataFrame
    hot_spots: pd.DataFrame
    habits: Habits
    community: Community

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the frames by name, those of the community included, without the code lists."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {name: frame for name, frame in named.items() if isinstance(frame, pd.DataFrame)}
        return plain | self.community.frames()


def generate_zone(
    *,
    seed: int = DEFAULT_SEED,
    today: date,
    incidents: int = 20_000,
    buildings: int = FULL_STOCK,
    now: datetime | None = None,
) -> DemoZone:
    """Make the demo zone.

    Parameters
    ----------
    seed
        Chooses the place; the ground depends on nothing else.
    today
        Last day of the two years of incidents.
    incidents
        How many, 500 to 2,000,000.
    buildings
        About how many, 1,000 to 20,000; fewer leave the grids as they are and thin the buildings out.
    now
        The present moment, with time zone; default the end of `today`. Nothing is reported later, but for
        a few planted faults.

    Raises
    ------
    InvalidInput
        A number outside its bounds, or `now` without a time zone or more than a day from `today`.

    Notes
    -----
    The same arguments give the same frames on any day and any machine with the same library versions.
    """
    file = read_zone_file(ZONE_FILE)
    settings = file.zone
    when = _check(settings, today, incidents, buildings, now)
    ground = make_ground(seed, buildings)
    placement = Placement(settings)
    gazetteer = name_the_ground(seed, ground, settings, placement)
    neighbourhoods, stock, local_shapes = name_buildings(seed, ground, gazetteer, settings, placement)
    units, households = units_and_households(stock)
    land = survey(ground, gazetteer, neighbourhoods, stock, local_shapes)
    stock["residents"] = count_residents(seed, land)
    community = make_community(seed, today, land, (units, households), file, placement)
    roads, water, land_use = base_map(ground, gazetteer.streets, settings, placement)
    habits = read_habits(file.lists)
    places = make_places(ground, stock, local_shapes)
    reports, spots = draw_incidents(seed, incidents, when, places, habits, placement)
    reports, steps = _with_lives(seed, reports, when)
    return DemoZone(
        settings, when.now, gazetteer.grids, neighbourhoods, stock, units, households,
        roads, water, land_use, reports, steps, spots, habits, community,
    )  # fmt: skip


def _with_lives(seed: int, reports: pd.DataFrame, when: When) -> tuple[pd.DataFrame, pd.DataFrame]:
    reported_at = reports["reported_at"].dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    state, steps = live(seed, reported_at, when.now)
    reports.insert(2, "state", pd.Series(state, dtype="str"))
    return reports, steps


def _check(settings: Zone, today: date, incidents: int, buildings: int, now: datetime | None) -> When:
    if not LEAST_INCIDENTS <= incidents <= MOST_INCIDENTS:
        raise InvalidInput(f"incidents={incidents}: give {LEAST_INCIDENTS} to {MOST_INCIDENTS}")
    if not LEAST_BUILDINGS <= buildings <= FULL_STOCK:
        raise InvalidInput(f"buildings={buildings}: give {LEAST_BUILDINGS} to {FULL_STOCK}")
    zone = ZoneInfo(settings.time_zone)
    midnight = datetime.combine(today + timedelta(1), time(), tzinfo=zone)
    moment = midnight - timedelta(microseconds=1) if now is None else now
    if moment.tzinfo is None:
        raise InvalidInput(f"now={now}: the moment needs a time zone, as in 2026-03-01T09:30+08:00")
    if not midnight - timedelta(1) <= moment < midnight:
        raise InvalidInput(
            f"now={now} is not on {today} in {settings.time_zone}: give a moment of that day, or none"
        )
    return When(today, moment, settings.time_zone)
