"""Who is on duty at a moment, leave and stand-ins included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session, aliased

from geo.store import tables

Duty, Leave, Person = tables.Duty, tables.Leave, tables.Person


def duties_at(
    session: Session, moment: datetime, day: date, *, grid_codes: Sequence[str] | None = None
) -> list[Row[*tuple[Any, ...]]]:
    """Duties that run at a moment, by place, shift and name.

    Columns ``grid_code``, ``site_code``, ``organisation_code`` (one of them), ``place_name``, ``shift_zh``,
    ``shift_en``, ``starts_at``, ``ends_at``, ``name``, ``phone``, ``away``, ``stand_in``, ``stand_in_phone``.

    Parameters
    ----------
    day
        The moment's day in the zone: whose leave counts.
    grid_codes
        Only duties for one of these grids.
    """
    grid, site, organisation, shift = tables.Grid, tables.ServiceSite, tables.Organisation, tables.DutyShift
    deputy = aliased(Person)
    query = (
        select(
            Duty.grid_code,
            Duty.site_code,
            Duty.organisation_code,
            func.coalesce(grid.name, site.name, organisation.name).label("place_name"),
            shift.name_zh.label("shift_zh"),
            shift.name_en.label("shift_en"),
            func.lower(Duty.during).label("starts_at"),
            func.upper(Duty.during).label("ends_at"),
            Person.name,
            Person.phone,
            Leave.id.is_not(None).label("away"),
            deputy.name.label("stand_in"),
            deputy.phone.label("stand_in_phone"),
        )
        .join(Person, Person.id == Duty.person_id)
        .join(shift, shift.code == Duty.shift)
        .outerjoin(grid, and_(grid.code == Duty.grid_code, grid.valid.contains(day)))
        .outerjoin(site, site.code == Duty.site_code)
        .outerjoin(organisation, organisation.code == Duty.organisation_code)
        .outerjoin(Leave, and_(Leave.person_id == Person.id, Leave.valid.contains(day)))
        .outerjoin(deputy, deputy.id == Leave.deputy_id)
        .where(Duty.during.contains(moment))
        .order_by(Duty.organisation_code, Duty.site_code, Duty.grid_code, shift.sort, Person.name, Person.id)
    )
    if grid_codes is not None:
        query = query.where(Duty.grid_code.in_(grid_codes))
    return list(session.execute(query).all())
