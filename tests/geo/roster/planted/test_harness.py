"""The referee sees what a report has too much, lacks, or says twice."""

from __future__ import annotations

from collections import Counter

from geo.importer.report import ImportReport
from geo.model import Fault
from tests.geo.roster.planted.faults import Reported
from tests.geo.roster.planted.harness import difference

EXPECTED: Counter[Reported] = Counter([("people", "A2", "code-form"), ("duty", "B3", "date-form")])


def _report(*faults: tuple[str, str, str]) -> ImportReport:
    report = ImportReport("people", "r.xlsx")
    report.faults.add(Fault(None, rule, "", sheet=sheet, cell=cell) for sheet, cell, rule in faults)
    return report


def test_exact_is_no_difference_whatever_the_sheets_language() -> None:
    report = _report(("人员", "A2", "code-form"), ("duty", "B3", "date-form"))
    assert difference(report, EXPECTED) == {}


def test_a_fault_in_another_cell_is_one_too_much_and_one_lacking() -> None:
    report = _report(("人员", "A3", "code-form"), ("duty", "B3", "date-form"))
    assert difference(report, EXPECTED) == {
        "too much": ["code-form 人员!A3: "],
        "lacking": ["('people', 'A2', 'code-form')"],
    }


def test_a_fault_said_twice_is_one_too_much() -> None:
    report = _report(("人员", "A2", "code-form"), ("值班", "B3", "date-form"), ("值班", "B3", "date-form"))
    assert set(difference(report, EXPECTED)) == {"too much"}
