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
class CoverageNorms:
    """What a zone calls enough.

    Attributes
    ----------
    households_per_worker
        Most households a grid worker should answer for.
    site_reach_m, team_reach_m
        How far, in a straight line, a service site or a team is held to reach.
    """

    households_per_worker: int = 500
    site_reach_m: float = 1_000.0
    team_reach_m: float = 2_000.0


@dataclass(frozen=True, slots=True)
class Zone:
    """辖区: the zone a database serves, with its settings.

    Attributes
    ----------
    levels
        Labels of the levels, coarse to fine; their number is the number of levels.
    household_band
        Lowest and highest number of households a finest-level grid should hold.
    norms
        What counts as enough in the measures of coverage.
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
    norms: CoverageNorms = CoverageNorms()
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
    """The finest-level grid nearest to a place outside every grid; the distance is geodesic."""

    level: int
    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class NearestBuilding:
    """The building nearest to a place inside none; the distance is geodesic."""

    code: str
    kind: str
    name: str | None
    address: str | None
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
    nearest_building
        Building nearest to a place inside none, within 200 m; None when a building holds the place.
    """

    lon: float
    lat: float
    as_of: date
    grids: tuple[GridRef, ...] = ()
    neighbourhood: NamedRef | None = None
    building: NamedRef | None = None
    nearest: NearestGrid | None = None
    nearest_building: NearestBuilding | None = None
    release: ReleaseRef | None = None

    @property
    def inside(self) -> bool:
        """Whether a grid holds the place."""
        return bool(self.grids)

    def code(self, level: int) -> str | None:
        """Code of the chain's grid at a level, if it has one."""
        return next((grid.code for grid in self.grids if grid.level == level), None)


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident as somebody reports it, before it is placed.

    Attributes
    ----------
    lon, lat
        The place in ``crs``; both None when it is not known.
    crs
        Declared reference system of lon and lat, e.g. ``EPSG:4490``, ``GCJ-02``.
    reported_at
        With time zone; None for the present moment.
    client_key
        Key the client chose: the same key from the same account stores one incident only.
    """

    category: str
    source: str
    description: str = ""
    address_text: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "EPSG:4490"
    reported_at: datetime | None = None
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """事件: an incident as stored, with the chain found at intake.

    ``description`` and ``address_text`` are None for askers who may not read case text.
    """

    id: int
    category: str
    source: str
    state: str
    description: str | None
    address_text: str | None
    reported_at: datetime
    lon: float | None
    lat: float | None
    place_status: str
    time_status: str
    grid_codes: tuple[str | None, str | None, str | None]
    building_code: str | None
    release_id: int | None


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are asked for; None asks for all.

    Attributes
    ----------
    since, until
        Half-open interval of ``reported_at``.
    bbox
        west, south, east, north in the storage CRS, degrees.
    grid_code
        A grid of any level; incidents whose intake chain holds it.
    category
        A service kind (all below it) or a category.
    """

    since: datetime | None = None
    until: datetime | None = None
    bbox: tuple[float, float, float, float] | None = None
    grid_code: str | None = None
    level: int | None = None
    category: str | None = None
    source: str | None = None
    state: str | None = None
    place_status: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """An entry of the list of incident categories; a service kind has no parent."""

    code: str
    parent_code: str | None
    name_zh: str
    name_en: str


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
    sheet, cell
        Where it stands in a workbook, such as 任职 and D7; None in other files.
    """

    row: int | None
    rule: str
    message: str
    column: str | None = None
    value: str | None = None
    geometry: BaseGeometry | None = field(default=None, compare=False, repr=False)
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and the roles they hold today."""

    account_id: int
    username: str
    display_name: str
    roles: frozenset[str]
