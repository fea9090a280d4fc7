"""How often, where and when the demo's incidents come about, by category and source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.zone_lists import Lists

HABITS_FILE = Path(__file__).with_name("habits.toml")


@dataclass(frozen=True)
class Habits:
    """What shapes the invented incidents.

    Attributes
    ----------
    categories
        code, weight (relative frequency), place, hours, season, texts, and from the code lists name_zh and
        parent (a service kind).
    sources
        code, weight.
    """

    categories: pd.DataFrame
    sources: pd.DataFrame


def read_habits(lists: Lists) -> Habits:
    """Read ``habits.toml``; every code in it stands on the zone's lists."""
    habits = tomllib.loads(HABITS_FILE.read_text(encoding="utf-8"))
    known = pd.DataFrame(lists["incident_categories"]).rename(columns={"parent_code": "parent"})
    categories = pd.DataFrame(habits["categories"]).merge(
        known[["code", "parent", "name_zh"]], on="code", validate="one_to_one"
    )
    return Habits(categories, pd.DataFrame(habits["sources"]))
