"""The tables, as the database has them; made and changed only by the migrations."""

from geo.store.tables.accounts import Account, AccountRole, ApiToken, Role, SignInLink, WebSession
from geo.store.tables.base import DEFAULT_SRID, Base
from geo.store.tables.basemap import LandUse, LandUseKind, Road, RoadKind, Water, WaterKind
from geo.store.tables.grids import Grid, GridCode, GridKind, Release
from geo.store.tables.ground import (
    Address,
    Building,
    BuildingKind,
    Household,
    Neighbourhood,
    NeighbourhoodKind,
    Unit,
)
from geo.store.tables.incidents import (
    Incident,
    IncidentCategory,
    IncidentSource,
    IncidentState,
    IncidentStep,
    PlaceStatus,
    PlantedHotSpot,
    TimeStatus,
)
from geo.store.tables.zone import ImportRun, Zone

metadata = Base.metadata

__all__ = [
    "DEFAULT_SRID",
    "Account",
    "AccountRole",
    "Address",
    "ApiToken",
    "Base",
    "Building",
    "BuildingKind",
    "Grid",
    "GridCode",
    "GridKind",
    "Household",
    "ImportRun",
    "Incident",
    "IncidentCategory",
    "IncidentSource",
    "IncidentState",
    "IncidentStep",
    "LandUse",
    "LandUseKind",
    "Neighbourhood",
    "NeighbourhoodKind",
    "PlaceStatus",
    "PlantedHotSpot",
    "Release",
    "Road",
    "RoadKind",
    "Role",
    "SignInLink",
    "TimeStatus",
    "Unit",
    "Water",
    "WaterKind",
    "WebSession",
    "Zone",
    "metadata",
]
