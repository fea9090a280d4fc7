"""The words of the domain as values: frozen, without a database, a file or a web page behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class LevelLabel:
    """What a level of grids is called, in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Zone:
    """辖区: the zone a database serves, with its settings.

    Attributes
    ----------
    levels
        Labels of the levels, coarse to fine; their number is the number of levels.
    household_band
        Lowest and highest number of households a finest-level grid should hold.
    declared_grids
        Numbers of grids per level the zone declares; empty when it declares none.
    """

    name: str
    name_en: str
    code_prefix: str
    storage_srid: int
    metric_srid: int
    time_zone: str
    levels: tuple[LevelLabel, ...]
    household_band: tuple[int, int] = (300, 500)
    declared_grids: tuple[int, ...] = ()
    notice_zh: str = ""
    notice_en: str = ""
    is_demo: bool = False

    @property
    def storage_crs(self) -> str:
        """The storage CRS as an authority string."""
        return f"EPSG:{self.storage_srid}"

    @property
    def metric_crs(self) -> str:
        """The CRS lengths and areas are measured in, as an authority string."""
        return f"EPSG:{self.metric_srid}"

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone's clock."""
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime | None = None) -> date:
        """Day it is in the zone, at ``now`` or at present."""
        return (now or datetime.now(UTC)).astimezone(self.zone_info).date()

    def midnight(self, day: date) -> datetime:
        """Instant at which ``day`` begins in the zone."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone_info)


@dataclass(frozen=True, slots=True)
class GridRef:
    """A grid by level, code and name."""

    level: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NearestGrid:
    """The grid nearest to a place outside all of its level; the distance is geodesic."""

    level: int
    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class NamedRef:
    """A building or neighbourhood by code, kind, name and address."""

    code: str
    kind: str
    name: str | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseRef:
    """The release of the partition an answer was found in."""

    id: int
    title: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class GridChain:
    """网格链: the grids of all levels that hold a place, with its neighbourhood and building if any.

    Attributes
    ----------
    lon, lat
        The place in the storage CRS, degrees.
    grids
        One per level that holds the place, coarse to fine; empty outside every grid.
    nearest
        Finest-level grid nearest to a place outside; None when inside or when there are no grids.
    """

    lon: float
    lat: float
    as_of: date
    grids: tuple[GridRef, ...] = ()
    neighbourhood: NamedRef | None = None
    building: NamedRef | None = None
    nearest: NearestGrid | None = None
    release: ReleaseRef | None = None

    @property
    def inside(self) -> bool:
        """Whether a grid holds the place."""
        return bool(self.grids)

    def code(self, level: int) -> str | None:
        """Code of the chain's grid at a level, if it has one."""
        return next((grid.code for grid in self.grids if grid.level == level), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a row of a file.

    Attributes
    ----------
    row
        Number of the row or feature as a person counts it: the first one is 1; None for the file as a whole.
    rule
        Short stable name of the rule, e.g. ``code-repeated``.
    message
        Value, rule and cure in one sentence.
    """

    row: int | None
    rule: str
    message: str
    column: str | None = None
    value: str | None = None
    geometry: BaseGeometry | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and the roles they hold today."""

    account_id: int
    username: str
    display_name: str
    roles: frozenset[str]
