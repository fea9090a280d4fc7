"""``/statistics/…``: the zone in figures, as JSON, workbook and CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.auth import ActorDep, access
from api.deps import SessionDep, ZoneDep, instant
from api.schemas_statistics import FILES, TableOut
from geo import statistics
from geo.errors import InvalidInput
from geo.model import Actor, Zone
from geo.permissions import SEE_SMALL_GROUPS, SEE_STATISTICS, may
from geo.statistics import Exported, Table

router = APIRouter(prefix="/statistics", tags=["statistics"], dependencies=[access(SEE_STATISTICS)])

Lang = Annotated[Literal["zh", "en"], Query(description="Language of headings and definitions")]
Code = Annotated[str | None, Field(max_length=60)]

_AS_OF = "Day the figures are of; default today in the zone"
_UNIT = "Only in this second-level grid (code)"


class RosterIn(BaseModel):
    """Which part of the roster the URL asks for."""

    by: str = Field("unit", description="unit, grid, area, post, group, kind", max_length=20)
    as_of: date | None = Field(None, description=_AS_OF)
    who: str = Field("personnel", description="personnel (234) or all", max_length=20)
    unit: Code = Field(None, description=_UNIT)
    group: Code = Field(None, description="Only posts of this group", examples=["three_heads"])
    since: date | None = Field(
        None, description="Day the term began, for who is new; default the last renewal applied"
    )


class ServicesIn(BaseModel):
    """Which entries of the service record the URL asks for."""

    by: str = Field("unit", description="unit, grid, post, group, kind, project, period", max_length=20)
    period: str | None = Field(None, description="month, quarter, year: split rows by it", max_length=20)
    since: datetime | date | None = Field(None, description="From this instant or day on")
    until: datetime | date | None = Field(None, description="Before this instant or day")
    unit: Code = Field(None, description=_UNIT)
    kind: Code = Field(None, description="Only of this kind", examples=["mediation"])
    project: Code = Field(None, description="Only of this project")
    group: Code = Field(None, description="Only served in posts of this group")


class PlacesIn(BaseModel):
    """Which places the URL asks for."""

    of: str = Field("sites", description="sites, teams, party_orgs", max_length=20)
    by: str = Field("kind", description="kind, function (of sites), unit, unit_kind", max_length=20)
    as_of: date | None = Field(None, description=_AS_OF)
    unit: Code = Field(None, description=_UNIT)


class UnitsIn(BaseModel):
    """Which villages and communities the URL asks for."""

    by: str = Field("unit", description="unit, kind, band", max_length=20)
    as_of: date | None = Field(None, description=_AS_OF)
    fact: str = Field("collective_income", description="A fact of the zone's list", max_length=60)
    year: int | None = Field(None, ge=1949, le=2200, description="Default the latest year known")
    kind: Code = Field(None, description="Only units of this kind", examples=["village"])
    bands: str = Field("50000,500000,1000000", description="Lower ends of the bands, rising", max_length=200)


def read_roster(session: SessionDep, actor: ActorDep, asked: Annotated[RosterIn, Query()]) -> Table:
    """The roster as the asker may see it."""
    small = may(actor, SEE_SMALL_GROUPS)
    return statistics.roster_table(session, **asked.model_dump(), with_small_groups=small)


def read_moves(session: SessionDep, on: Annotated[date | None, Query()] = None) -> Table:
    """Moves between groups of posts."""
    return statistics.moves_table(session, on=on)


def read_services(session: SessionDep, zone: ZoneDep, asked: Annotated[ServicesIn, Query()]) -> Table:
    """The service record; a time without time zone is the zone's."""
    same = asked.model_dump(exclude={"since", "until"})
    since, until = (_end(zone, getattr(asked, end), end) for end in ("since", "until"))
    return statistics.service_table(session, since=since, until=until, **same)


def read_places(session: SessionDep, asked: Annotated[PlacesIn, Query()]) -> Table:
    """Sites, teams or party organisations."""
    return statistics.place_table(session, **asked.model_dump())


def read_units(session: SessionDep, asked: Annotated[UnitsIn, Query()]) -> Table:
    """Villages and communities."""
    same = asked.model_dump(exclude={"bands"})
    return statistics.unit_table(session, bands=read_bands(asked.bands), **same)


def read_bands(text: str) -> list[int]:
    """Whole numbers from the URL.

    Raises
    ------
    InvalidInput
        They are none.
    """
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InvalidInput(f"bands={text!r} are no whole numbers; write 50000,500000,1000000") from None


def _end(zone: Zone, value: datetime | date | None, name: str) -> datetime | date | None:
    """A day stays a day, so that it is said as it was asked."""
    return instant(zone, value, name) if isinstance(value, datetime) else value


def _serve(name: str, read: Callable[..., Table], summary: str, text: str) -> None:
    """Add a table's three addresses; all ask for it with the same filters."""

    def as_json(table: Table = Depends(read)) -> TableOut:
        return TableOut.of(table)

    def as_xlsx(zone: ZoneDep, actor: ActorDep, lang: Lang = "zh", table: Table = Depends(read)) -> Response:
        content = statistics.write_xlsx(table, _exported(zone, actor, lang), lang)
        return _file(zone, name, "xlsx", content)

    def as_csv(zone: ZoneDep, lang: Lang = "zh", table: Table = Depends(read)) -> Response:
        return _file(zone, name, "csv", statistics.write_csv(table, lang))

    router.add_api_route(
        f"/{name}", as_json, name=f"get_{name}_statistics", summary=summary, description=text
    )
    for kind, answer in (("xlsx", as_xlsx), ("csv", as_csv)):
        router.add_api_route(
            f"/{name}.{kind}",
            answer,
            name=f"get_{name}_statistics_{kind}",
            summary=f"{summary}, as {kind}",
            response_class=Response,
            responses={200: FILES[kind]},
        )


def _exported(zone: Zone, actor: Actor, lang: str) -> Exported:
    at = datetime.now(UTC).astimezone(zone.zone_info)
    return Exported(zone.name if lang == "zh" else zone.name_en, actor.display_name, at)


def _file(zone: Zone, name: str, kind: str, content: bytes) -> Response:
    media_type: Any = next(iter(FILES[kind]["content"]))
    file_name = f"{zone.code_prefix}-{name}-{zone.today():%Y%m%d}.{kind}"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


_serve(
    "roster",
    read_roster,
    "Persons who hold posts",
    "By unit, grid, post, group of posts or kind of unit. A person with several posts counts once in each "
    "row and once in the total. Roles that may not see people get no personal attributes of groups of fewer "
    "than five persons.",
)
_serve(
    "moves",
    read_moves,
    "Moves between groups of posts on a day",
    "Persons by the groups of personnel posts they held the day before and hold on the day; each is in one "
    "row.",
)
_serve(
    "services",
    read_services,
    "The service record",
    "Entries by unit, grid, post, group, kind, project or period, with what was resolved. Rows add up to the "
    "total.",
)
_serve(
    "places",
    read_places,
    "Service sites, teams, party organisations",
    "By kind, function, unit or kind of unit. By function a site counts in each of its rows, once in the "
    "total.",
)
_serve(
    "units",
    read_units,
    "Villages and communities",
    "What each looks after, and a fact of a year such as collective income; also by kind, or by band of the "
    "fact.",
)
