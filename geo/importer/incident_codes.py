"""Categories, sources and states of a register, matched to the zone's lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.boundaries.check import listed
from geo.model import Fault

_ROWS_KEPT = 11
#: Longest value added to a list; the API takes no longer ones, and longer ones are case text.
LONGEST_CATEGORY = 60


@dataclass
class CodeMatcher:
    """Matches the values of one field and remembers those on no list.

    Attributes
    ----------
    names
        Code by each way to write it.
    default
        Code where the field is blank; None: a blank is a fault.
    instead
        Code for values on no list; None: such a value is a fault.
    adds
        Values on no list are added to it.
    added, new
        Values to be added and not yet written; all that were not on the list.
    """

    field_name: str
    names: dict[str, str]
    default: str | None
    instead: str | None = None
    adds: bool = False
    cure: str = ""
    added: list[str] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    _unknown: dict[str | None, list[int]] = field(default_factory=lambda: defaultdict(list))
    _counts: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))

    def match(self, values: NDArray[Any], start: int) -> NDArray[Any]:
        """Codes of a block of values; None where there is a fault."""
        numbers, distinct = pd.factorize(values, use_na_sentinel=False)
        codes = np.array([self._code(value) for value in distinct], dtype=object)
        for place, (value, code) in enumerate(zip(distinct, codes, strict=True)):
            if code is None:
                self._remember(
                    None if pd.isna(value) else str(value), np.flatnonzero(numbers == place), start
                )
        matched: NDArray[Any] = codes[numbers]
        return matched

    def _code(self, value: Any) -> str | None:
        if pd.isna(value):
            return self.default
        text = str(value)
        if text in self.names:
            return self.names[text]
        if self.adds and len(text) <= LONGEST_CATEGORY:
            self.names[text] = text
            self.added.append(text)
            self.new.add(text)
            return text
        return self.instead

    def _remember(self, value: str | None, rows: NDArray[np.intp], start: int) -> None:
        kept = self._unknown[value]
        kept += [start + int(row) + 1 for row in rows[: _ROWS_KEPT - len(kept)]]
        self._counts[value] += len(rows)

    @property
    def has_faults(self) -> bool:
        """Whether a value has come that is on no list."""
        return bool(self._unknown)

    def faults(self) -> list[Fault]:
        """One fault a distinct value, with its rows; rules ``<field>-unknown``, ``<field>-missing``."""
        return [self._fault(value, rows) for value, rows in self._unknown.items()]

    def _fault(self, value: str | None, rows: list[int]) -> Fault:
        count = self._counts[value]
        more = f" and {count - len(rows[:10])} more" if count > 10 else ""
        where = f"rows {listed(rows[:10])}{more}"
        if value is None:
            return Fault(
                rows[0],
                f"{self.field_name}-missing",
                f"{count} rows have no {self.field_name} ({where}); {self.cure}",
                column=self.field_name,
            )
        return Fault(
            rows[0],
            f"{self.field_name}-unknown",
            f"{self.field_name} {value[:80]!r} is on no list ({where}); {self.cure}",
            column=self.field_name,
            value=value,
        )
