"""The life of every incident: its steps, with plausible times and some overdue."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.rhythms import draw
from geo.demo.shapes import stream

STATES = (
    "draft", "reported", "accepted", "assigned", "handling", "done", "checked", "visiting", "archived",
    "not_accepted", "merged", "void", "returned", "suspended", "rework", "reopened",
)  # fmt: skip
HANDLED = ("accepted", "assigned", "handling", "done", "checked", "visiting", "archived")
PATHS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.840, ("reported", *HANDLED)),
    (0.030, ("reported", "accepted", "assigned", "returned", *HANDLED[1:])),
    (0.030, ("reported", "accepted", "assigned", "handling", "done", "rework", *HANDLED[2:])),
    (0.015, ("reported", "accepted", "assigned", "handling", "suspended", *HANDLED[2:])),
    (0.015, ("reported", *HANDLED[:-1], "reopened", *HANDLED[2:])),
    (0.035, ("reported", "not_accepted")),
    (0.020, ("reported", "accepted", "merged")),
    (0.015, ("reported", "void")),
)
# hours until this step, as a rule; the limits are 8 h for intake, 4 h for assignment, 1 / 7 / 20 days for
# handling, then 1 day for the check, 3 days for the visit, 2 days for the archive
USUAL_HOURS = {
    "accepted": 1.3, "assigned": 1.2, "handling": 2.5, "checked": 9.0, "visiting": 12.0, "archived": 26.0,
    "not_accepted": 3.0, "merged": 5.0, "void": 4.0, "returned": 5.0, "rework": 9.0, "suspended": 30.0,
    "reopened": 24.0,
}  # fmt: skip
HANDLING_HOURS = (10.0, 84.0, 250.0)
HANDLING_ODDS = (0.42, 0.47, 0.11)
SPREAD = 0.62
UTC_OFFSET_H = 8


def live(
    seed: int, reported_at: NDArray[np.datetime64], now: datetime
) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return each incident's present state and all steps taken by `now`.

    Parameters
    ----------
    reported_at
        UTC, microseconds. What lies after `now` (a planted fault) has its first step only.

    Returns
    -------
    state : array of str, one an incident
    steps : pandas.DataFrame
        incident (row number), number (1 …), state, at (UTC).
    """
    rng = stream(seed, "lives")
    count = len(reported_at)
    limit = np.datetime64(pd.Timestamp(now).tz_convert("UTC").tz_localize(None), "us")
    table = _path_table()
    path = draw(rng, np.array([odds for odds, _ in PATHS]), count)
    handling = np.array(HANDLING_HOURS)[draw(rng, np.array(HANDLING_ODDS), count)]
    usual = np.array([USUAL_HOURS.get(state, 1.0) for state in STATES])
    done = STATES.index("done")
    draft = (limit - reported_at < np.timedelta64(2, "D")) & (rng.random(count) < 0.04)
    state = np.where(draft, STATES.index("draft"), STATES.index("reported"))
    alive = ~draft
    columns = [(np.arange(count), np.ones(count, dtype=np.int64), state.copy(), reported_at)]
    at = reported_at
    for number in range(1, table.shape[1]):
        following = table[path, number]
        hours = np.where(following == done, handling, usual[following]) * np.exp(
            SPREAD * rng.standard_normal(count)
        )
        at = _in_office_hours(at + (hours * 3.6e9).astype("timedelta64[us]"), rng)
        alive = alive & (following >= 0) & (at <= limit)
        rows = np.flatnonzero(alive)
        state[rows] = following[rows]
        columns.append((rows, np.full(len(rows), number + 1), following[rows], at[rows]))
    incident, step, code, when = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    order = np.lexsort((step, incident))
    names = np.array(STATES, dtype=object)
    steps = pd.DataFrame(
        {
            "incident": incident[order],
            "number": step[order],
            "state": pd.array(names, dtype="str").take(code[order]),
            "at": pd.DatetimeIndex(when[order]).tz_localize("UTC"),
        }
    )
    return names[state], steps


def _path_table() -> NDArray[np.int64]:
    longest = max(len(path) for _, path in PATHS)
    table = np.full((len(PATHS), longest), -1)
    for row, (_, path) in enumerate(PATHS):
        table[row, : len(path)] = [STATES.index(state) for state in path]
    return table


def _in_office_hours(at: NDArray[np.datetime64], rng: np.random.Generator) -> NDArray[np.datetime64]:
    """Move what falls into the night to some time the next morning."""
    local = at + np.timedelta64(UTC_OFFSET_H, "h")
    midnight = local.astype("datetime64[D]")
    second = (local - midnight).astype("timedelta64[s]").astype(np.int64)
    morning = midnight + np.where(second >= 18 * 3600, np.timedelta64(1, "D"), np.timedelta64(0, "D"))
    start = morning + (8 * 3600 + rng.integers(0, 5400, len(at))).astype("timedelta64[s]")
    night = (second < 8 * 3600) | (second >= 18 * 3600)
    return np.where(night, start.astype("datetime64[us]") - np.timedelta64(UTC_OFFSET_H, "h"), at)
