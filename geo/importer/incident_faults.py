"""What is wrong with single rows of a register."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.importer.registers import Block
from geo.model import Fault


def time_faults(times: pd.Series, block: Block) -> list[Fault]:
    """Rows without a readable time; rule ``time-unreadable``."""
    texts = block.get("reported_at")
    return [
        Fault(
            block.start + int(i) + 1,
            "time-unreadable",
            f"time {str(texts[i])[:40]!r} cannot be read; write 2026-01-31 08:30, or say --time-format"
            if texts[i] is not None
            else "the row has no time; every incident was reported at some time",
            column="reported_at",
            value=None if texts[i] is None else str(texts[i]),
        )
        for i in np.flatnonzero(times.isna())
    ]


#: Longest id kept: an index holds it.
LONGEST_ID = 200


def id_faults(block: Block) -> list[Fault]:
    """Rows whose id is too long to be one; rule ``id-long``."""
    return [
        Fault(
            block.start + row + 1,
            "id-long",
            f"id {text[:40]!r}… has {len(text)} characters, more than {LONGEST_ID}; map the column of ids",
            column="external_id",
            value=text[:LONGEST_ID],
        )
        for row, text in enumerate(map(str, block.get("external_id")))
        if len(text) > LONGEST_ID
    ]


def repeat_faults(repeated: NDArray[np.bool_], block: Block) -> list[Fault]:
    """Rows whose id came before; rule ``id-repeated``."""
    ids = block.get("external_id")
    return [
        Fault(
            block.start + int(i) + 1,
            "id-repeated",
            f"id {str(ids[i])[:60]!r} came before in this file; leave one of the rows out",
            column="external_id",
            value=str(ids[i]),
        )
        for i in np.flatnonzero(repeated)
    ]
