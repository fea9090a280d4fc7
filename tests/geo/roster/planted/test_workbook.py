"""The generator writes what it says it writes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.sound import sound_roster
from tests.geo.roster.planted.spelling import Saved
from tests.geo.roster.planted.workbook import write_workbook


@pytest.mark.parametrize("seed", range(6))
def test_every_cell_reads_back_where_it_was_put(stored: Stored, tmp_path: Path, seed: int) -> None:
    written = write_workbook(sound_roster(stored.zone, seed), tmp_path / "r.xlsx", seed)
    assert set(written.titles) == set(SHEETS)
    book = load_workbook(written.path, data_only=True)
    read = {at: book[at[0]][at[1]].value for at in written.values}
    assert {at: _plain(value) for at, value in read.items()} == {
        at: _plain(value) for at, value in written.values.items()
    }


def test_the_saved_values_belong_to_formulas(stored: Stored, tmp_path: Path) -> None:
    written = write_workbook(sound_roster(stored.zone, 1, size=20), tmp_path / "r.xlsx", 1)
    book = load_workbook(written.path)
    assert written.saved
    assert all(book[sheet][at].data_type == "f" for sheet, at in written.saved)


def test_a_seed_gives_the_same_roster_again(stored: Stored, tmp_path: Path) -> None:
    first, again = (
        write_workbook(sound_roster(stored.zone, 5), tmp_path / f"{n}.xlsx", 5).values for n in (1, 2)
    )
    assert first == again


def _plain(value: Any) -> Any:
    if isinstance(value, Saved):
        return value.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel knows no time zones
    return value
