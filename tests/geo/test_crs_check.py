"""Checking the reference system of a file against a zone in the database, and from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import Result
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.cli import main
from geo.boundaries.read import ReadOptions
from geo.crs import to_storage
from geo.crs_check import check_crs
from geo.errors import NotFound
from tests import builders
from tests.database import TestDatabase, disposed
from tests.geo.boundaries.crs_town import METRIC, STORED, cells, doors, houses, sent_as, surveyed

Wangge = Callable[..., Result]


def lay_town(session: Session) -> None:
    """A zone whose first-level grids are the town's territories, with its houses."""
    builders.add_zone(session)
    builders.add_release(session)
    for i, shape in enumerate(to_storage(cells(3), METRIC, STORED)):
        builders.add_grid(session, f"{builders.PREFIX}{i + 1:03d}", level=1, geometry=shape)
    for i, shape in enumerate(to_storage(houses()[:300], METRIC, STORED)):
        builders.add_building(session, f"{builders.PREFIX}{i:011d}", geometry=shape)


def points_csv(path: Path, system: str) -> Path:
    """Incidents at the doors of houses."""
    points = gpd.GeoSeries(sent_as(doors(1, 300), system))
    rows = [f"{i},{p.x:.7f},{p.y:.7f}" for i, p in enumerate(points)]
    path.write_text("编号,东经度,北纬度\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def wangge(new_database: Callable[[], TestDatabase], monkeypatch: pytest.MonkeyPatch) -> Wangge:
    """The command on a database with the town."""
    urls = new_database().urls
    with disposed(urls.owner) as engine, Session(engine) as owner, owner.begin():
        lay_town(owner)
    monkeypatch.setenv("DATABASE_URL", urls.owner)
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *words: CliRunner().invoke(main, ["crs-check", *(str(word) for word in words)])


def test_from_the_command_line(wangge: Wangge, tmp_path: Path) -> None:
    columns = ("--lon", "东经度", "--lat", "北纬度")
    right = wangge(points_csv(tmp_path / "right.csv", STORED), *columns)
    assert right.exit_code == 0, right.output
    assert "fits EPSG:4490" in right.stdout
    assert "the default of CSV" in right.stdout

    shifted = points_csv(tmp_path / "shifted.csv", "GCJ-02")
    verdict = tmp_path / "verdict.json"
    wrong = wangge(shifted, *columns, "--json", verdict)
    assert wrong.exit_code == 1
    assert "looks like GCJ-02" in wrong.stdout
    told = json.loads(verdict.read_text(encoding="utf-8"))
    assert (told["file"], told["outcome"], told["suggested"]) == ("shifted.csv", "other", "GCJ-02")
    assert told["shift_east_m"] == pytest.approx(523, abs=10)
    assert [each["system"] for each in told["candidates"]][:2] == ["EPSG:4490", "GCJ-02"]

    declared = wangge(shifted, *columns, "--declared", "GCJ-02", "--json", "-")
    assert declared.exit_code == 0
    assert json.loads(declared.stdout)["outcome"] == "fits"

    nowhere = wangge(shifted, *columns, "--json", tmp_path / "no" / "verdict.json")
    assert nowhere.exit_code == 1
    assert "can be written" in nowhere.stderr
    assert wangge(shifted, *columns, "--crs", "mars").exit_code == 1
    assert wangge(shifted, "--no-such-option").exit_code == 2
    assert wangge().exit_code == 2


@pytest.fixture
def planner(owner_session: Session) -> Iterator[Session]:
    """A session that may only read, in a database with the town."""
    lay_town(owner_session)
    with builders.acting_as(owner_session, "wangge_planner"):
        yield owner_session


def test_vector_files_and_what_they_say_of_themselves(planner: Session, tmp_path: Path) -> None:
    footprints = tmp_path / "楼栋.gpkg"
    gpd.GeoDataFrame(geometry=surveyed(4, 150, 0.5), crs=METRIC).to_file(footprints)
    assert check_crs(planner, footprints, ReadOptions()).verdict.fits
    other = check_crs(planner, footprints, ReadOptions(crs="EPSG:4549")).verdict
    assert (other.outcome, other.suggested) == ("other", METRIC)

    borders = tmp_path / "网格.geojson"
    gpd.GeoDataFrame(geometry=sent_as(cells(3), "GCJ-02"), crs="EPSG:4326").to_file(borders)
    check = check_crs(planner, borders, ReadOptions())
    assert check.verdict.basis == "borders"
    assert check.verdict.suggested == "GCJ-02"
    assert check.as_dict()["file"] == "网格.geojson"


def test_a_database_without_a_zone_says_so(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        check_crs(session, points_csv(tmp_path / "p.csv", STORED), ReadOptions())
