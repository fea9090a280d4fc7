"""The service record: one year of services, as many as published; and the villages' collective income."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.people.draws import exactly
from geo.demo.people.land import Land
from geo.demo.people.names import person_names
from geo.demo.people.plan import Days, read_plan
from geo.demo.people.roster import Roster
from geo.demo.people.service_places import ServicePlaces
from geo.demo.rhythms import day_odds, draw
from geo.demo.shapes import Floats, stream

RECORD_FILE = Path(__file__).with_name("record.toml")
CLOSING_HOUR = timedelta(hours=21)


@lru_cache(maxsize=1)
def read_habits() -> dict[str, dict[str, Any]]:
    """Read ``record.toml``: kind of service → who, when, where and the words for it."""
    return tomllib.loads(RECORD_FILE.read_text(encoding="utf-8"))


def make_record(
    seed: int,
    roster: Roster,
    land: Land,
    sites: pd.DataFrame,
    households: pd.DataFrame,
    days: Days,
    time_zone: str,
) -> pd.DataFrame:
    """Invent one year of services.

    Returns
    -------
    pandas.DataFrame
        kind, at, resolved_at (UTC), person (row), post, served, household_code, cell, building (row),
        site_code, project, note; by time.

    Notes
    -----
    Everybody who serves held the post throughout the year.
    """
    plan = read_plan()
    wanted = {kind: n for kind, n in plan["record"].items() if kind in read_habits()} | plan["other_record"]
    places = ServicePlaces(land, sites, households)
    posts = _present_posts(roster)
    frames = [
        _services(stream(seed, f"record {kind}"), kind, count, posts, places, days)
        for kind, count in wanted.items()
    ]
    table = pd.concat(frames, ignore_index=True).sort_values("at", kind="stable", ignore_index=True)
    for column in ("at", "resolved_at"):
        table[column] = table[column].dt.tz_localize(time_zone).dt.tz_convert("UTC")
    return table


def _present_posts(roster: Roster) -> pd.DataFrame:
    """Return person, post, target and liveliness of every post that somebody holds and keeps."""
    rows = [
        (person, post, target)
        for person, post, target, rank, _, until in roster.held
        if rank == "primary" and until is None
    ]
    table = pd.DataFrame(rows, columns=["person", "post", "target"])
    lively = stream(len(table), "liveliness").gamma(1.6, size=len(roster.sort)) + 0.15
    table["lively"] = lively[table["person"]]
    return table


def _services(
    rng: np.random.Generator,
    kind: str,
    count: int,
    posts: pd.DataFrame,
    places: ServicePlaces,
    days: Days,
) -> pd.DataFrame:
    habits = read_habits()[kind]
    able = posts[posts["post"].isin(habits["posts"])]
    per_target = able.groupby(["person", "post"])["target"].transform("size").to_numpy()
    odds = able["post"].map(habits["posts"]).to_numpy() * able["lively"].to_numpy() / per_target
    mine = able.iloc[draw(rng, odds / odds.sum(), count)]
    table = places.place(rng, kind, habits, mine["target"].tolist())
    table.insert(0, "kind", kind)
    table["at"] = _times(rng, habits, count, days)
    table["person"], table["post"] = mine["person"].to_numpy(), mine["post"].to_numpy()
    table["served"] = _served(rng, kind, count)
    table["note"] = rng.choice(np.array(habits["notes"], dtype=object), count)
    table["project"] = _projects(rng, habits, count)
    table["resolved_at"] = _resolved(rng, kind, table["at"], days)
    return table


def _times(rng: np.random.Generator, habits: dict[str, Any], count: int, days: Days) -> pd.DatetimeIndex:
    """Draw local times within the year and the hours of the kind."""
    year = pd.date_range(days.record_since, days.today - timedelta(1), freq="D")
    day = draw(rng, day_odds(habits["season"], habits["week"], year), count)
    first, last = habits["hours"]
    minutes = rng.integers(first * 60, last * 60 + 50, count)
    return year[day] + pd.to_timedelta(minutes, unit="min")


def _served(rng: np.random.Generator, kind: str, count: int) -> NDArray[np.object_]:
    """Name an invented resident, or say how many were there."""
    if kind == "policy_talk":
        return np.array([f"群众{n}人" for n in rng.integers(6, 60, count)], dtype=object)
    return person_names(rng, rng.random(count) < 0.5)


def _projects(rng: np.random.Generator, habits: dict[str, Any], count: int) -> NDArray[np.object_]:
    project = habits.get("project", {"code": None, "share": 0.0})
    chosen = rng.random(count) < project["share"]
    return np.array([project["code"], None], dtype=object)[np.where(chosen, 0, 1)]


def _resolved(rng: np.random.Generator, kind: str, at: pd.Series, days: Days) -> pd.Series:
    """Resolve appeals within days, all but the two published; errands mostly at once."""
    count = len(at)
    if kind not in ("appeal", "errand"):
        return pd.Series(pd.NaT, index=at.index).astype("datetime64[us]")
    spread = rng.lognormal(1.1, 0.8, count) if kind == "appeal" else rng.exponential(0.2, count)
    end = pd.Timestamp(days.today - timedelta(1)) + CLOSING_HOUR
    done = (at + pd.to_timedelta(np.round(spread * 1440), unit="min")).clip(upper=end)
    open_ = _still_open(rng, kind, at, days)
    return done.where(~open_).astype("datetime64[us]")


def _still_open(rng: np.random.Generator, kind: str, at: pd.Series, days: Days) -> NDArray[np.bool_]:
    """Choose what is not resolved yet, of the last weeks."""
    plan = read_plan()["record"]
    left = plan["appeal"] - plan["resolved_appeals"] if kind == "appeal" else 3
    age: Floats = (pd.Timestamp(days.today) - at).dt.total_seconds().to_numpy() / 86_400
    return exactly(rng, np.exp(-age / 7.0), left)


def make_incomes(seed: int, land: Land, days: Days) -> pd.DataFrame:
    """Invent the collective income of every village for the last two whole years.

    Returns
    -------
    pandas.DataFrame
        grid_code, fact, year, value (yuan). The published numbers hold for the later year.
    """
    rng = stream(seed, "incomes")
    plan = read_plan()["incomes"]
    codes = land.units.loc[land.units["village"], "code"].to_numpy()
    count = len(codes)
    low = np.full(count, plan["least"] * 1.15)
    high = np.full(count, 450_000.0)
    low[: plan["half_million"]], high[: plan["half_million"]] = 510_000.0, 960_000.0
    rich = slice(plan["half_million"], plan["half_million"] + plan["million"])
    low[rich], high[rich] = 1_010_000.0, 2_400_000.0
    now = np.round(low + (high - low) * rng.beta(1.3, 2.2, count), -2)
    before = np.maximum(np.round(now * rng.uniform(0.78, 0.97, count), -2), plan["least"])
    year = last_whole_year(days.today)
    table = pd.DataFrame({"grid_code": np.tile(rng.permutation(codes), 2), "fact": "collective_income"})
    table["year"] = np.repeat([year, year - 1], count)
    table["value"] = np.concatenate([now, before])
    return table.sort_values(["grid_code", "year"], ignore_index=True)


def last_whole_year(today: date) -> int:
    """Return the last year that has ended.

    >>> last_whole_year(date(2026, 3, 1))
    2025
    """
    return today.year - 1
