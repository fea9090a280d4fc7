"""The people and places of the demo zone, made in one go from its ground."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo.people.cameras import make_cameras
from geo.demo.people.land import Land
from geo.demo.people.memberships import make_memberships
from geo.demo.people.organisations import make_organisations
from geo.demo.people.parties import make_parties, meeting_points
from geo.demo.people.persons import describe
from geo.demo.people.plan import Days, days_until
from geo.demo.people.planted import planted_facts
from geo.demo.people.record import make_incomes, make_record
from geo.demo.people.roster import Roster
from geo.demo.people.rota import make_rota
from geo.demo.people.seats import make_seats
from geo.demo.people.second_posts import follow_the_secretaries, hold_more
from geo.demo.people.sites import make_openings, make_sites, make_teams
from geo.demo.people.staff import employ_offices, employ_quarters, employ_workers
from geo.demo.people.term import hold_the_terms
from geo.demo.place import Placement
from geo.demo.shapes import Floats
from geo.model import Zone
from geo.zone_file import ZoneFile


@dataclass(frozen=True)
class Community:
    """Frames of people and places, all invented; ``person`` is a row number of `persons`.

    Attributes
    ----------
    days
        Today, the renewal date, the term before, the first day of the record.
    persons
        code, name, gender, born_on, education, phone, is_prospering, since, until.
    assignments
        person, post, target_code, rank, since, until (None while they last).
    organisations
        code, kind, name, parent_code, grid_code, phone.
    neighbourhood_organisations
        neighbourhood_code, organisation_code, kind, built_year.
    party_orgs
        code, kind, name, parent_code, grid_code, declared_members, lon, lat (NaN where unknown).
    memberships
        person, party_org_code, since, until.
    sites, teams
        code, kind, name, phone, grid_code, lon, lat; sites: address, building_code; teams: declared_members.
    openings
        site_code, function, weekday, opens_minute, closes_minute.
    cameras
        code, kind, network, state, name, direction_deg (NaN all round), angle_deg, range_m, height_m,
        grid_code, stream_url, filing_number, filed_on, retention_days, since, lon, lat, geometry (the view).
    duties
        person, day, shift, place, code, starts, ends (UTC).
    leaves
        person, deputy, kind, since, until.
    services
        kind, at, resolved_at (UTC), person, post, served, household_code, grid_code, building_code,
        site_code, project, note, lon, lat.
    figures
        grid_code, fact, year, value.
    planted
        Vacancies and overloads, as :func:`geo.demo.people.planted.planted_facts` lists them.
    """

    days: Days
    persons: pd.DataFrame
    assignments: pd.DataFrame
    organisations: pd.DataFrame
    neighbourhood_organisations: pd.DataFrame
    party_orgs: pd.DataFrame
    memberships: pd.DataFrame
    sites: pd.DataFrame
    openings: pd.DataFrame
    teams: pd.DataFrame
    cameras: gpd.GeoDataFrame
    duties: pd.DataFrame
    leaves: pd.DataFrame
    services: pd.DataFrame
    figures: pd.DataFrame
    planted: pd.DataFrame

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the frames by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "days"}


def make_community(
    seed: int,
    today: date,
    land: Land,
    homes: tuple[pd.DataFrame, pd.DataFrame],
    file: ZoneFile,
    placement: Placement,
) -> Community:
    """Invent the people and places of the zone for a day.

    Parameters
    ----------
    homes
        Frames of the units and the households of all buildings.
    file
        Settings and code lists of the zone.
    """
    days, settings, lists = days_until(today), file.zone, file.lists
    organisations, serving = make_organisations(seed, land)
    parties = make_parties(seed, land, organisations, settings.code_prefix)
    sites = make_sites(seed, land)
    teams = make_teams(seed, land, sites)
    roster = Roster(land.first_years())
    seats = make_seats(seed, land, parties)
    holders = hold_the_terms(seed, roster, seats, days)
    follow_the_secretaries(roster, parties)
    tables = {"party_orgs": parties, "sites": sites, "teams": teams}
    hold_more(seed, roster, seats, holders, tables, days)
    employ_workers(seed, roster, land, days)
    employ_offices(seed, roster, organisations, parties, days)
    employ_quarters(seed, roster, land, serving, homes[0], days)
    persons = describe(seed, roster, land, days)
    memberships, declared = make_memberships(seed, roster, persons, land, parties)
    duties, leaves = make_rota(seed, roster, sites, days, lists, settings.time_zone)
    services = make_record(seed, roster, land, sites, homes[1], days, settings.time_zone)
    outline = shapely.union_all(land.cell_shapes)
    cameras = make_cameras(seed, land, outline, days, settings.code_prefix)
    return Community(
        days=days,
        persons=persons.drop(columns=["sort", "unit"]),
        assignments=_assignments(roster),
        organisations=organisations,
        neighbourhood_organisations=serving,
        party_orgs=_party_orgs(parties, declared, meeting_points(seed, parties, sites, land), placement),
        memberships=memberships,
        sites=_sites(sites, land, placement),
        openings=make_openings(seed, sites),
        teams=_teams(teams, land, placement),
        cameras=_cameras(cameras, land, settings, placement),
        duties=duties,
        leaves=leaves,
        services=_services(services, land, placement),
        figures=make_incomes(seed, land, days),
        planted=planted_facts(roster, land, days, lists),
    )


def _assignments(roster: Roster) -> pd.DataFrame:
    columns = ["person", "post", "target_code", "rank", "since", "until"]
    return pd.DataFrame(roster.held, columns=columns)


def _lonlat(table: pd.DataFrame, points: Floats, placement: Placement) -> pd.DataFrame:
    table = table.drop(columns=["x", "y"], errors="ignore")
    table["lon"], table["lat"] = placement.points(points).T
    return table


def _sites(sites: pd.DataFrame, land: Land, placement: Placement) -> pd.DataFrame:
    result = sites.drop(columns=["unit", "cell", "building"])
    result["grid_code"] = land.cells["code"].to_numpy()[sites["cell"]]
    result["building_code"] = land.buildings["code"].to_numpy()[sites["building"]]
    return _lonlat(result, sites[["x", "y"]].to_numpy(), placement)


def _teams(teams: pd.DataFrame, land: Land, placement: Placement) -> pd.DataFrame:
    """A team works for the whole of its village or community."""
    result = teams.drop(columns=["unit", "cell", "building"])
    result["grid_code"] = land.units["code"].to_numpy()[teams["unit"]]
    return _lonlat(result, teams[["x", "y"]].to_numpy(), placement)


def _party_orgs(
    parties: pd.DataFrame, declared: pd.Series, points: Floats, placement: Placement
) -> pd.DataFrame:
    known = ~np.isnan(points[:, 0])
    result = parties.drop(columns=["unit", "cell"]).assign(declared_members=declared)
    lonlat = np.full((len(result), 2), np.nan)
    lonlat[known] = placement.points(points[known])
    result["lon"], result["lat"] = lonlat.T
    return result


def _cameras(cameras: pd.DataFrame, land: Land, settings: Zone, placement: Placement) -> gpd.GeoDataFrame:
    result = cameras.drop(columns=["view", "cell"])
    result["grid_code"] = land.cells["code"].to_numpy()[cameras["cell"]]
    result = _lonlat(result, cameras[["x", "y"]].to_numpy(), placement)
    views = placement.geometries(cameras["view"].to_numpy())
    return gpd.GeoDataFrame(result, geometry=views, crs=settings.storage_crs)


def _services(services: pd.DataFrame, land: Land, placement: Placement) -> pd.DataFrame:
    building = services["building"].to_numpy()
    result = services.drop(columns=["building", "cell"])
    result["grid_code"] = land.cells["code"].to_numpy()[services["cell"]]
    result["building_code"] = land.buildings["code"].to_numpy()[building]
    points = shapely.get_coordinates(shapely.point_on_surface(land.footprints[building]))
    return _lonlat(result, points, placement)
