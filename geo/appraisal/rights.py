"""Whose sheets are whose: who sees, keeps and judges them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.errors import NotAllowed, NotFound
from geo.model import Actor, Zone
from geo.permissions import GIVE_OPINIONS, KEEP_APPRAISALS, Role, may
from geo.store import appraisal as store
from geo.store.appraisal import SheetRow

#: Roles whose area is the whole zone.
_WHOLE_ZONE = frozenset({Role.CENTRE_HEAD, Role.DUTY_LEADER, Role.ADMINISTRATOR})
#: Of these, those who may speak for any level.
_ANY_LEVEL = GIVE_OPINIONS & _WHOLE_ZONE


def find_reach(session: Session, zone: Zone, actor: Actor) -> set[str] | None:
    """Second-level grids whose sheets the asker may see; None for all.

    Everybody sees their own sheet besides.
    """
    if may(actor, _WHOLE_ZONE):
        return None
    return set(_headed(session, zone, actor))


def get_row(session: Session, zone: Zone, actor: Actor, sheet_id: int, *, lock: bool = False) -> SheetRow:
    """A sheet the asker may see.

    Raises
    ------
    NotFound
        There is none of that id, or it is not among theirs.
    """
    row = store.find_sheet(session, sheet_id, lock=lock)
    reach = find_reach(session, zone, actor)
    if row is None or not (reach is None or row.unit in reach or row.account_id == actor.account_id):
        raise NotFound(f"there is no appraisal sheet {sheet_id} among yours; see GET /appraisals")
    return row


def check_keeps(session: Session, zone: Zone, actor: Actor, unit: str) -> None:
    """Refuse who does not keep the sheets of a unit.

    Raises
    ------
    NotAllowed
        The asker heads no grid in it, and does not keep the whole zone's.
    """
    reach = find_reach(session, zone, actor)
    if not may(actor, KEEP_APPRAISALS) or (reach is not None and unit not in reach):
        raise NotAllowed(
            f"unit {unit} is not among those you head a grid in; ask the centre, or let an administrator "
            "tie your account to your person in the roster"
        )


def check_not_own(actor: Actor, row: SheetRow) -> None:
    """Refuse whose sheet it is.

    Raises
    ------
    NotAllowed
        It is the asker's own.
    """
    if row.account_id == actor.account_id:
        raise NotAllowed("this is your own sheet; somebody else must judge and close it")


def check_speaks(session: Session, zone: Zone, actor: Actor, row: SheetRow, level: int) -> None:
    """Refuse who may not give a level's opinion on a sheet.

    Raises
    ------
    NotAllowed
        It is the asker's own, they have spoken on it already, or they head no grid of that level there.
    """
    check_not_own(actor, row)
    if any(opinion.account_id == actor.account_id for opinion in store.list_opinions(session, row.id)):
        raise NotAllowed("you have given an opinion on this sheet; another level's is for another person")
    if may(actor, _ANY_LEVEL):
        return
    if level not in _headed(session, zone, actor).get(row.unit, set()):
        raise NotAllowed(
            f"the opinion of level {level} is for a head of a grid of that level in unit {row.unit}, or for "
            "the centre head or duty leader"
        )


def _headed(session: Session, zone: Zone, actor: Actor) -> dict[str, set[int]]:
    """Units in which the asker heads a grid today, with the levels."""
    if Role.GRID_HEAD not in actor.roles:
        return {}
    return store.headed_units(session, actor.account_id, zone.today())
