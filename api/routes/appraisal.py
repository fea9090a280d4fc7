"""``/appraisals``: sheets level by level; JSON for programs, pages at the same addresses for people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response, status

from api import paging
from api.auth import ActorDep, access
from api.deps import SessionDep, ZoneDep
from api.pages import appraisals as pages
from api.schemas_appraisal import (
    AppraisalOut,
    EvidencePage,
    OpenedOut,
    OpenIn,
    OpinionIn,
    SheetOut,
    SheetPage,
    StatementIn,
)
from geo import appraisal
from geo.masking import sight_of
from geo.model import Actor
from geo.permissions import (
    GIVE_OPINIONS,
    KEEP_APPRAISALS,
    READ_SERVICE_NOTES,
    SEE_APPRAISALS,
    may,
)

router = APIRouter(prefix="/appraisals", tags=["appraisals"])

SheetId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of a sheet", examples=[7])]
Unit = Annotated[str | None, Query(max_length=40, description="Only of this second-level grid")]
Period = Annotated[str | None, Query(max_length=10, description="2026, 2026-Q1 or 2026-03")]


@router.get("", dependencies=[access(SEE_APPRAISALS)], response_model=SheetPage)
def get_appraisals(
    request: Request,
    session: SessionDep,
    zone: ZoneDep,
    actor: ActorDep,
    unit: Unit = None,
    period: Period = None,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> SheetPage | Response:
    """List the sheets the asker may see, by unit and number of the person; never by a figure.

    Grid heads see those of their units, holders of other posts their own.
    """
    if pages.is_for_people(request):
        return pages.list_page(request, session, zone, actor, unit=unit or None, period=period or None)
    count, rows = appraisal.list_appraisals(session, actor, unit=unit, period=period, limit=limit)
    sight = sight_of(actor)
    listed = [SheetOut.of(row, sight) for row in rows]
    return SheetPage(appraisals=listed, numberReturned=len(listed), numberMatched=count)


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[access(KEEP_APPRAISALS)])
def post_appraisals(body: OpenIn, session: SessionDep, actor: ActorDep, response: Response) -> OpenedOut:
    """Open a sheet for everybody who holds a personnel post in the unit on the period's last day, or today.

    Sent again it adds who is missing: 201 when sheets were opened, 200 when there were none to open.
    """
    opened = appraisal.open_appraisals(session, actor, unit=body.unit, period=body.period)
    if not opened.opened:
        response.status_code = status.HTTP_200_OK
    return OpenedOut.model_validate(opened)


@router.get("/{sheet_id}", dependencies=[access(SEE_APPRAISALS)], response_model=AppraisalOut)
def get_appraisal(
    request: Request, session: SessionDep, zone: ZoneDep, actor: ActorDep, sheet_id: SheetId
) -> AppraisalOut | Response:
    """A sheet: figures counted from the service record, statement, opinions."""
    sheet = appraisal.get_appraisal(session, actor, sheet_id)
    if pages.is_for_people(request):
        return pages.sheet_page(request, zone, actor, sheet)
    return _answer(sheet, actor)


@router.get("/{sheet_id}/evidence", dependencies=[access(SEE_APPRAISALS)], response_model=EvidencePage)
def get_evidence(
    request: Request,
    session: SessionDep,
    zone: ZoneDep,
    actor: ActorDep,
    sheet_id: SheetId,
    kind: Annotated[str | None, Query(max_length=60, description="Only this kind of service")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> EvidencePage | Response:
    """The entries of the service record behind a sheet's figures, newest first: those counted."""
    evidence = appraisal.get_evidence(
        session, actor, sheet_id, kind=kind, limit=limit, after=paging.read_cursor(cursor)
    )
    following = paging.next_link(request, evidence.next_after)
    answer = EvidencePage.of(
        evidence, kind=kind, following=following, with_notes=may(actor, READ_SERVICE_NOTES)
    )
    if pages.is_for_people(request):
        return pages.evidence_page(request, session, zone, actor, evidence.row, answer)
    return answer


@router.post("/{sheet_id}/statement", dependencies=[access(SEE_APPRAISALS)])
def post_statement(
    body: StatementIn, session: SessionDep, actor: ActorDep, sheet_id: SheetId
) -> AppraisalOut:
    """Write down what the person says: themselves, or who keeps the sheets of the unit for them."""
    return _answer(appraisal.record_statement(session, actor, sheet_id, body.statement), actor)


@router.post("/{sheet_id}/opinions", dependencies=[access(GIVE_OPINIONS)])
def post_opinion(body: OpinionIn, session: SessionDep, actor: ActorDep, sheet_id: SheetId) -> AppraisalOut:
    """Give a level's opinion, the third first; nobody on their own sheet, nobody twice on one."""
    given = appraisal.record_opinion(
        session, actor, sheet_id, level=body.level, grade=body.grade, comment=body.comment
    )
    return _answer(given, actor)


@router.post("/{sheet_id}/close", dependencies=[access(KEEP_APPRAISALS)])
def post_close(session: SessionDep, actor: ActorDep, sheet_id: SheetId) -> AppraisalOut:
    """Close a sheet on which all levels have spoken, once its period is over; then its figures stand."""
    return _answer(appraisal.close_appraisal(session, actor, sheet_id), actor)


def _answer(sheet: appraisal.Sheet, actor: Actor) -> AppraisalOut:
    return AppraisalOut.of_sheet(sheet, sight_of(actor))
