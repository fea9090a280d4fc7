"""``/statistics``: the zone in figures for people to read, copy, print and take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator
from sqlalchemy.orm import Session

from api.auth import ActorDep, access
from api.deps import SessionDep, ZoneDep
from api.pages.frame import framed_page
from api.pages.maps import LangDep
from api.pages.statistics_blocks import Block, Tile, make_block, tile
from api.pages.statistics_fields import Field, choose, choose_entry, day_field
from api.pages.statistics_filters import PRESETS, Period, Section, read_period
from api.pages.statistics_tabs import tab_values
from api.pages.statistics_words import say, say_by
from geo import statistics
from geo.model import Actor, Zone
from geo.permissions import SEE_SMALL_GROUPS, SEE_STATISTICS, may
from geo.statistics import choices
from layers.words import Lang

router = APIRouter(include_in_schema=False, dependencies=[access(SEE_STATISTICS)])

Chosen = Annotated[str | None, Query(max_length=60)]
#: A day, or an empty field of the form.
OptionalDay = Annotated[date | None, BeforeValidator(lambda value: value or None)]

#: What each section's table may be by, the first by default.
BY = {
    "roster": ("unit", "group", "post", "kind", "area", "grid"),
    "services": ("unit", "group", "post", "kind", "project", "grid"),
    "places": ("kind", "unit", "unit_kind"),
}


class Asked:
    """The page's filters, empty ones left out."""

    def __init__(
        self,
        section: Section = "roster",
        by: Chosen = None,
        as_of: OptionalDay = None,
        since: OptionalDay = None,
        who: str = "personnel",
        unit: Chosen = None,
        group: Chosen = None,
        kind: Chosen = None,
    ) -> None:
        self.section: Section = section
        self.by = by or BY[section][0]
        self.as_of, self.since = as_of, since
        self.who = who
        self.unit, self.group, self.kind = unit or None, group or None, kind or None


def read_page_period(
    zone: ZoneDep,
    period: Chosen = None,
    first: Annotated[OptionalDay, Query(alias="from")] = None,
    last: Annotated[OptionalDay, Query(alias="to")] = None,
) -> Period:
    """Days of the service record, from the address."""
    return read_period(period or None, first, last, zone.today())


@router.get("/statistics", response_class=HTMLResponse)
def show_statistics(
    request: Request,
    session: SessionDep,
    zone: ZoneDep,
    lang: LangDep,
    actor: ActorDep,
    asked: Annotated[Asked, Depends()],
    period: Annotated[Period, Depends(read_page_period)],
) -> HTMLResponse:
    """The roster, the service record, or places and units; filters in the address."""
    show = {"roster": _roster, "services": _services, "places": _places}[asked.section]
    tiles, blocks, fields = show(session, zone, actor, lang, asked, period)
    return framed_page(
        request,
        "statistics.html",
        zone,
        here="statistics",
        word=partial(say, lang),
        section=asked.section,
        **tab_values(actor, lang, asked.section),
        tiles=tiles,
        blocks=blocks,
        fields=fields,
        presets=PRESETS if asked.section == "services" else (),
        period=period,
    )


Shown = tuple[Sequence[Tile], Sequence[Block], Sequence[Field]]


def _roster(session: Session, zone: Zone, actor: Actor, lang: Lang, asked: Asked, _: Period) -> Shown:
    table = statistics.roster_table(
        session,
        by=asked.by,
        as_of=asked.as_of,
        unit=asked.unit,
        group=asked.group,
        since=asked.since,
        who=asked.who,
        with_small_groups=may(actor, SEE_SMALL_GROUPS),
    )
    keys = ("persons", "women", "aged_35_or_under", "college", "new", "prospering", "party_members")
    tiles = [
        tile(table, key, lang, of="persons" if key != "persons" else None)
        for key in keys
        if key in table.total.figures
    ]
    kept = {name: table.filters[name] for name in ("as_of", "since", "who", "group") if name in table.filters}
    below = kept if asked.by == "unit" else None
    blocks = [make_block(table, lang, "roster", chart=("persons",), below=below)]
    if (since := table.filters.get("since")) and asked.by in {"unit", "group"} and asked.unit is None:
        moves = statistics.moves_table(session, on=date.fromisoformat(since))
        blocks.append(make_block(moves, lang, "moves", chart=("persons",)))
    whos = [(who, say(lang, f"who.{who}")) for who in ("personnel", "all")]
    fields = [
        day_field("as_of", say(lang, "as_of"), asked.as_of or zone.today()),
        _by_field(asked, lang, "roster"),
        day_field("since", say(lang, "since"), table.filters.get("since")),
        choose("who", say(lang, "who"), whos, asked.who),
        _unit_field(session, asked, lang),
        _group_field(session, asked, lang),
    ]
    return tiles, blocks, fields


def _unit_field(session: Session, asked: Asked, lang: Lang) -> Field:
    return choose_entry("unit", say(lang, "unit"), choices.list_units(session), asked.unit, lang)


def _group_field(session: Session, asked: Asked, lang: Lang) -> Field:
    personnel = asked.section == "roster" and asked.who == "personnel"
    groups = choices.list_post_groups(session, personnel_only=personnel)
    return choose_entry("group", say(lang, "group"), groups, asked.group, lang)


def _services(
    session: Session, _zone: Zone, _actor: Actor, lang: Lang, asked: Asked, period: Period
) -> Shown:
    cases: statistics.ServiceCases = {
        "since": period.first,
        "until": period.until,
        "unit": asked.unit,
        "kind": asked.kind,
        "group": asked.group,
    }
    table = statistics.service_table(session, by=asked.by, **cases)
    months = statistics.service_table(session, by="period", period="month", **cases)
    kinds = tuple(measure.key for measure in months.measures if measure.key.startswith("kind."))
    tiles = [tile(months, "count", lang), *(tile(months, key, lang, of="count") for key in kinds)]
    tiles.append(tile(months, "resolved_share", lang))
    stacked = tuple(key for key in kinds if key in table.total.figures) or ("count",)
    kept = {name: value for name, value in (("kind", asked.kind), ("group", asked.group)) if value}
    below = kept | period.query if asked.by == "unit" else None
    return (
        tiles,
        [
            make_block(months, lang, "months", chart=kinds or ("count",), columns=True),
            make_block(table, lang, "services", chart=stacked, below=below),
        ],
        [
            _by_field(asked, lang, "services"),
            _unit_field(session, asked, lang),
            choose_entry("kind", say(lang, "kind"), choices.list_service_kinds(session), asked.kind, lang),
            _group_field(session, asked, lang),
        ],
    )


def _places(session: Session, zone: Zone, _actor: Actor, lang: Lang, asked: Asked, _: Period) -> Shown:
    common = {"as_of": asked.as_of, "unit": asked.unit}
    tables = {
        of: statistics.place_table(session, of=of, by=asked.by, **common)  # type: ignore[arg-type]
        for of in ("sites", "teams", "party_orgs")
    }
    tiles = [tile(table, of, lang) for of, table in tables.items()]
    functions = statistics.place_table(session, of="sites", by="function", **common)  # type: ignore[arg-type]
    is_short = asked.by != "unit"
    blocks = [
        make_block(functions, lang, "functions", chart=("sites",), narrow=True),
        make_block(tables["teams"], lang, "teams", chart=("teams",), narrow=is_short),
        make_block(tables["party_orgs"], lang, "party_orgs", chart=("party_orgs",), narrow=is_short),
    ]
    wide = [make_block(tables["sites"], lang, "sites", chart=("sites",))]
    if asked.unit is None:
        units = statistics.unit_table(session, as_of=asked.as_of)
        fact = units.filters["fact"]
        tiles += [tile(units, key, lang) for key in ("units", "grids", "households", fact)]
        blocks.append(_bands(session, asked, lang, fact))
        wide.append(make_block(units, lang, "units", chart=(fact,)))
    blocks += wide
    fields = [
        day_field("as_of", say(lang, "as_of"), asked.as_of or zone.today()),
        _by_field(asked, lang, "places"),
        _unit_field(session, asked, lang),
    ]
    return tiles, blocks, fields


def _bands(session: Session, asked: Asked, lang: Lang, fact: str) -> Block:
    """Units by band of the fact, with few columns: the rest stands in the table of units."""
    bands = statistics.unit_table(session, as_of=asked.as_of, by="band")
    few = tuple(bands.measure(key) for key in ("units", fact))
    return make_block(replace(bands, measures=few), lang, "bands", chart=("units",), narrow=True)


def _by_field(asked: Asked, lang: Lang, subject: str) -> Field:
    options = [(by, say_by(lang, subject, by)) for by in BY[asked.section]]
    return choose("by", say(lang, "by"), options, asked.by)
