"""What stands on an appraisal sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geo.store.appraisal import OpinionRow, RecordRow, SheetRow

GRADES = ("excellent", "good", "fair", "poor")


@dataclass(frozen=True, slots=True)
class Opened:
    """How many sheets were opened, and how many holders of posts had one already."""

    opened: int
    had_one: int


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many services of a kind a sheet counts."""

    kind: str
    zh: str
    en: str
    count: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """An appraisal sheet with all that stands on it.

    Attributes
    ----------
    posts
        Names (Chinese, English) of the personnel posts held in the unit on the last day covered.
    figures
        Live while the sheet is open, fixed when it was closed.
    next_level
        Level whose opinion is due; None when all are given.
    """

    row: SheetRow
    posts: tuple[tuple[str, str], ...]
    figures: tuple[KindCount, ...]
    opinions: tuple[OpinionRow, ...]
    next_level: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The entries of the record a sheet counts.

    Attributes
    ----------
    counted
        What the sheet says: the figure fixed at closing, or else the number of entries.
    found
        Entries there are now; more than ``counted`` when some were written after closing.
    next_after
        Key of the last entry when there are more.
    """

    row: SheetRow
    records: tuple[RecordRow, ...]
    counted: int
    found: int
    next_after: tuple[datetime, int] | None
