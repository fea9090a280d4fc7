"""``/appraisals`` for people: the list of sheets, a sheet, and the entries behind a figure."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.pages.appraisal_words import faults, say
from api.pages.frame import framed_page
from api.pages.render import language_of
from api.pages.statistics_tabs import tab_values
from api.schemas_appraisal import AppraisalOut, EvidencePage, SheetOut
from geo import appraisal
from geo.appraisal import GRADES, Sheet, SheetRow
from geo.masking import sight_of
from geo.model import Actor, Zone
from geo.permissions import GIVE_OPINIONS, KEEP_APPRAISALS, may
from geo.statistics.choices import list_units, name_entries

#: Sheets of one page; a unit has about fifty.
MOST_SHEETS = 200


def is_for_people(request: Request) -> bool:
    """Whether a browser asks for a page rather than a program for JSON."""
    return "text/html" in request.headers.get("accept", "")


def list_page(
    request: Request, session: Session, zone: Zone, actor: Actor, *, unit: str | None, period: str | None
) -> HTMLResponse:
    """Sheets by unit and number, without figures: nothing to rank persons by."""
    count, rows = appraisal.list_appraisals(session, actor, unit=unit, period=period, limit=MOST_SHEETS)
    sight = sight_of(actor)
    return _page(
        request,
        zone,
        actor,
        "appraisals.html",
        sheets=[SheetOut.of(row, sight) for row in rows],
        count=count,
        units=list_units(session),
        unit=unit or "",
        period=period or "",
        this_year=str(zone.today().year),
        levels=_levels(zone),
        may_open=may(actor, KEEP_APPRAISALS),
    )


def sheet_page(request: Request, zone: Zone, actor: Actor, sheet: Sheet) -> HTMLResponse:
    """A sheet with what the asker may add to it."""
    shown = AppraisalOut.of_sheet(sheet, sight_of(actor))
    is_open, is_own = sheet.row.state == "open", sheet.row.account_id == actor.account_id
    spoken = {opinion.account_id for opinion in sheet.opinions}
    keeps = may(actor, KEEP_APPRAISALS)
    return _page(
        request,
        zone,
        actor,
        "appraisal.html",
        sheet=shown,
        opinions={opinion.level: opinion for opinion in shown.opinions},
        levels=_levels(zone),
        grades=GRADES,
        clock=zone.zone_info,
        may_state=is_open and not sheet.opinions and (is_own or keeps),
        may_judge=is_open and not is_own and actor.account_id not in spoken and may(actor, GIVE_OPINIONS),
        may_close=is_open and not is_own and keeps and sheet.next_level is None,
    )


def evidence_page(
    request: Request, session: Session, zone: Zone, actor: Actor, row: SheetRow, evidence: EvidencePage
) -> HTMLResponse:
    """The entries of the record that were counted."""
    lang = language_of(request)
    names = {name: _names(session, name, lang) for name in ("service_kinds", "posts", "service_projects")}
    return _page(
        request,
        zone,
        actor,
        "appraisal_evidence.html",
        sheet=SheetOut.of(row, sight_of(actor)),
        evidence=evidence,
        names=names,
        clock=zone.zone_info,
    )


def _names(session: Session, name: str, lang: str) -> dict[str, str]:
    return {code: getattr(entry, lang) for code, entry in name_entries(session, name).items()}


def _levels(zone: Zone) -> range:
    """Levels in the order they speak."""
    return range(len(zone.levels), 0, -1)


def _page(request: Request, zone: Zone, actor: Actor, template: str, **values: Any) -> HTMLResponse:
    lang = language_of(request)
    return framed_page(
        request,
        template,
        zone,
        here="statistics",
        word=partial(say, lang),
        **tab_values(actor, lang, "appraisals"),
        faults=json.dumps(faults(lang), ensure_ascii=False),
        **values,
    )
