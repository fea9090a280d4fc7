"""The steps of an appraisal, in their order: open, state, judge level by level, close."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from geo.appraisal.reading import count_figures, get_appraisal, last_day, next_level
from geo.appraisal.rights import check_keeps, check_not_own, check_speaks, get_row
from geo.appraisal.values import GRADES, Opened, Sheet
from geo.errors import Conflict, InvalidInput
from geo.model import Actor
from geo.statistics.asked import check_choice, check_unit
from geo.statistics.periods import read_period
from geo.store import appraisal as store
from geo.store.appraisal import SheetRow
from geo.zones import get_zone


def open_appraisals(session: Session, actor: Actor, *, unit: str, period: str) -> Opened:
    """Open a sheet for everybody who holds a personnel post in a unit on the period's last day, or today.

    Who has a sheet in these days already, here or elsewhere, gets no second one; asking again adds who is
    missing.

    Parameters
    ----------
    unit
        A second-level grid.
    period
        ``2026``, ``2026-Q1`` or ``2026-03``.

    Raises
    ------
    InvalidInput
        The period is none, or has not begun.
    NotFound
        There is no such second-level grid.
    NotAllowed
        The unit is not the asker's.
    """
    zone = get_zone(session)
    check_unit(session, unit)
    since, until = read_period(period)
    if since > zone.today():
        raise InvalidInput(f"period {period!r} has not begun; appraise what has been done")
    check_keeps(session, zone, actor, unit)
    persons = store.holders(session, unit, last_day(zone, since, until))
    opened = store.add_sheets(session, persons, unit, since, until)
    return Opened(opened, len(persons) - opened)


def record_statement(session: Session, actor: Actor, sheet_id: int, statement: str) -> Sheet:
    """Write down what the person says of the period: themselves, or who keeps the sheets for them.

    Raises
    ------
    NotFound
        There is no such sheet, or none the asker may see.
    NotAllowed
        It is somebody else's.
    Conflict
        The sheet is closed, or an opinion has been given already.
    """
    zone = get_zone(session)
    row = get_row(session, zone, actor, sheet_id, lock=True)
    _check_open(row)
    if row.account_id != actor.account_id:
        check_keeps(session, zone, actor, row.unit)
    if row.levels:
        raise Conflict(f"level {max(row.levels)} has judged this statement; it can no longer be changed")
    store.save_statement(session, sheet_id, statement)
    return get_appraisal(session, actor, sheet_id)


def record_opinion(
    session: Session, actor: Actor, sheet_id: int, *, level: int, grade: str, comment: str = ""
) -> Sheet:
    """Give a level's opinion; the third level speaks first, the first last, each by another person.

    Raises
    ------
    InvalidInput
        There is no such grade.
    NotFound
        There is no such sheet, or none the asker may see.
    NotAllowed
        It is the asker's own sheet, they have spoken on it already, or the level is not theirs.
    Conflict
        The sheet is closed, or it is not that level's turn.
    """
    zone = get_zone(session)
    check_choice("grade", grade, GRADES)
    row = get_row(session, zone, actor, sheet_id, lock=True)
    _check_open(row)
    check_speaks(session, zone, actor, row, level)
    due = next_level(zone, row)
    if level != due:
        turn = "all levels have spoken" if due is None else f"it is level {due}'s turn"
        raise Conflict(f"level {level} cannot speak now: {turn}; opinions go from the third level up")
    store.add_opinion(
        session, sheet_id, level=level, grade=grade, comment=comment, account_id=actor.account_id
    )
    return get_appraisal(session, actor, sheet_id)


def close_appraisal(session: Session, actor: Actor, sheet_id: int) -> Sheet:
    """Close a sheet on which all levels have spoken; its figures stand from then on.

    Raises
    ------
    NotFound
        There is no such sheet, or none the asker may see.
    NotAllowed
        It is the asker's own, or not theirs to keep.
    Conflict
        It is closed, the period has not ended, or a level has not spoken.
    """
    zone = get_zone(session)
    row = get_row(session, zone, actor, sheet_id, lock=True)
    _check_open(row)
    check_not_own(actor, row)
    check_keeps(session, zone, actor, row.unit)
    if row.until > zone.today():
        raise Conflict(f"the period runs to {row.until - timedelta(days=1)}; close the sheet after that day")
    if (due := next_level(zone, row)) is not None:
        raise Conflict(f"level {due} has not given its opinion; close the sheet when all levels have")
    store.close_sheet(
        session, sheet_id, {figure.kind: figure.count for figure in count_figures(session, zone, row)}
    )
    return get_appraisal(session, actor, sheet_id)


def _check_open(row: SheetRow) -> None:
    if row.state != "open":
        raise Conflict(
            f"sheet {row.id} was closed on {row.closed_at:%Y-%m-%d}; closed sheets stand as they are"
        )
