"""Import people, posts and places from a workbook: every fault reported at once, all written or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.boundaries.limits import Limits
from geo.boundaries.read import sha256
from geo.importer.common import begin_run
from geo.importer.report import ImportReport
from geo.model import Zone
from geo.roster.changes import Changes
from geo.roster.checks import Scene, check
from geo.roster.faults import Faults
from geo.roster.load import begin_change, write_changes
from geo.roster.look_up import look_up, make_reading
from geo.roster.memberships import compare_memberships
from geo.roster.placing import place_rows
from geo.roster.records import compare_records
from geo.roster.rows import Roster
from geo.roster.services import compare_services
from geo.roster.tables import read_tables
from geo.roster.things import compare_things
from geo.roster.workbooks import WORKBOOK_LIMITS, read_workbook
from geo.store.partition import wait_for_turn
from geo.zones import get_zone

DEFAULT_CRS = "EPSG:4490"
#: What the report calls the rows of a table.
_WORDS = {
    "person": "people",
    "party_membership": "party memberships",
    "assignment": "assignments",
    "organisation": "organisations",
    "neighbourhood_organisation": "organisations of quarters",
    "party_organisation": "party organisations",
    "service_site": "sites",
    "site_opening": "opening hours",
    "team": "teams",
    "camera": "cameras",
    "duty": "duties",
    "leave": "leaves",
    "service_record": "services",
    "unit_figure": "figures",
}


@dataclass(frozen=True, slots=True)
class RosterImport:
    """How a workbook is to be read.

    Attributes
    ----------
    crs
        Of longitude and latitude.
    """

    crs: str = DEFAULT_CRS
    limits: Limits = WORKBOOK_LIMITS


def import_people(
    session: Session, path: str | Path, options: RosterImport | None = None, *, commit: bool = False
) -> ImportReport:
    """Check a workbook by the rules of ``docs/administrators-people.md`` and write it when asked to.

    Parameters
    ----------
    session
        Reaches the database as the loader; the caller commits.
    commit
        False: report only. Even then nothing is written while there is a fault.

    Raises
    ------
    InvalidFile
        The file is no workbook, encrypted, damaged, hostile or too large.
    InvalidInput
        The CRS is not known.
    """
    options = options or RosterImport()
    zone = get_zone(session)
    sheets = read_workbook(path, options.limits)
    report = ImportReport("people", Path(path).name, sha256(Path(path)))
    reading = make_reading(session, zone, options.crs)

    def read(faults: Faults) -> Roster:
        return read_tables(sheets, reading, faults, report.warnings)

    return import_roster(session, zone, read, report, options.crs, commit=commit)


def import_roster(
    session: Session,
    zone: Zone,
    read: Callable[[Faults], Roster],
    report: ImportReport,
    crs: str,
    *,
    commit: bool,
    options: dict[str, Any] | None = None,
) -> ImportReport:
    """Check what was read and, when asked to and nothing is wrong, write what differs."""
    if commit:
        wait_for_turn(session)  # so that nobody else's import comes between check and writing
    faults = Faults()
    roster = read(faults)
    report.rows_read = len(roster)
    changes = examine(session, zone, roster, crs, faults, report)
    if commit and report.is_clean and changes.total:
        report.import_id = begin_run(session, report, {"crs": crs} | (options or {}))
        change = begin_change(session, changes, f"导入 {report.file_name}", zone.today())
        write_changes(session, zone, changes, run=report.import_id, change=change)
    return report


def examine(
    session: Session, zone: Zone, roster: Roster, crs: str, faults: Faults, report: ImportReport
) -> Changes:
    """Apply the rules and find what differs; faults, warnings and figures go to the report."""
    stored = look_up(session, zone, roster)
    placed = place_rows(session, zone, roster, crs, faults, report.warnings)
    scene = Scene(roster, stored, faults, zone.today(), placed.grids)
    check(scene)
    report.faults.add(faults.ordered())
    changes = Changes()
    if report.is_clean:
        compare_things(scene, placed, changes)
        compare_memberships(scene, changes)
        compare_records(scene, changes)
        compare_services(scene, placed, changes)
        report.warnings.add(changes.warnings.kept)
        _count(changes, report)
    return changes


def _count(changes: Changes, report: ImportReport) -> None:
    report.rows_to_write = changes.total
    for table, word in _WORDS.items():
        new, changed = len(changes.new.get(table, ())), len(changes.changed.get(table, ()))
        if new or changed or changes.same[table]:
            report.figures[word] = f"{new:,} new, {changed:,} changed, {changes.same[table]:,} as stored"
