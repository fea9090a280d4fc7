"""Which column of a file means what: named by the user, or known by its usual headings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import InvalidInput

#: Usual headings of each field, the most telling first; compared without case, blanks, - and _.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": tuple(
        "code 编码 編碼 网格编码 網格編碼 网格代码 楼栋编码 小区编码 代码 编号 編號 gridcode bm dm".split()
    ),
    "name": tuple("name 名称 名稱 网格名称 網格名稱 楼栋名称 楼栋 小区名称 gridname mc nam".split()),
    "parent_code": tuple(
        "parentcode parentid parent 上级编码 上級編碼 上级网格编码 上级网格 父级编码 所属网格编码".split()
    ),
    "kind": tuple("kind type 类型 類型 类别 网格类型 楼栋类型 用途 building".split()),
    "neighbourhood": tuple("neighbourhoodcode neighbourhood 小区编码 小区代码 小区 村民小组".split()),
    "households": tuple("households 户数 戶數 总户数 住户数".split()),
    "floors": tuple("floors levels buildinglevels 层数 樓層數 楼层数 地上层数".split()),
    "built_year": tuple("builtyear yearbuilt 建成年份 建成年代 建造年份".split()),
    "address": tuple("address addresstext 地址 详细地址 标准地址 事发地址 地点".split()),
    "street": tuple("street addrstreet 街道名 路名".split()),
    "housenumber": tuple("housenumber addrhousenumber 门牌号".split()),
    "external_id": tuple(
        "externalid eventid incidentid caseid id 事件编号 案件编号 工单编号 编号 工单号".split()
    ),
    "reported_at": tuple(
        "reportedat time datetime timestamp date occurredat 上报时间 受理时间 发生时间 时间 日期".split()
    ),
    "category": tuple("category 类别 事件类别 事件类型 分类 type".split()),
    "source": tuple("source 来源 事件来源 受理渠道".split()),
    "description": tuple("description 描述 事件描述 内容 诉求内容 问题描述".split()),
    "lon": tuple("lon lng long longitude x 经度 經度 jd".split()),
    "lat": tuple("lat latitude y 纬度 緯度 wd".split()),
    "wkt": tuple("wkt geometrywkt geomwkt geom geometry".split()),
}


@dataclass(frozen=True)
class Columns:
    """Which column holds each field.

    Attributes
    ----------
    of
        Column by field; fields that the file does not have are missing.
    guessed
        Fields found by their heading, not named by the user.
    """

    of: Mapping[str, str]
    guessed: frozenset[str] = field(default_factory=frozenset)

    def get(self, name: str) -> str | None:
        """Column of a field, if there is one."""
        return self.of.get(name)

    @property
    def described(self) -> str:
        """In words, for the report."""
        return ", ".join(
            f"{name} ← {column}{' (by its heading)' if name in self.guessed else ''}"
            for name, column in self.of.items()
        )


def match_columns(
    present: Iterable[str],
    wanted: Iterable[str],
    mapping: Mapping[str, str] | None = None,
    more: Mapping[str, tuple[str, ...]] | None = None,
) -> Columns:
    """Find the column of each wanted field.

    Parameters
    ----------
    present
        Columns of the file.
    wanted
        Fields that the import understands.
    mapping
        What the user says: column by field; it wins over headings, and no column is used twice.
    more
        Further headings by field, tried after the usual ones.

    Raises
    ------
    InvalidInput
        The mapping names a field that is not wanted or a column that is not there.
    """
    columns, fields, said = list(present), list(wanted), dict(mapping or {})
    _check_mapping(columns, fields, said)
    found = dict(said)
    free = {_plain(column): column for column in reversed(columns) if column not in said.values()}
    for name in fields:
        headings = (*HEADINGS.get(name, ()), *(more or {}).get(name, ()))
        heading = next((h for h in headings if _plain(h) in free), None)
        if name not in found and heading is not None:
            found[name] = free.pop(_plain(heading))
    ordered = {name: found[name] for name in fields if name in found}
    return Columns(ordered, frozenset(set(ordered) - set(said)))


def _check_mapping(columns: list[str], fields: list[str], said: Mapping[str, str]) -> None:
    for name, column in said.items():
        if name not in fields:
            raise InvalidInput(
                f"--map {name}=…: there is no field {name!r} here; use one of {', '.join(fields)}"
            )
        if column not in columns:
            raise InvalidInput(
                f"--map {name}={column}: the file has no column {column!r}; it has "
                f"{', '.join(columns) or 'none'}"
            )


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", str(heading)).casefold()
    return "".join(c for c in folded if c not in " _-:.\ufeff")


def text_values(values: pd.Series) -> pd.Series:
    """A column as trimmed text; blanks and missing values become None, 17.0 becomes ``17``.

    >>> list(text_values(pd.Series([17.0, " a ", "", None])))
    ['17', 'a', None, None]
    """
    return pd.Series([_text(value) for value in values], index=values.index, dtype=object)


def _text(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return None
        number = float(value)
        value = int(number) if number.is_integer() and abs(number) < 2**53 else value
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    # PostgreSQL text cannot hold a null character, and controls have no place in a name.
    text = "".join(c for c in str(value) if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    return text or None
