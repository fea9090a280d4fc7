"""The tables, as the database has them; made and changed only by the migrations."""

from geo.store.tables.accounts import Account, AccountRole, ApiToken, Role, SignInLink, WebSession
from geo.store.tables.appraisal import Appraisal, AppraisalFigure, AppraisalOpinion
from geo.store.tables.base import DEFAULT_SRID, Base
from geo.store.tables.basemap import LandUse, LandUseKind, Road, RoadKind, Water, WaterKind
from geo.store.tables.cameras import Camera, CameraKind, CameraNetwork, CameraState
from geo.store.tables.grids import Grid, GridCode, GridKind, Release
from geo.store.tables.ground import (
    Address,
    Building,
    BuildingKind,
    GroundChange,
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
from geo.store.tables.organisations import (
    NeighbourhoodOrganisation,
    Organisation,
    OrganisationKind,
    PartyMembership,
    PartyOrganisation,
    PartyOrgKind,
)
from geo.store.tables.people import (
    TARGETS,
    Assignment,
    Education,
    Person,
    Post,
    PostGroup,
    RosterChange,
    RosterChangeItem,
)
from geo.store.tables.places import ServiceSite, SiteFunction, SiteKind, SiteOpening, Team, TeamKind
from geo.store.tables.rota import Duty, DutyShift, Leave, LeaveKind
from geo.store.tables.service_record import ServiceKind, ServiceProject, ServiceRecord, UnitFact, UnitFigure
from geo.store.tables.zone import ImportRun, Zone

metadata = Base.metadata

__all__ = [
    "DEFAULT_SRID",
    "TARGETS",
    "Account",
    "AccountRole",
    "Address",
    "ApiToken",
    "Appraisal",
    "AppraisalFigure",
    "AppraisalOpinion",
    "Assignment",
    "Base",
    "Building",
    "BuildingKind",
    "Camera",
    "CameraKind",
    "CameraNetwork",
    "CameraState",
    "Duty",
    "DutyShift",
    "Education",
    "Grid",
    "GridCode",
    "GridKind",
    "GroundChange",
    "Household",
    "ImportRun",
    "Incident",
    "IncidentCategory",
    "IncidentSource",
    "IncidentState",
    "IncidentStep",
    "LandUse",
    "LandUseKind",
    "Leave",
    "LeaveKind",
    "Neighbourhood",
    "NeighbourhoodKind",
    "NeighbourhoodOrganisation",
    "Organisation",
    "OrganisationKind",
    "PartyMembership",
    "PartyOrgKind",
    "PartyOrganisation",
    "Person",
    "PlaceStatus",
    "PlantedHotSpot",
    "Post",
    "PostGroup",
    "Release",
    "Road",
    "RoadKind",
    "Role",
    "RosterChange",
    "RosterChangeItem",
    "ServiceKind",
    "ServiceProject",
    "ServiceRecord",
    "ServiceSite",
    "SignInLink",
    "SiteFunction",
    "SiteKind",
    "SiteOpening",
    "Team",
    "TeamKind",
    "TimeStatus",
    "Unit",
    "UnitFact",
    "UnitFigure",
    "Water",
    "WaterKind",
    "WebSession",
    "Zone",
    "metadata",
]
