"""Rosters are reported exactly: a sound one clean, a spoilt one by sheet, cell and rule of each fault."""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path

import pytest

from geo.roster import import_people
from tests.geo.roster.planted.catalogue import PLANTERS, mixture
from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.harness import difference, write_planted
from tests.geo.roster.planted.layout import BY_NAME
from tests.geo.roster.planted.sound import sound_roster
from tests.geo.roster.planted.workbook import write_workbook


@pytest.mark.parametrize("seed", range(40))
def test_a_sound_roster_has_no_fault(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed, size=1 + seed % 5)
    report = import_people(stored.session, write_workbook(roster, tmp_path / "r.xlsx", seed).path)
    assert difference(report, Counter()) == {}


@pytest.mark.parametrize("seed", range(10))
def test_what_is_odd_but_allowed_is_a_warning(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed)
    written = write_workbook(roster, tmp_path / "r.xlsx", seed)
    report = import_people(stored.session, written.path)
    found = {(fault.rule, BY_NAME[fault.sheet or ""]) for fault in report.warnings.kept}
    assert found == roster.odd | {("column-unknown", name) for name in written.unknown}


@pytest.mark.parametrize("name", PLANTERS)
def test_a_single_fault_is_reported_exactly(stored: Stored, tmp_path: Path, name: str) -> None:
    planter, seed = PLANTERS[name], zlib.crc32(name.encode())
    size = 1 if planter.sheet or seed % 4 == 0 else 0  # most stand alone: less to read
    roster = sound_roster(stored.zone, seed, size=size)
    marks = planter.plant(roster)
    written, expected = write_planted(roster, marks, tmp_path / "r.xlsx", seed)
    assert {rule for _, _, rule in expected} == {planter.rule}
    assert difference(import_people(stored.session, written.path), expected) == {}


@pytest.mark.parametrize("seed", range(50))
def test_many_faults_are_reported_exactly(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed, size=1 + seed % 4)
    marks = mixture(roster, seed, 5 + seed % 26)
    written, expected = write_planted(roster, marks, tmp_path / "r.xlsx", seed)
    assert difference(import_people(stored.session, written.path), expected) == {}
