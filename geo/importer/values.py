"""Values of columns: kinds matched to their list, whole numbers read, with what did not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.boundaries.check import listed
from geo.model import Fault

#: Ways to write kinds of buildings beside the list's own codes and names; the OSM values among them.
BUILDING_KINDS: Mapping[str, str] = {
    "apartments": "residential",
    "dormitory": "residential",
    "住宅": "residential",
    "居民楼": "residential",
    "house": "house",
    "detached": "house",
    "semidetached_house": "house",
    "terrace": "house",
    "farm": "house",
    "bungalow": "house",
    "自建房": "house",
    "industrial": "factory",
    "manufacture": "factory",
    "工厂": "factory",
    "warehouse": "warehouse",
    "hangar": "warehouse",
    "school": "school",
    "kindergarten": "school",
    "university": "school",
    "college": "school",
    "hospital": "hospital",
    "医院": "hospital",
    "office": "office",
    "commercial": "office",
    "写字楼": "office",
    "retail": "shop",
    "supermarket": "shop",
    "商店": "shop",
    "public": "public",
    "civic": "public",
    "government": "public",
    "church": "public",
    "chapel": "public",
    "train_station": "public",
    "fire_station": "public",
}


def match_kinds(
    values: pd.Series, names: Mapping[str, str], *, default: str, more: Mapping[str, str] | None = None
) -> tuple[pd.Series, dict[str, int]]:
    """Kinds by code, name or synonym; what is not known becomes the default.

    Parameters
    ----------
    names
        Code by each way to write it, from the list.

    Returns
    -------
    Series, dict
        Codes, and how often each unknown value stood in the column.
    """
    known = {_plain(name): code for name, code in (more or {}).items() if code in names.values()}
    known |= {_plain(name): code for name, code in names.items()}
    plain = values.map(_plain, na_action="ignore")
    found = plain.map(known, na_action="ignore")
    unknown = values[found.isna() & values.notna()]
    return found.fillna(default).astype(object), {str(k): int(v) for k, v in unknown.value_counts().items()}


def _plain(value: object) -> str:
    return str(value).strip().casefold()


def whole_numbers(values: pd.Series, column: str, *, low: int, high: int) -> tuple[pd.Series, list[Fault]]:
    """Whole numbers from text; blanks are missing, anything else that is not in the range is a fault.

    Returns
    -------
    Series, list of Fault
        Nullable integers, and faults of rule ``<column>-number``, one for each distinct value.
    """
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
    fits = numbers.notna() & (numbers >= low) & (numbers <= high) & (numbers == np.floor(numbers.fillna(0.5)))
    wrong = values[values.notna() & ~fits.fillna(False).astype(bool)]
    faults = [
        Fault(
            int(group.index[0]) + 1,
            f"{column}-number",
            f"{column} {value!r} is no whole number from {low} to {high} "
            f"(rows {listed(int(i) + 1 for i in group.index)})",
            column=column,
            value=str(value),
        )
        for value, group in wrong.groupby(wrong, sort=False)
    ]
    return numbers.where(fits.fillna(False).astype(bool)).astype("Int64"), faults


def addresses(frame: pd.DataFrame) -> pd.Series:
    """One address a row: the address column, or street and house number joined; None without either.

    Chinese street names take their number without a blank, others with one.
    """
    joined = [
        _joined(street, number) for street, number in zip(frame["street"], frame["housenumber"], strict=True)
    ]
    return frame["address"].where(
        frame["address"].notna(), pd.Series(joined, index=frame.index, dtype=object)
    )


def _joined(street: str | None, number: str | None) -> str | None:
    if street is None:
        return None
    blank = "" if re.search(r"[\u4e00-\u9fff]", street) else " "
    return f"{street}{blank}{number}" if number else street
