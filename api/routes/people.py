"""Who answers for a grid, a neighbourhood or a building, and who is on duty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from api.auth import ActorDep, access
from api.deps import AsOf, SessionDep, ZoneDep, instant
from api.routes.grids import GridCode
from api.schemas_people import HoldingsOut, OnDutyOut, ResponsibilityOut
from geo import duty, responsibility
from geo.holdings import count_holdings
from geo.masking import sight_of
from geo.model import Actor
from geo.permissions import SEE_INCIDENTS, SEE_MAPS

router = APIRouter(tags=["people"])

NeighbourhoodCode = Annotated[str, Path(max_length=40, description="编码 of a quarter or villager group")]
BuildingCode = Annotated[str, Path(max_length=40, description="编码 of a building")]


@router.get("/grids/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_grid(
    session: SessionDep, actor: ActorDep, code: GridCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who answers for a grid: holders of its posts, then those of the grids above it."""
    found = responsibility.people_of_grid(session, code, sight_of(actor), as_of=as_of)
    return ResponsibilityOut.model_validate(found)


@router.get("/neighbourhoods/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_neighbourhood(
    session: SessionDep, actor: ActorDep, code: NeighbourhoodCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who answers for a quarter or villager group: its own, its council and company, then its grids."""
    found = responsibility.people_of_neighbourhood(session, code, sight_of(actor), as_of=as_of)
    return ResponsibilityOut.model_validate(found)


@router.get("/buildings/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_building(
    session: SessionDep, actor: ActorDep, code: BuildingCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who answers for a building: for it, its units, its neighbourhood, then its grids."""
    found = responsibility.people_of_building(session, code, sight_of(actor), as_of=as_of)
    return ResponsibilityOut.model_validate(found)


@router.get("/duty", dependencies=[access(SEE_MAPS)])
def get_on_duty(
    session: SessionDep,
    zone: ZoneDep,
    actor: ActorDep,
    at: Annotated[datetime | None, Query(description="Moment; default the present")] = None,
    grid: Annotated[str | None, Query(max_length=40, description="Only for this grid or one below")] = None,
) -> list[OnDutyOut]:
    """Who is on duty: the centre and departments first, then sites, then grids."""
    found = duty.list_on_duty(session, sight_of(actor), at=instant(zone, at, "at"), grid_code=grid)
    return [OnDutyOut.model_validate(each) for each in found]


ResourceCode = Annotated[
    str, Path(max_length=40, description="编码 of a site, team, party organisation, camera")
]


@router.get("/sites/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_site(
    session: SessionDep, actor: ActorDep, code: ResourceCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who keeps a service site."""
    return _running(session, actor, "site", code, as_of)


@router.get("/teams/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_team(
    session: SessionDep, actor: ActorDep, code: ResourceCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who leads a team and who is in it."""
    return _running(session, actor, "team", code, as_of)


@router.get("/party-organisations/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_party_organisation(
    session: SessionDep, actor: ActorDep, code: ResourceCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who leads a party organisation."""
    return _running(session, actor, "party_org", code, as_of)


@router.get("/cameras/{code}/people", dependencies=[access(SEE_MAPS)])
def get_people_of_camera(
    session: SessionDep, actor: ActorDep, code: ResourceCode, as_of: AsOf = None
) -> ResponsibilityOut:
    """Who runs a camera: the staff of its organisation."""
    return _running(session, actor, "camera", code, as_of)


def _running(session: Session, actor: Actor, kind: str, code: str, as_of: date | None) -> ResponsibilityOut:
    found = responsibility.people_of_resource(session, kind, code, sight_of(actor), as_of=as_of)
    return ResponsibilityOut.model_validate(found)


@router.get("/buildings/{code}/counts", dependencies=[access(SEE_INCIDENTS)])
def get_counts_of_building(session: SessionDep, code: BuildingCode, as_of: AsOf = None) -> HoldingsOut:
    """Households, residents and cases of a building."""
    return HoldingsOut.model_validate(count_holdings(session, "building", code, as_of=as_of))


@router.get("/neighbourhoods/{code}/counts", dependencies=[access(SEE_INCIDENTS)])
def get_counts_of_neighbourhood(
    session: SessionDep, code: NeighbourhoodCode, as_of: AsOf = None
) -> HoldingsOut:
    """Buildings, households, residents and cases of a quarter or villager group."""
    return HoldingsOut.model_validate(count_holdings(session, "neighbourhood", code, as_of=as_of))
