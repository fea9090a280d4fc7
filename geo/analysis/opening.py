"""Opening hours: which sites are open at a moment."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

MINUTES_A_DAY = 1440


_HOURS = ["weekday", "opens_minute", "closes_minute"]


def open_at(openings: pd.DataFrame, moment: datetime, function: str | None = None) -> pd.DataFrame:
    """Give the rows of opening hours that hold at a moment.

    A site is open from the minute it opens up to, not including, the minute it closes; hours past midnight
    are a row of the next day.

    Parameters
    ----------
    openings
        Columns ``site_code``, ``function``, ``weekday`` (1 Monday to 7 Sunday), ``opens_minute``,
        ``closes_minute`` (of the day, up to 1440).
    moment
        In the zone's own time.
    function
        Only what is offered under this function; None for any.

    Examples
    --------
    >>> hours = pd.DataFrame([("A", "reading", 1, 540, 1020)], columns=[
    ...     "site_code", "function", "weekday", "opens_minute", "closes_minute"])
    >>> len(open_at(hours, datetime(2026, 3, 2, 9, 0))), len(open_at(hours, datetime(2026, 3, 2, 17, 0)))
    (1, 0)
    """
    minute = moment.hour * 60 + moment.minute
    held = (
        (openings["weekday"] == moment.isoweekday())
        & (openings["opens_minute"] <= minute)
        & (minute < openings["closes_minute"])
    )
    if function is not None:
        held &= openings["function"] == function
    return openings[held]


def hours_in_words(openings: pd.DataFrame) -> str:
    """Write one function's hours of one site as people do: ``周一至周五 8:30–17:30``.

    Parameters
    ----------
    openings
        As for :func:`open_at`, the rows of one site and function.

    Examples
    --------
    >>> rows = [("A", "reading", day, 0, 1440) for day in range(1, 8)]
    >>> hours_in_words(pd.DataFrame(rows, columns=[
    ...     "site_code", "function", "weekday", "opens_minute", "closes_minute"]))
    '全天24小时'
    """
    return _in_words(openings[_HOURS].to_numpy().tolist())


def hours_by_site(openings: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Write the hours of all sites, by code of the site and of the function, as :func:`hours_in_words`."""
    names, hours = openings[["site_code", "function"]], openings[_HOURS]
    found: dict[tuple[str, str], list[list[int]]] = {}
    for key, row in zip(names.itertuples(index=False, name=None), hours.to_numpy().tolist(), strict=True):
        found.setdefault(key, []).append(row)
    return {key: _in_words(found[key]) for key in sorted(found)}


def _in_words(rows: list[list[int]]) -> str:
    """Hours of one function of one site: weekday, minute it opens, minute it closes."""
    by_day: dict[int, tuple[tuple[int, int], ...]] = {}
    for day, opens, closes in sorted(rows):
        by_day[day] = (*by_day.get(day, ()), (opens, closes))
    if all(by_day.get(day) == ((0, MINUTES_A_DAY),) for day in range(1, 8)):
        return "全天24小时"
    return "；".join(f"{_days(days)} {_spans(spans)}" for days, spans in _same_hours(by_day))


def _same_hours(
    by_day: dict[int, tuple[tuple[int, int], ...]],
) -> list[tuple[list[int], tuple[tuple[int, int], ...]]]:
    """Neighbouring days with the same hours, together."""
    groups: list[tuple[list[int], tuple[tuple[int, int], ...]]] = []
    for day, spans in sorted(by_day.items()):
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], spans))
    return groups


def _days(days: list[int]) -> str:
    names = "一二三四五六日"
    if len(days) == 7:
        return "每天"
    first, last = names[days[0] - 1], names[days[-1] - 1]
    return f"周{first}" if len(days) == 1 else f"周{first}至周{last}"


def _spans(spans: tuple[tuple[int, int], ...]) -> str:
    return "、".join(f"{a // 60}:{a % 60:02d}–{b // 60}:{b % 60:02d}" for a, b in spans)
