"""Hours: who covers a grid at a moment, and how much of each hour of a day somebody does."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.analysis.coverage.hierarchy import chains, count_related, held_by, mean_by_grid

MINUTE = pd.Timedelta(minutes=1)


def stand_ins(duties: pd.DataFrame, leaves: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """Say who really does each duty on the day of a moment.

    Who is on leave that day does none. Their deputy does it, where one is named who is not on leave, too; if
    not, nobody does. A deputy with duties of their own does both.

    Parameters
    ----------
    duties
        Column ``person_id``; as in :class:`geo.analysis.coverage.inputs.CoverageInputs`.
    leaves
        ``person_id``, ``deputy_id``, ``since``, ``until``: first day away, first day back.
    moment
        In the zone's own time.

    Returns
    -------
    pandas.DataFrame
        The duties that are done, with ``by``: who does them.
    """
    day = pd.Timestamp(moment.date())
    away = leaves[(leaves["since"] <= day) & (day < leaves["until"])].set_index("person_id")["deputy_id"]
    present = away.where(~away.isin(away.index))
    person = duties["person_id"].astype("Int64")
    by = person.where(~person.isin(away.index), person.map(present).astype("Int64"))
    return duties.assign(by=by)[by.notna()]


def on_duty(done: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """Keep the duties that run at a moment: from the instant they start up to, not including, their end."""
    instant = pd.Timestamp(moment)
    return done[(done["starts"] <= instant) & (instant < done["ends"])]


def count_on_duty(running: pd.DataFrame, grids: pd.DataFrame) -> pd.Series:
    """Count people on duty for each grid.

    Parameters
    ----------
    running
        Duties with ``by`` and ``grid_code``; those at sites and in organisations cover no grid.
    grids
        Of all levels, indexed by code; columns ``level`` and ``parent_code``.

    Returns
    -------
    pandas.Series
        ``on_duty``, float64, aligned: different people on duty for the grid itself, one above it (a duty for
        a grid covers the grids below it) or one below it.
    """
    held = running.dropna(subset="grid_code")
    above = held_by(grids)
    return count_related(held["by"], held["grid_code"], above | above.T, grids).rename("on_duty")


def covered_hours(done: pd.DataFrame, grids: pd.DataFrame, hours: pd.DatetimeIndex) -> pd.DataFrame:
    """Say which part of each hour somebody is on duty for each grid or for one above it.

    Parameters
    ----------
    done
        Duties with ``starts``, ``ends`` and ``grid_code``.
    hours
        Instants at which the hours of a day begin, in the zone's time: 23 or 25 of them when clocks change.

    Returns
    -------
    pandas.DataFrame
        0 to 1, aligned with ``grids``, a column for each hour, to the minute. Above the finest level: the
        mean of the finest grids in it.
    """
    finest = grids.index[grids["level"] == grids["level"].max()]
    covered = _covered_minutes(done, chains(grids).loc[finest], hours)
    shares = covered.reshape(len(finest), len(hours), 60).mean(axis=2)
    each = pd.Series(1.0, index=finest)
    return mean_by_grid(pd.DataFrame(shares, index=finest, columns=hours), each, finest.to_series(), grids)


def _covered_minutes(
    done: pd.DataFrame, above: pd.DataFrame, hours: pd.DatetimeIndex
) -> npt.NDArray[np.bool_]:
    """A row for each of the finest grids, a column for each minute."""
    minutes = 60 * len(hours)
    covered = np.zeros((len(above), minutes), dtype=bool)
    of_grids, held_by = done.dropna(subset="grid_code"), above.to_numpy()
    first = _minutes(of_grids["starts"], hours[0]).clip(0, minutes).astype(int)
    last = _minutes(of_grids["ends"], hours[0]).clip(0, minutes).astype(int)
    for code, start, end in zip(of_grids["grid_code"], first, last, strict=True):
        covered[(held_by == code).any(axis=1), start:end] = True
    return covered


def _minutes(instants: pd.Series, since: pd.Timestamp) -> npt.NDArray[np.float64]:
    return np.asarray((instants - since) / MINUTE, dtype=np.float64)
