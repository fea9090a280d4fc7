"""All measures of coverage of the whole zone at one moment."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from bench.ground import TODAY, Ground
from bench.measuring import Comparison, seconds
from geo.analysis import coverage
from geo.coverage import coverage_inputs
from geo.zones import get_zone
from tests.geo.coverage_sql import coverage_in_sql

TITLE = "Coverage"
DAY = TODAY - timedelta(5)
#: Before the demo's first case: all of them count.
FIRST = date(2020, 1, 1)


def measure(ground: Ground) -> list[Comparison]:
    with Session(ground.engine) as session:
        zone, inputs = get_zone(session), _read(session)
        days = (DAY - FIRST).days + 1
        taken = seconds(
            {
                "geo.measure_coverage": lambda: coverage.measure(_read(session)),
                "of it, from frames to measures": lambda: coverage.measure(inputs),
                "plain SQL": lambda: coverage_in_sql(session, zone, inputs.moment, case_days=days),
            }
        )
    note = (
        "Ours with levels, rates, hours and the ranked list of gaps; the SQL, one query a measure over GiST "
        "indexes, is what the tests hold it against, and gives neither hours nor gaps."
    )
    figures = {name: 1000 * value for name, value in taken.items()}
    return [Comparison(_task(inputs), "ms", figures, more_is_better=False, note=note)]


def _read(session: Session) -> coverage.CoverageInputs:
    return coverage_inputs(session, as_of=DAY, cases_since=FIRST)


def _task(inputs: coverage.CoverageInputs) -> str:
    counted = {
        "grids": inputs.grids,
        "buildings": inputs.buildings,
        "assignments": inputs.assignments,
        "sites": inputs.sites,
        "teams": inputs.teams,
        "cameras": inputs.cameras,
        "cases": inputs.incidents,
    }
    return ", ".join(f"{len(rows):,} {name}" for name, rows in counted.items())
