"""The planters cover every rule of the guide, and the layout is that of the guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.geo.roster.planted.catalogue import RULES, mixture
from tests.geo.roster.planted.conftest import Stored
from tests.geo.roster.planted.harness import write_planted
from tests.geo.roster.planted.layout import SHEETS
from tests.geo.roster.planted.sound import sound_roster

GUIDE = Path(__file__).parents[4] / "docs/administrators-people.md"


def test_every_rule_of_the_guide_is_planted() -> None:
    rules = re.findall(r"^\| `([a-z-]+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rules) == sorted(RULES)


def test_the_layout_is_that_of_the_guide() -> None:
    lines = re.findall(r"^\| (\S+) \((\w+)\) \| (.*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    guide = {(en, zh): re.findall(r"(\S+?)(\*?) \((\w+)\)(?:, |$)", columns) for zh, en, columns in lines}
    layout = {
        (sheet.en, sheet.zh): [(c.zh, "*" * c.required, c.en) for c in sheet.columns.values()]
        for sheet in SHEETS.values()
    }
    assert guide == layout


@pytest.mark.parametrize("seed", range(5))
def test_a_mixture_marks_different_places(stored: Stored, tmp_path: Path, seed: int) -> None:
    roster = sound_roster(stored.zone, seed)
    _, expected = write_planted(roster, mixture(roster, seed, 30), tmp_path / "r.xlsx", seed)
    assert expected.total() >= 20
    again = {rule for (_, _, rule), times in expected.items() if times > 1}
    assert again <= {"column-missing"}  # all at A1, one by one
