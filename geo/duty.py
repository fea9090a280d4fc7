"""Who is on duty now, or at any moment the rota knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from geo.errors import InvalidInput
from geo.grids import get_grid
from geo.masking import Sight
from geo.store import rota
from geo.store.frames import codes_below
from geo.zones import get_zone


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person's duty at a moment.

    Attributes
    ----------
    place_kind
        ``grid``, ``site`` or ``organisation``.
    name, phone
        As the asker may see them.
    away
        On leave that day: then ``stand_in`` is there, or nobody.
    """

    place_kind: str
    place_code: str
    place_name: str | None
    shift_zh: str
    shift_en: str
    starts_at: datetime
    ends_at: datetime
    name: str | None
    phone: str | None
    away: bool
    stand_in: str | None
    stand_in_phone: str | None


def list_on_duty(
    session: Session, sight: Sight, *, at: datetime | None = None, grid_code: str | None = None
) -> list[OnDuty]:
    """Everybody on duty at a moment, the centre and departments first, then sites, then grids.

    Parameters
    ----------
    at
        With time zone; the present when None.
    grid_code
        Only duties for this grid, of any level, or the grids below it.

    Raises
    ------
    InvalidInput
        The moment has no time zone.
    NotFound
        There is no such grid that day.
    """
    zone = get_zone(session)
    moment = at or datetime.now(UTC)
    if moment.tzinfo is None:
        raise InvalidInput(f"at={moment.isoformat()} has no time zone; write it with +08:00 or Z")
    day = zone.today(moment)
    codes = None
    if grid_code is not None:
        get_grid(session, grid_code, as_of=day)
        codes = sorted(codes_below(session, day, grid_code))
    rows = rota.duties_at(session, moment, day, grid_codes=codes)
    return [
        OnDuty(
            place_kind="organisation" if row.organisation_code else "site" if row.site_code else "grid",
            place_code=row.organisation_code or row.site_code or row.grid_code,
            place_name=row.place_name,
            shift_zh=row.shift_zh,
            shift_en=row.shift_en,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            name=sight.name(row.name),
            phone=sight.phone(row.phone),
            away=row.away,
            stand_in=row.stand_in and sight.name(row.stand_in),
            stand_in_phone=sight.phone(row.stand_in_phone),
        )
        for row in rows
    ]
