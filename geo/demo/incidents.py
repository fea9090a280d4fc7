"""Two years of incidents: drawn column by column, with planted hot spots and planted faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.hot_spots import Plan, choose_centres, hot_spot_frame, plan_hot_spots, scatter
from geo.demo.incident_places import Places, place_incidents, points_outside
from geo.demo.place import Placement
from geo.demo.rhythms import DAYS, draw, hour_odds, report_times, to_utc
from geo.demo.shapes import Floats, stream

OUTSIDE_SHARE, NO_POINT_SHARE, AT_ZERO_SHARE, FUTURE_SHARE = 0.010, 0.003, 0.0003, 0.0004
LEAST_PLANTED = 4
FRESH = 6  # reports within the last hours before `now`, however few incidents there are
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class When:
    """The period: last day, the present moment, the zone's time zone."""

    today: date
    now: datetime
    time_zone: str

    def days(self) -> pd.DatetimeIndex:
        """Return the local midnights of the two years."""
        return pd.date_range(self.today - timedelta(DAYS - 1), self.today, freq="D")


def draw_incidents(
    seed: int, count: int, when: When, places: Places, lists: dict[str, pd.DataFrame], placement: Placement
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return incidents (without states) in order of their times, and the hot spots planted among them."""
    rng = stream(seed, f"incidents {when.today.isoformat()}")
    categories = lists["categories"]
    weights = categories["weight"].to_numpy(dtype=float)
    category = draw(rng, weights / weights.sum(), count)
    xy, building = place_incidents(rng, categories["place"].to_numpy(dtype=object)[category], places)
    at = report_times(rng, category, categories, days=when.days(), now=when.now, time_zone=when.time_zone)
    hot_spot = np.full(count, -1)
    spots = _plant_hot_spots(rng, seed, when, places, categories, placement, category, xy, building, at, hot_spot)
    lonlat = placement.points(xy)
    _plant_faults(rng, when, places, placement, hot_spot, lonlat, at)
    order = np.argsort(at, kind="stable")
    category, building = category[order], building[order]
    sources = lists["sources"]
    source = draw(rng, (sources["weight"] / sources["weight"].sum()).to_numpy(), count)
    frame = pd.DataFrame(
        {
            "category": _taken(categories["code"], category),
            "source": _taken(sources["code"], source),
            "description": _descriptions(rng, categories, category, places.short[building]),
            "address_text": _address_texts(rng, places, building),
            "reported_at": pd.DatetimeIndex(at[order]).tz_localize("UTC"),
            "lon": lonlat[order, 0],
            "lat": lonlat[order, 1],
            "hot_spot": hot_spot[order],
        }
    )
    return frame, spots


def _taken(codes: pd.Series, index: Ints) -> pd.Series:
    return pd.Series(pd.array(codes.to_numpy(dtype=object), dtype="str").take(index))


def _plant_hot_spots(  # noqa: PLR0913 - the columns being drawn, changed in place
    rng: np.random.Generator,
    seed: int,
    when: When,
    places: Places,
    categories: pd.DataFrame,
    placement: Placement,
    category: Ints,
    xy: Floats,
    building: Ints,
    at: NDArray[np.datetime64],
    hot_spot: Ints,
) -> pd.DataFrame:
    """Turn some of the drawn incidents into the excess of each hot spot; return the record of them."""
    plans = plan_hot_spots(when.today)
    centres, chosen = choose_centres(stream(seed, "hot spots"), plans, places)
    counts = [max(8, round(plan.share * len(category))) for plan in plans]
    free = rng.permutation(len(category))
    codes = categories["code"].tolist()
    for number, (plan, extra) in enumerate(zip(plans, counts, strict=True)):
        rows, free = free[:extra], free[extra:]
        category[rows] = codes.index(plan.category)
        xy[rows] = scatter(rng, centres[number], plan.radius_m, extra)
        building[rows] = chosen[number]
        at[rows] = _times_of(rng, plan, categories, when, extra)
        hot_spot[rows] = number
    names = categories["name_zh"].tolist()
    titles = [f"{names[codes.index(plan.category)]}·{places.short[b]}一带" for plan, b in zip(plans, chosen, strict=True)]
    return hot_spot_frame(plans, counts, placement.points(centres), titles)


def _times_of(
    rng: np.random.Generator, plan: Plan, categories: pd.DataFrame, when: When, count: int
) -> NDArray[np.datetime64]:
    """Draw times within the hot spot's days, by the category's hours."""
    hours = categories.set_index("code")["hours"][plan.category]
    day = rng.integers(0, (plan.until - plan.since).days + 1, count)
    seconds = draw(rng, hour_odds(hours), count) * 3600 + rng.integers(0, 3600, count)
    local = np.datetime64(plan.since, "s") + day * np.timedelta64(86_400, "s") + seconds.astype("timedelta64[s]")
    return to_utc(local, now=when.now, time_zone=when.time_zone)


def _plant_faults(
    rng: np.random.Generator,
    when: When,
    places: Places,
    placement: Placement,
    hot_spot: Ints,
    lonlat: Floats,
    at: NDArray[np.datetime64],
) -> None:
    """Put some outside the zone, some nowhere, some at 0,0, some in the future; and some just now."""
    free = rng.permutation(np.flatnonzero(hot_spot < 0))
    limit = np.datetime64(pd.Timestamp(when.now).tz_convert("UTC").tz_localize(None), "us")

    def some(share: float) -> Ints:
        nonlocal free
        count = min(max(LEAST_PLANTED, round(share * len(at))), len(free))
        rows, free = free[:count], free[count:]
        return rows

    outside = some(OUTSIDE_SHARE)
    lonlat[outside] = placement.points(points_outside(rng, places.outline, len(outside)))
    lonlat[some(NO_POINT_SHARE)] = np.nan
    lonlat[some(AT_ZERO_SHARE)] = 0.0
    future = some(FUTURE_SHARE)
    at[future] = limit + rng.integers(3600, 60 * 86_400, len(future)).astype("timedelta64[s]")
    fresh, free = free[:FRESH], free[FRESH:]
    at[fresh] = limit - rng.integers(600, 20 * 3600, len(fresh)).astype("timedelta64[s]")


def _descriptions(
    rng: np.random.Generator, categories: pd.DataFrame, category: Ints, place: NDArray[np.object_]
) -> pd.Series:
    """Write one sentence an incident."""
    texts = categories["texts"].tolist()
    lengths = np.array([len(choices) for choices in texts])
    pick = (rng.random(len(category)) * lengths[category]).astype(np.int64)
    tails = [[text.removeprefix("{place}") for text in choices] for choices in texts]
    return pd.Series(
        [where + tails[kind][choice] for where, kind, choice in zip(place, category.tolist(), pick.tolist(), strict=True)],
        dtype="str",
    )


def _address_texts(rng: np.random.Generator, places: Places, building: Ints) -> pd.Series:
    """Write the place as it was given: mostly the full address, sometimes only the short one."""
    full = rng.random(len(building)) < 0.7
    return pd.Series(np.where(full, places.full[building], places.short[building] + "附近"), dtype="str")
