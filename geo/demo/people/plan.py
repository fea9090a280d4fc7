"""What the demo's people and places add up to, and the days that matter."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

PLAN_FILE = Path(__file__).with_name("plan.toml")
YEAR = timedelta(365)


@lru_cache(maxsize=1)
def read_plan() -> dict[str, dict[str, Any]]:
    """Read ``plan.toml``: section → name → number."""
    return tomllib.loads(PLAN_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Days:
    """The days that matter to the roster.

    Attributes
    ----------
    today
        The day the demo is made for.
    renewal
        First day of the present term 换届.
    term_before
        First day of the term before.
    record_since
        First of the 365 days, up to the day before `today`, that the service record covers.
    """

    today: date
    renewal: date
    term_before: date
    record_since: date


def days_until(today: date) -> Days:
    """Choose the latest renewal date from which a whole year of record has passed.

    >>> days_until(date(2026, 11, 25)).renewal.isoformat()
    '2025-03-01'
    """
    term = read_plan()["term"]
    renewal = date(today.year, term["month"], term["day"])
    while renewal + YEAR > today:
        renewal = renewal.replace(year=renewal.year - 1)
    return Days(today, renewal, renewal.replace(year=renewal.year - term["years"]), today - YEAR)
