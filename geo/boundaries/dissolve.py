"""Unite features of one code into one multipolygon, when the user asks for it."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True)
class United:
    """Features that became one."""

    code: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.code}: rows {', '.join(map(str, self.rows))}"


def dissolve(frame: GeoDataFrame, same: tuple[str, ...]) -> tuple[GeoDataFrame, list[United]]:
    """Unite the rows that agree in all columns of ``same``, the code first.

    Rows that share a code but differ in the other columns stay apart, to be reported as repeated. So do rows
    without a code or geometry. The united row stands at the place of the first one.
    """
    usable = frame[frame["code"].notna() & frame.geometry.notna()]
    result = frame.copy()
    united: list[United] = []
    for _, group in usable.groupby([usable[column].fillna("") for column in same], sort=False):
        if len(group) < 2:
            continue
        first, others = group.index[0], group.index[1:]
        result.loc[first, "geometry"] = shapely.union_all(group.geometry.to_numpy())
        result = result.drop(index=others)
        united.append(United(str(group["code"].iloc[0]), tuple(int(i) + 1 for i in group.index)))
    return result, united
