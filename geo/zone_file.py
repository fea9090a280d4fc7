"""Read a ZONE.toml: what a zone is called, where it lies, what its code lists say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import InvalidFile
from geo.model import CoverageNorms, LevelLabel, Zone
from geo.zone_lists import Lists, merge_lists


class _Label(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _ZoneTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    code_prefix: str = Field(pattern=r"^[0-9A-Za-z]{1,9}$")
    storage_crs: str = "EPSG:4490"
    metric_crs: str = "EPSG:4547"
    time_zone: str = "Asia/Shanghai"
    levels: list[_Label] = Field(min_length=1, max_length=3)
    notice_zh: str = ""
    notice_en: str = ""
    is_demo: bool = False

    @field_validator("storage_crs", "metric_crs")
    @classmethod
    def _known_crs(cls, value: str) -> str:
        try:
            crs = CRS.from_user_input(value)
        except CRSError as error:
            raise ValueError(
                f"{value!r} is no coordinate reference system; write EPSG:4547, for example"
            ) from error
        if crs.to_epsg() is None:
            raise ValueError(f"{value!r} has no EPSG code; the database needs one")
        return value

    @field_validator("metric_crs")
    @classmethod
    def _in_metres(cls, value: str) -> str:
        crs = CRS.from_user_input(value)
        if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
            raise ValueError(f"{value!r} does not measure in metres; give a projected CRS in metres")
        return value

    @field_validator("storage_crs")
    @classmethod
    def _in_degrees(cls, value: str) -> str:
        if not CRS.from_user_input(value).is_geographic:
            raise ValueError(f"{value!r} is not longitude and latitude; give a geographic CRS")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_clock(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no IANA time zone; write Asia/Shanghai, for example") from error
        return value


class _Norms(BaseModel):
    model_config = ConfigDict(extra="forbid")
    households_band: tuple[int, int] = (300, 500)
    households_per_worker: int = Field(default=500, ge=1, le=1_000_000)
    site_reach_m: float = Field(default=1_000, gt=0, le=100_000)
    team_reach_m: float = Field(default=2_000, gt=0, le=100_000)

    @field_validator("households_band")
    @classmethod
    def _in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= value[0] <= value[1] < 2**31:
            raise ValueError(f"{list(value)} is not in order; write [fewest, most]")
        return value


class _Declared(BaseModel):
    model_config = ConfigDict(extra="allow")
    grids: tuple[int, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zone: _ZoneTable
    norms: _Norms = _Norms()
    declared: _Declared = _Declared()
    lists: dict[str, list[dict[str, Any]]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """What a ZONE.toml says: the zone, and rows for its code lists."""

    zone: Zone
    lists: Lists


def read_zone_file(path: Path) -> ZoneFile:
    """Read a ZONE.toml.

    Its ``[lists]`` add to or replace rows of the lists that come with the program (``geo/code_lists.toml``).

    Raises
    ------
    InvalidFile
        The file is missing, not TOML, or breaks a rule; every broken field is named.
    """
    data = _read_toml(path)
    try:
        content = _File.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidFile(f"{path.name}: {faults}") from error
    return ZoneFile(_zone(content), merge_lists(content.lists))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidFile(f"{path}: no such file; see docs/administrators.md for a ZONE.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InvalidFile(f"{path.name} is no readable TOML file in UTF-8: {error}") from error


def _zone(content: _File) -> Zone:
    table = content.zone
    return Zone(
        name=table.name,
        name_en=table.name_en,
        code_prefix=table.code_prefix,
        storage_srid=_epsg(table.storage_crs),
        metric_srid=_epsg(table.metric_crs),
        time_zone=table.time_zone,
        levels=tuple(LevelLabel(label.zh, label.en) for label in table.levels),
        household_band=content.norms.households_band,
        norms=CoverageNorms(**content.norms.model_dump(exclude={"households_band"})),
        declared_grids=content.declared.grids,
        notice_zh=table.notice_zh,
        notice_en=table.notice_en,
        is_demo=table.is_demo,
    )


def _epsg(crs: str) -> int:
    code = CRS.from_user_input(crs).to_epsg()
    if code is None:
        raise InvalidFile(f"{crs!r} has no EPSG code")
    return int(code)
