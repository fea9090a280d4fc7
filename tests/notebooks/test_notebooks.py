"""The planners' notebooks run from top to bottom on the demo zone, and find what was planted there."""

from __future__ import annotations

import html
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.database import TestDatabase

FOLDER = Path(__file__).parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture
def run(demo_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Execute a notebook as `wangge lab` would, with warnings as errors, and give it with its outputs."""
    monkeypatch.setenv("DATABASE_URL", demo_database.urls.owner)
    monkeypatch.setenv("PYTHONWARNINGS", "error:::__main__")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # A directory of its own per test: kernels leave connection and history files behind.
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))

    def executed(name: str) -> nbformat.NotebookNode:
        notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
        client = NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
        )
        client.execute()
        return notebook

    return executed


def texts(notebook: nbformat.NotebookNode, kind: str) -> list[str]:
    """What the cells printed (``stream``), or showed as ``text/html``."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    if kind == "stream":
        return [output.text for output in outputs if output.output_type == "stream"]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_first_steps(run) -> None:  # type: ignore[no-untyped-def]
    notebook = run("01_first_steps")
    printed = "".join(texts(notebook, "stream"))
    assert "萍乡经济技术开发区" in printed
    assert re.search(r"[\d,]{3,} / 1,001 个点在网格内", printed)
    shown = [page for page in texts(notebook, "text/html") if "wangge-map" in page]
    assert len(shown) == 1
    loaded = re.findall(
        r'<(?:script|link|img|iframe)[^>]+(?:src|href)="?(?:https?:)?//', html.unescape(shown[0])
    )
    assert loaded == []


def test_case_density_finds_what_was_planted(run) -> None:  # type: ignore[no-untyped-def]
    notebook = run("02_case_density")
    printed = "".join(texts(notebook, "stream"))
    assert "一致 · equal" in printed
    recall, precision = map(float, re.search(r"recall ([\d.]+)\D+precision ([\d.]+)", printed).groups())  # type: ignore[union-attr]
    assert recall >= 0.5
    assert precision >= 0.8
    assert sum("wangge-map" in page for page in texts(notebook, "text/html")) == 2


def test_coverage_agrees_with_itself_and_shows_what_a_change_would_do(run) -> None:  # type: ignore[no-untyped-def]
    notebook = run("03_coverage")
    printed = "".join(texts(notebook, "stream"))
    assert "一致 · equal" in printed
    before, after = map(int, re.search(r": (\d+) → (\d+) 户/人", printed).groups())  # type: ignore[union-attr]
    assert after < before
    assert int(re.search(r"newly in reach ([\d,]+)", printed)[1].replace(",", "")) > 0  # type: ignore[index]
    assert sum("wangge-map" in page for page in texts(notebook, "text/html")) == 1
