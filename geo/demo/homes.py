"""Units 单元 and households 户 of the buildings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def units_and_households(buildings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Number the units of every building and the households of every unit.

    Returns
    -------
    units : pandas.DataFrame
        code (building + 2 digits), building_code, name (「1单元」).
    households : pandas.DataFrame
        code (unit + floor and door, 2 digits each), unit_code, room (「301」).

    Notes
    -----
    A building's households are spread over its units as evenly as they go, then floor by floor.
    """
    unit_count = buildings["units"].to_numpy()
    row = np.repeat(np.arange(len(buildings)), unit_count)
    number = _counting(unit_count) + 1
    building_code = buildings["code"].to_numpy(dtype=object)[row]
    unit_code = building_code + np.char.zfill(number.astype(str), 2).astype(object)
    units = pd.DataFrame(
        {"code": unit_code, "building_code": building_code, "name": [f"{n}单元" for n in number]}
    )
    share = buildings["households"].to_numpy()
    in_unit = share[row] // unit_count[row] + (number <= share[row] % unit_count[row])
    doors = np.maximum(np.ceil(in_unit / buildings["floors"].to_numpy()[row]).astype(np.int64), 1)
    home_row = np.repeat(np.arange(len(units)), in_unit)
    position = _counting(in_unit)
    floor, door = position // doors[home_row] + 1, position % doors[home_row] + 1
    suffix = np.char.zfill((floor * 100 + door).astype(str), 4).astype(object)
    households = pd.DataFrame(
        {
            "code": unit_code[home_row] + suffix,
            "unit_code": unit_code[home_row],
            "room": (floor * 100 + door).astype(str),
        }
    )
    return units.astype("str"), households.astype("str")


def _counting(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0, 1, … n-1 for each n of `counts`, one after the other."""
    total = int(counts.sum())
    starts: NDArray[np.int64] = np.cumsum(counts) - counts
    return np.arange(total, dtype=np.int64) - np.repeat(starts, counts)
