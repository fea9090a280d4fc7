"""What a sound roster says is written, nothing else, and only when asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.roster import import_people
from tests.geo.roster.planted.catalogue import mixture
from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.harness import contents, write_planted
from tests.geo.roster.planted.held import TABLES, held
from tests.geo.roster.planted.sound import sound_roster
from tests.geo.roster.planted.workbook import write_workbook

#: Where an import may note that it ran.
NOTES = ("import_run", "roster_change", "roster_change_item")


@pytest.mark.parametrize("seed", range(15))
def test_the_tables_hold_what_the_roster_says(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed, size=4)
    written = write_workbook(roster, tmp_path / "r.xlsx", seed)
    before = {table: held(stored.session, table) for table in TABLES}
    all_before = contents(stored.session, without=NOTES)
    assert import_people(stored.session, written.path, commit=True).is_written
    all_after = contents(stored.session, without=NOTES)
    assert {name for name in all_after if all_after[name] != all_before[name]} <= set(TABLES)
    for table, (_, meant) in TABLES.items():
        now, said = held(stored.session, table), meant(roster)
        assert said - now == set(), table
        assert now - said <= before[table], table
        assert all_after[table][0] <= all_before[table][0] + len(said), table


@pytest.mark.parametrize("seed", range(8))
def test_a_second_import_changes_nothing(stored: Stored, tmp_path: Path, seed: int) -> None:
    path = write_workbook(sound_roster(stored.zone, seed, size=4), tmp_path / "r.xlsx", seed).path
    import_people(stored.session, path, commit=True)
    before = contents(stored.session, without=NOTES)
    assert import_people(stored.session, path, commit=True).is_clean
    assert contents(stored.session, without=NOTES) == before


@pytest.mark.parametrize("seed", range(8))
def test_spelt_in_other_ways_it_changes_nothing(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed, size=4)
    import_people(stored.session, write_workbook(roster, tmp_path / "1.xlsx", seed).path, commit=True)
    before = contents(stored.session, without=NOTES)
    again = write_workbook(roster, tmp_path / "2.xlsx", seed + 1000)
    assert import_people(stored.session, again.path, commit=True).is_clean
    assert contents(stored.session, without=NOTES) == before


@pytest.mark.parametrize("seed", range(5))
def test_a_dry_run_writes_nothing(stored: Stored, tmp_path: Path, seed: int) -> None:
    written = write_workbook(sound_roster(stored.zone, seed), tmp_path / "r.xlsx", seed)
    before = contents(stored.session)
    report = import_people(stored.session, written.path)
    assert report.is_clean
    assert not report.is_written
    assert contents(stored.session) == before


@pytest.mark.parametrize("count", [1, 2, 5, 10, 30])
def test_with_a_fault_nothing_is_written(stored: Stored, tmp_path: Path, count: int) -> None:
    roster = sound_roster(stored.zone, count)
    written, _ = write_planted(roster, mixture(roster, count, count), tmp_path / "r.xlsx", count)
    before = contents(stored.session)
    report = import_people(stored.session, written.path, commit=True)
    assert not report.is_clean
    assert not report.is_written
    assert contents(stored.session) == before
