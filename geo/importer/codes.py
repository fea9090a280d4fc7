"""Codes issued in order: the prefix of the grid and a number that rises."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from geo.errors import Conflict

BUILDING_DIGITS = 5
NEIGHBOURHOOD_DIGITS = 4


def issue_codes(prefixes: Sequence[str], taken: Iterable[str], *, digits: int, mark: str = "") -> list[str]:
    """Give each row its prefix and the next number under it, in the order of the rows.

    >>> issue_codes(["A", "B", "A"], ["A00007"], digits=5)
    ['A00008', 'B00001', 'A00009']

    Raises
    ------
    Conflict
        The numbers under a prefix are used up.
    """
    highest: dict[str, int] = defaultdict(int)
    pattern = re.compile(rf"(.*){re.escape(mark)}(\d{{{digits}}})", re.DOTALL)
    for code in taken:
        match = pattern.fullmatch(code)
        if match:
            highest[match[1]] = max(highest[match[1]], int(match[2]))
    issued = []
    for prefix in prefixes:
        highest[prefix] += 1
        if highest[prefix] >= 10**digits:
            raise Conflict(
                f"all numbers of {digits} digits under {prefix!r} are used; give codes in the file"
            )
        issued.append(f"{prefix}{mark}{highest[prefix]:0{digits}d}")
    return issued
