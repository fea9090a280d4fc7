"""Rows of the tables of people and places, made from the frames of the demo's community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.demo.people.community import Community
from geo.store.tables import TARGETS
from geo.zone_lists import Lists

Ids = NDArray[np.int64]
#: First day of what was there long before the term before.
LONG_AGO = date(2012, 1, 1)
CENTRE = "centre"


def place_rows(made: Community, crs: object) -> dict[str, pd.DataFrame]:
    """Rows of the tables of places, by table, in the order in which they refer to each other."""
    always = f"[{LONG_AGO.isoformat()},)"
    serving = made.neighbourhood_organisations
    years = serving["built_year"].clip(lower=LONG_AGO.year)
    tables = {
        "organisation": made.organisations,
        "neighbourhood_organisation": serving.drop(columns=["kind", "built_year"]),
        "party_organisation": _pointed(made.party_orgs, crs),
        "service_site": _pointed(made.sites, crs),
        "site_opening": made.openings,
        "team": _pointed(made.teams, crs),
    }
    tables = {name: table.assign(valid=always) for name, table in tables.items()}
    tables["neighbourhood_organisation"]["valid"] = [f"[{year}-01-01,)" for year in years]
    return tables | {"camera": _camera_rows(made, crs), "unit_figure": made.figures}


def _pointed(table: pd.DataFrame, crs: object) -> gpd.GeoDataFrame:
    """Put points in place of longitude and latitude; None where they are unknown."""
    known = table["lon"].notna().to_numpy()
    points = np.full(len(table), None, dtype=object)
    points[known] = shapely.points(table.loc[known, ["lon", "lat"]].to_numpy())
    plain = pd.DataFrame(table.drop(columns=["lon", "lat"]))
    return gpd.GeoDataFrame(
        plain, geometry=gpd.GeoSeries(points, crs=crs, index=table.index)
    ).rename_geometry("geom")


def _camera_rows(made: Community, crs: object) -> gpd.GeoDataFrame:
    cameras = made.cameras
    runs = made.organisations.loc[made.organisations["kind"].eq(CENTRE), "code"].iloc[0]
    table = _pointed(pd.DataFrame(cameras.drop(columns=["geometry", "since"])), crs)
    table["view"] = gpd.GeoSeries(cameras.geometry.to_numpy(), crs=crs)
    table["organisation_code"] = np.where(cameras["network"] == "property", None, runs)
    table["valid"] = _ranges(cameras["since"])
    return table


def person_rows(made: Community, run: int) -> pd.DataFrame:
    """Rows of table ``person``."""
    table = made.persons.drop(columns=["since", "until"])
    return table.assign(valid=_ranges(made.persons["since"], made.persons["until"]), import_id=run)


def roster_rows(made: Community, ids: Ids, lists: Lists, renewal: int) -> dict[str, pd.DataFrame]:
    """Rows of the tables that name persons, by table.

    Parameters
    ----------
    ids
        In the order of `persons`.
    renewal
        The change that began and ended what did so on the renewal date.
    """
    return {
        "party_membership": _dated(made.memberships, ids),
        "assignment": _assignment_rows(made, ids, lists, renewal),
        "duty": _duty_rows(made, ids),
        "leave": _dated(made.leaves, ids).assign(deputy_id=ids[made.leaves["deputy"]]).drop(columns="deputy"),
    }


def _dated(table: pd.DataFrame, ids: Ids) -> pd.DataFrame:
    """Put the person's id and a range of days in place of row number, first day and end."""
    result = table.drop(columns=["person", "since", "until"])
    return result.assign(person_id=ids[table["person"]], valid=_ranges(table["since"], table["until"]))


def _ranges(since: Sequence[Any] | pd.Series, until: Sequence[Any] | pd.Series | None = None) -> list[str]:
    ends = [None] * len(since) if until is None else until
    return [
        f"[{first.isoformat()},{'' if pd.isna(last) else last.isoformat()})"
        for first, last in zip(since, ends, strict=True)
    ]


def _assignment_rows(made: Community, ids: Ids, lists: Lists, renewal: int) -> pd.DataFrame:
    posts = {row["code"]: row for row in lists["posts"]}
    table = _dated(made.assignments, ids)
    kind = np.array([posts[post]["target"] for post in table["post"]], dtype=object)
    code = table.pop("target_code").to_numpy(dtype=object)
    for name, column in TARGETS.items():
        table[column] = np.where(kind == name, code, None)
    for name, column in (("change_id", "since"), ("end_change_id", "until")):
        at_renewal = made.assignments[column].eq(made.days.renewal).to_numpy()
        table[name] = pd.array(np.where(at_renewal, renewal, 0), dtype="Int64")
        table.loc[~at_renewal, name] = pd.NA
    return table.assign(is_single=[posts[post]["is_single"] for post in table["post"]])


def _duty_rows(made: Community, ids: Ids) -> pd.DataFrame:
    duties = made.duties
    table = duties[["day", "shift"]].assign(person_id=ids[duties["person"]])
    form = "%Y-%m-%dT%H:%M:%SZ"
    table["during"] = "[" + duties["starts"].dt.strftime(form) + "," + duties["ends"].dt.strftime(form) + ")"
    for place in ("grid", "site", "organisation"):
        table[f"{place}_code"] = np.where(duties["place"] == place, duties["code"], None)
    return table


def service_rows(made: Community, ids: Ids, run: int, crs: object) -> gpd.GeoDataFrame:
    """Rows of table ``service_record``."""
    services = made.services
    table = _pointed(services.drop(columns="person"), crs)
    return table.assign(person_id=ids[services["person"]], import_id=run)
