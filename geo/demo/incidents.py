"""Two years of incidents: drawn column by column, with planted hot spots and planted faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.habits import Habits
from geo.demo.hot_spots import Plan, choose_centres, hot_spot_frame, plan_hot_spots, scatter
from geo.demo.incident_places import Places, place_incidents, points_outside
from geo.demo.place import Placement
from geo.demo.rhythms import DAYS, draw, hour_odds, report_times, to_utc
from geo.demo.shapes import Floats, stream

OUTSIDE_SHARE, NO_POINT_SHARE, AT_ZERO_SHARE, FUTURE_SHARE = 0.010, 0.003, 0.0003, 0.0004
LEAST_PLANTED, LEAST_EXTRA = 4, 8
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


@dataclass
class Draft:
    """Incidents being drawn, column by column; changed in place."""

    category: Ints
    building: Ints
    xy: Floats
    at: NDArray[np.datetime64]
    hot_spot: Ints


def draw_incidents(
    seed: int,
    count: int,
    when: When,
    places: Places,
    habits: Habits,
    placement: Placement,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return incidents (without states) in order of their times, and the hot spots planted among them."""
    rng = stream(seed, f"incidents {when.today.isoformat()}")
    categories, sources = habits.categories, habits.sources
    draft = _ordinary(rng, count, when, places, categories)
    spots = _plant_hot_spots(rng, seed, draft, when, places, categories, placement)
    lonlat = placement.points(draft.xy)
    _plant_faults(rng, when, places, placement, draft, lonlat)
    order = np.argsort(draft.at, kind="stable")
    category, building = draft.category[order], draft.building[order]
    source = draw(rng, (sources["weight"] / sources["weight"].sum()).to_numpy(), count)
    frame = pd.DataFrame(
        {
            "category": _taken(categories["code"], category),
            "source": _taken(sources["code"], source),
            "description": _descriptions(rng, categories, category, places.short[building]),
            "address_text": _address_texts(rng, places, building),
            "reported_at": pd.DatetimeIndex(draft.at[order]).tz_localize("UTC"),
            "lon": lonlat[order, 0],
            "lat": lonlat[order, 1],
            "hot_spot": draft.hot_spot[order],
        }
    )
    return frame, spots


def _ordinary(
    rng: np.random.Generator, count: int, when: When, places: Places, categories: pd.DataFrame
) -> Draft:
    weights = categories["weight"].to_numpy(dtype=float)
    category = draw(rng, weights / weights.sum(), count)
    xy, building = place_incidents(rng, categories["place"].to_numpy(dtype=object)[category], places)
    at = report_times(rng, category, categories, days=when.days(), now=when.now, time_zone=when.time_zone)
    return Draft(category, building, xy, at, np.full(count, -1))


def _taken(codes: pd.Series, index: Ints) -> pd.Series:
    return pd.Series(pd.array(codes.to_numpy(dtype=object), dtype="str").take(index))


def _plant_hot_spots(
    rng: np.random.Generator,
    seed: int,
    draft: Draft,
    when: When,
    places: Places,
    categories: pd.DataFrame,
    placement: Placement,
) -> pd.DataFrame:
    """Turn some of the drawn incidents into the excess of each hot spot; return the record of them."""
    plans = plan_hot_spots(when.today)
    centres, chosen = choose_centres(stream(seed, "hot spots"), plans, places)
    counts = [max(LEAST_EXTRA, round(plan.share * len(draft.at))) for plan in plans]
    free = rng.permutation(len(draft.at))
    codes, names = categories["code"].tolist(), categories["name_zh"].tolist()
    for number, (plan, extra) in enumerate(zip(plans, counts, strict=True)):
        rows, free = free[:extra], free[extra:]
        draft.category[rows] = codes.index(plan.category)
        draft.xy[rows] = scatter(rng, centres[number], plan.radius_m, extra)
        draft.building[rows] = chosen[number]
        draft.at[rows] = _times_of(rng, plan, categories, when, extra)
        draft.hot_spot[rows] = number
    titles = [
        f"{names[codes.index(plan.category)]}·{places.short[building]}一带"
        for plan, building in zip(plans, chosen, strict=True)
    ]
    return hot_spot_frame(plans, counts, placement.points(centres), titles)


def _times_of(
    rng: np.random.Generator, plan: Plan, categories: pd.DataFrame, when: When, count: int
) -> NDArray[np.datetime64]:
    """Draw times within the hot spot's days, by the category's hours."""
    hours = categories.set_index("code")["hours"][plan.category]
    day = rng.integers(0, (plan.until - plan.since).days + 1, count)
    seconds = draw(rng, hour_odds(hours), count) * 3600 + rng.integers(0, 3600, count)
    local = (
        np.datetime64(plan.since, "s") + day * np.timedelta64(86_400, "s") + seconds.astype("timedelta64[s]")
    )
    return to_utc(local, now=when.now, time_zone=when.time_zone)


def _plant_faults(
    rng: np.random.Generator, when: When, places: Places, placement: Placement, draft: Draft, lonlat: Floats
) -> None:
    """Put some outside the zone, some nowhere, some at 0,0, some in the future; and some just now."""
    free = rng.permutation(np.flatnonzero(draft.hot_spot < 0))
    limit = np.datetime64(pd.Timestamp(when.now).tz_convert("UTC").tz_localize(None), "us")
    total = len(draft.at)

    def seconds(low: int, high: int, count: int) -> NDArray[np.timedelta64]:
        return rng.integers(low, high, count).astype("timedelta64[s]")

    shares = (OUTSIDE_SHARE, NO_POINT_SHARE, AT_ZERO_SHARE, FUTURE_SHARE)
    counts = [max(LEAST_PLANTED, round(share * total)) for share in shares] + [FRESH]
    outside, nowhere, at_zero, future, fresh = np.split(free, np.cumsum(counts))[:5]
    lonlat[outside] = placement.points(points_outside(rng, places.outline, len(outside)))
    lonlat[nowhere] = np.nan
    lonlat[at_zero] = 0.0
    draft.at[future] = np.full(len(future), limit) + seconds(3600, 60 * 86_400, len(future))
    draft.at[fresh] = np.full(len(fresh), limit) - seconds(600, 20 * 3600, len(fresh))


def _descriptions(
    rng: np.random.Generator, categories: pd.DataFrame, category: Ints, place: NDArray[np.object_]
) -> pd.Series:
    """Write one sentence an incident."""
    texts = categories["texts"].tolist()
    lengths = np.array([len(choices) for choices in texts])
    pick = (rng.random(len(category)) * lengths[category]).astype(np.int64)
    tails = [[text.removeprefix("{place}") for text in choices] for choices in texts]
    return pd.Series(
        [
            where + tails[kind][choice]
            for where, kind, choice in zip(place, category.tolist(), pick.tolist(), strict=True)
        ],
        dtype="str",
    )


def _address_texts(rng: np.random.Generator, places: Places, building: Ints) -> pd.Series:
    """Write the place as it was given: mostly the full address, sometimes only the short one."""
    full = rng.random(len(building)) < 0.7
    return pd.Series(np.where(full, places.full[building], places.short[building] + "附近"), dtype="str")
