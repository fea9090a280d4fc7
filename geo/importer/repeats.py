"""Ids that a register has already, within the file and in the database, in eight bytes an id."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class SeenIds:
    """Remembers which ids have come, as 64-bit hashes.

    Two different ids of a million share a hash with a probability of 3e-8.
    """

    def __init__(self) -> None:
        self._seen = np.empty(0, dtype=np.uint64)

    def repeated(self, ids: NDArray[Any]) -> NDArray[np.bool_]:
        """Which ids of this block have come before, in it or in an earlier one; missing ids never have."""
        present = np.flatnonzero(pd.notna(ids))
        hashes = pd.util.hash_array(ids[present])
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        again = np.zeros(len(present), dtype=bool)
        again[order[1:]] = ordered[1:] == ordered[:-1]
        places = np.searchsorted(self._seen, hashes)
        places[places == len(self._seen)] = 0
        if len(self._seen):
            again |= self._seen[places] == hashes
        # Two sorted runs: a stable sort merges them in one pass.
        self._seen = np.sort(np.concatenate([self._seen, np.unique(hashes)]), kind="stable")
        result = np.zeros(len(ids), dtype=bool)
        result[present] = again
        return result
