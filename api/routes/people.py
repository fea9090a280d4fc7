"""Who answers for a grid, a neighbourhood or a building, and who is on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.auth import ActorDep, access
from api.deps import AsOf, SessionDep, ZoneDep, instant
from api.routes.grids import GridCode
from api.schemas_people import OnDutyOut, ResponsibilityOut
from geo import duty, responsibility
from geo.masking import sight_of
from geo.permissions import SEE_MAPS

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
