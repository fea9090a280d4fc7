"""What the tables hold, as the tuples of ``meant``; of the columns the rules speak of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from geo.store import tables as t
from tests.geo.roster.planted import meant
from tests.geo.roster.planted.meant import Rows
from tests.geo.roster.planted.roster import Roster

_DEPUTY = aliased(t.Person)


def _days(valid: Any) -> tuple[Any, Any]:
    return func.lower(valid), func.upper(valid)


def _place(geom: Any) -> tuple[Any, Any]:
    return func.ST_X(geom), func.ST_Y(geom)


def _people() -> Select[Any]:
    p = t.Person
    columns = (p.code, p.name, p.gender, p.born_on, p.education, p.phone, p.is_prospering)
    return select(*columns, *_days(p.valid))


def _memberships() -> Select[Any]:
    m = t.PartyMembership
    return select(t.Person.code, m.party_org_code).join(t.Person, t.Person.id == m.person_id)


def _assignments() -> Select[Any]:
    a = t.Assignment
    columns = (t.Person.code, a.post, a.rank, a.target)
    return select(*columns, *_days(a.valid)).join(t.Person, t.Person.id == a.person_id)


def _organisations() -> Select[Any]:
    o = t.Organisation
    return select(o.code, o.name, o.kind, o.parent_code, o.grid_code, o.phone)


def _neighbourhood_organisations() -> Select[Any]:
    n = t.NeighbourhoodOrganisation
    return select(n.neighbourhood_code, n.organisation_code, *_days(n.valid))


def _party_orgs() -> Select[Any]:
    o = t.PartyOrganisation
    columns = (o.code, o.name, o.kind, o.parent_code, o.grid_code, o.declared_members)
    return select(*columns, *_place(o.geom))


def _sites() -> Select[Any]:
    s = t.ServiceSite
    columns = (s.code, s.name, s.kind, s.address, s.phone, s.building_code)
    return select(*columns, *_place(s.geom), s.grid_code)


def _openings() -> Select[Any]:
    o = t.SiteOpening
    return select(o.site_code, o.function, o.weekday, o.opens_minute, o.closes_minute)


def _teams() -> Select[Any]:
    m = t.Team
    columns = (m.code, m.name, m.kind, m.phone, m.declared_members, m.grid_code)
    return select(*columns, *_place(m.geom))


def _cameras() -> Select[Any]:
    c = t.Camera
    seen = (c.code, c.name, c.kind, c.network, c.direction_deg, c.height_m)
    kept = (c.organisation_code, c.stream_url, c.filing_number, c.filed_on, c.retention_days)
    empty = (c.angle_deg, c.range_m, c.state)
    return select(*seen, *kept, *empty, *_place(c.geom), c.grid_code)


def _duties() -> Select[Any]:
    d = t.Duty
    place = func.coalesce(d.grid_code, d.site_code, d.organisation_code)
    columns = (t.Person.code, d.day, d.shift, *_days(d.during), place)
    return select(*columns).join(t.Person, t.Person.id == d.person_id)


def _leaves() -> Select[Any]:
    away = t.Leave
    columns = (t.Person.code, *_days(away.valid), _DEPUTY.code, away.kind)
    people = select(*columns).join(t.Person, t.Person.id == away.person_id)
    return people.outerjoin(_DEPUTY, _DEPUTY.id == away.deputy_id)


def _services() -> Select[Any]:
    s = t.ServiceRecord
    who = (s.external_id, s.kind, t.Person.code, s.post, s.served, s.household_code)
    rest = (s.building_code, s.site_code, s.project, s.at, s.resolved_at, s.note)
    return select(*who, *rest).join(t.Person, t.Person.id == s.person_id)


def _figures() -> Select[Any]:
    f = t.UnitFigure
    return select(f.grid_code, f.fact, f.year, f.value)


#: What the tables hold, and what a roster means them to, by the name of a table.
TABLES: dict[str, tuple[Callable[[], Select[Any]], Callable[[Roster], Rows]]] = {
    "person": (_people, meant.people),
    "party_membership": (_memberships, meant.memberships),
    "assignment": (_assignments, meant.assignments),
    "organisation": (_organisations, meant.organisations),
    "neighbourhood_organisation": (_neighbourhood_organisations, meant.neighbourhood_organisations),
    "party_organisation": (_party_orgs, meant.party_orgs),
    "service_site": (_sites, meant.sites),
    "site_opening": (_openings, meant.openings),
    "team": (_teams, meant.teams),
    "camera": (_cameras, meant.cameras),
    "duty": (_duties, meant.duties),
    "leave": (_leaves, meant.leaves),
    "service_record": (_services, meant.services),
    "unit_figure": (_figures, meant.figures),
}


def held(session: Session, table: str) -> Rows:
    """Read a table as tuples."""
    return {tuple(row) for row in session.execute(TABLES[table][0]())}
