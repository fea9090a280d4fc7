"""From seeds to workbooks with known faults, and from reports and tables to what can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.importer.report import ImportReport
from geo.store import tables
from tests.geo.roster.planted.faults import Mark, Reported, normal
from tests.geo.roster.planted.roster import Roster
from tests.geo.roster.planted.workbook import Written, write_workbook

#: Everything there is in every table: rows and a checksum of their contents.
Contents = dict[str, tuple[int, str | None]]

_SHEET = "SELECT '{0}', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {0} t"


def write_planted(
    roster: Roster, marks: Iterable[Mark], path: Path, seed: int
) -> tuple[Written, Counter[Reported]]:
    """Write a roster with planted faults, and say which must be reported, each once."""
    marks = list(marks)
    needed = [(mark.sheet, mark.column) for mark in marks if mark.column]
    written = write_workbook(roster, path, seed, needed=needed)
    return written, Counter(mark.reported(written) for mark in marks)


def reported(report: ImportReport) -> Counter[Reported]:
    """Give the faults of a report as they are compared."""
    assert report.faults.total == len(report.faults.kept)
    return Counter(normal(fault.sheet, fault.cell, fault.rule) for fault in report.faults.kept)


def difference(report: ImportReport, expected: Counter[Reported]) -> dict[str, list[str]]:
    """Say what a report has too much, with its messages, and what it lacks; empty when it is exact."""
    found = reported(report)
    extra, lacking = found - expected, expected - found
    messages = [
        f"{fault.rule} {fault.sheet}!{fault.cell}: {fault.message}"
        for fault in report.faults.kept
        if normal(fault.sheet, fault.cell, fault.rule) in extra
    ]
    difference = {"too much": messages, "lacking": [str(fault) for fault in lacking.elements()]}
    return {name: faults for name, faults in difference.items() if faults}


def contents(session: Session, *, without: Iterable[str] = ()) -> Contents:
    """Read every table but those ``without``."""
    session.flush()
    names = [table.name for table in tables.metadata.sorted_tables if table.name not in set(without)]
    rows = session.execute(text(" UNION ALL ".join(_SHEET.format(name) for name in names)))
    return {name: (count, checksum) for name, count, checksum in rows}
