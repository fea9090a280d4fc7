"""The roster from the command line: template, import, export, hand-over, renewal."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.cli import main
from tests.database import TestDatabase, disposed
from tests.geo.roster.books import GRID, lay_ground, save, sound

Wangge = Callable[..., Result]


@pytest.fixture
def wangge(new_database: Callable[[], TestDatabase], monkeypatch: pytest.MonkeyPatch) -> Wangge:
    """The command on a database of the test's own with the toy partition."""
    urls = new_database().urls
    with disposed(urls.owner) as engine, Session(engine) as owner, owner.begin():
        lay_ground(owner)
    monkeypatch.setenv("DATABASE_URL", urls.owner)
    monkeypatch.setenv("DATABASE_APP_URL", urls.app)
    monkeypatch.setenv("DATABASE_LOADER_URL", urls.loader)
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_from_template_to_export(wangge: Wangge, tmp_path: Path) -> None:
    template = tmp_path / "template.xlsx"
    assert wangge("template", template).exit_code == 0
    done = wangge("import", "people", template, "--commit")
    assert done.exit_code == 0
    assert "nothing to write" in done.stdout

    roster = save(tmp_path, sound())
    assert "Say --commit" in wangge("import", "people", roster).stdout
    assert "Written" in wangge("import", "people", roster, "--commit").stdout
    exported = tmp_path / "export.xlsx"
    assert wangge("export", "people", exported, "--as-of", "2026-03-01", "--with-phones").exit_code == 0
    assert "nothing to write" in wangge("import", "people", exported, "--commit").stdout
    for subject in ("sites", "cameras", "teams", "party-orgs"):
        file = tmp_path / f"{subject}.geojson"
        assert wangge("export", subject, file).exit_code == 0
        assert "nothing to write" in wangge("import", subject, file, "--commit").stdout


def test_faults_are_shown_and_kept_with_sheet_and_cell(wangge: Wangge, tmp_path: Path) -> None:
    sheets = sound()
    sheets["人员"][1]["性别"] = "不详"
    done = wangge("import", "people", save(tmp_path, sheets), "--commit", "--report", tmp_path / "report")
    assert done.exit_code == 1
    assert "人员 C3" in done.stdout
    assert "Nothing is written" in done.stdout
    fault = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["faults"][0]
    assert (fault["sheet"], fault["cell"], fault["rule"]) == ("人员", "C3", "list-unknown")
    with (tmp_path / "report" / "faults.csv").open(encoding="utf-8-sig") as file:
        row = next(csv.DictReader(file))
    assert (row["sheet"], row["cell"], row["rule"]) == ("人员", "C3", "list-unknown")


def test_hand_over_and_renewal(wangge: Wangge, tmp_path: Path) -> None:
    assert wangge("import", "people", save(tmp_path, sound()), "--commit").exit_code == 0
    words = ("roster", "hand-over", "--from", "R2", "--to", "R1", "--on", "2026-12-01")
    assert "Nothing is written yet" in wangge(*words).stdout
    assert "Written: change" in wangge(*words, "--commit").stdout
    refused = wangge("roster", "hand-over", "--from", "R1", "--to", "R2", "--on", "2026-12-01")
    assert refused.exit_code == 1
    assert "refused:" in refused.stderr

    term = {"任职": [{"人员编号": "R3", "岗位": "网格长", "对象编码": GRID, "开始日期": "2027-03-01"}]}
    words = ("roster", "renew", save(tmp_path, term), "--on", "2027-03-01", "--by", "张三")
    assert "Nothing is kept yet" in wangge(*words).stdout
    kept = wangge(*words, "--commit").stdout
    draft = kept.split("roster apply ")[1].split()[0]
    assert "draft" in wangge("roster", "changes", "--state", "draft").stdout
    assert "R1" in wangge("roster", "show", draft).stdout
    own = wangge("roster", "apply", draft, "--by", "张三")
    assert own.exit_code == 1
    assert "another person" in own.stderr
    assert "Applied" in wangge("roster", "apply", draft, "--by", "李四").stdout
    assert wangge("roster", "discard", draft, "--by", "李四").exit_code == 1
