"""A sound workbook goes in whole, and changes nothing the second time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.roster import import_people
from geo.store import tables
from tests.geo.roster.books import save, sound


def counts(session: Session) -> dict[str, int]:
    """Rows of every table."""
    names = sorted(tables.metadata.tables)
    select_all = "SELECT count(*) FROM "
    return {
        name: session.scalar(text(f'{select_all}"{name}"')) or 0
        for name in names
        if session.scalar(text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": name})
    }


def test_a_sound_workbook_goes_in_and_the_second_time_changes_nothing(
    loader: Session, tmp_path: Path
) -> None:
    file = save(tmp_path, sound())
    before = counts(loader)
    dry = import_people(loader, file)
    assert not dry.faults, dry.faults.kept
    assert counts(loader) == before
    report = import_people(loader, file, commit=True)
    assert not report.faults, report.faults.kept
    assert report.is_written
    after = counts(loader)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {
        "person": 3, "party_membership": 1, "assignment": 5, "organisation": 2,
        "neighbourhood_organisation": 1, "party_organisation": 2, "service_site": 2, "site_opening": 17,
        "team": 1, "camera": 1, "duty": 2, "leave": 1, "service_record": 2, "unit_figure": 1,
        "import_run": 1, "roster_change": 1,
    }  # fmt: skip
    again = import_people(loader, file, commit=True)
    assert again.rows_to_write == 0, (again.figures, again.warnings.kept)
    assert not again.is_written
    assert counts(loader) == after
