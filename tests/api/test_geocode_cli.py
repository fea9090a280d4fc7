"""``wangge geocode`` from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import Result
from pyarrow import parquet
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.cli import main
from tests.builders import add_building, add_grid, add_partition, middle, square
from tests.database import TestDatabase, disposed

Wangge = Callable[..., Result]


@pytest.fixture
def wangge(new_database: Callable[[], TestDatabase], monkeypatch: pytest.MonkeyPatch) -> Wangge:
    """The command on a database of the test's own with the toy partition and a building."""
    urls = new_database().urls
    with disposed(urls.owner) as engine, Session(engine) as owner, owner.begin():
        add_partition(owner)
        add_building(owner)
        add_grid(owner, "360371001001900", square(5, 5), since=date(2021, 1, 1), until=date(2022, 1, 1))
    monkeypatch.setenv("DATABASE_URL", urls.owner)
    monkeypatch.setenv("DATABASE_APP_URL", urls.app)
    monkeypatch.setenv("COLUMNS", "160")
    return lambda *words: CliRunner().invoke(main, ["geocode", *(str(word) for word in words)])


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """A place in a building, one in a grid of 2021, one nowhere."""
    places = [middle(), middle(5, 5), (None, None)]
    file = tmp_path / "points.csv"
    pd.DataFrame(places, columns=["经度", "纬度"]).assign(id=[1, 2, 3]).to_csv(file, index=False)
    return file


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)


def test_a_file_gets_the_chain_of_every_row(wangge: Wangge, points: Path, tmp_path: Path) -> None:
    done = wangge(points, tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    found = read(tmp_path / "out.csv")
    assert found["id"].tolist() == ["1", "2", "3"]
    assert found["grid3_code"].tolist() == ["360371001001001", "", ""]
    assert found["building_code"].tolist()[0] != ""
    assert found["place_status"].tolist() == ["inside", "outside", "no_coordinates"]
    for said in (
        "columns 经度 and 纬度 in EPSG:4490",
        "no_coordinates",
        "no coordinates",
        "Written",
        "rows/s",
    ):
        assert said in done.stdout


def test_options_reach_the_work(wangge: Wangge, points: Path, tmp_path: Path) -> None:
    options = ("--as-of", "2021-06-01", "--level", 3, "--prefix", "w_", "--lon", "经度", "--lat", "纬度")
    assert wangge(points, tmp_path / "out.parquet", *options).exit_code == 0
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.column_names[3:] == ["w_grid3_code", "w_building_code", "w_place_status", "w_place_reason"]
    assert table["w_grid3_code"].to_pylist()[1] == "360371001001900"


def test_what_cannot_be_done_is_one_line_and_status_1(wangge: Wangge, points: Path, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("precious")
    for words, said in (
        ((points, tmp_path / "there.csv"), "--force"),
        ((points, points, "--force"), "is the file that is read"),
        ((points, tmp_path / "out.xyz"), ".xyz"),
        ((tmp_path / "missing.csv", tmp_path / "out.csv"), "no such file"),
        ((points, tmp_path / "out.csv", "--as-of", "1999-01-01"), "no grids are in force"),
        ((points, tmp_path / "out.csv", "--scheduler", "tcp://x:1"), "--engine dask"),
        ((points, tmp_path / "out", "--engine", "dask", "--force"), "--force is for single files"),
        ((points, tmp_path / "out", "--engine", "dask"), "works on Parquet only"),
    ):
        done = wangge(*words)
        assert done.exit_code == 1, words
        assert said in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("wangge: ")
    assert wangge(points).exit_code == 2
    assert (tmp_path / "there.csv").read_text() == "precious"


@pytest.mark.filterwarnings("default::ResourceWarning", "default::pytest.PytestUnraisableExceptionWarning")
def test_parts_go_through_a_cluster_of_this_machine(wangge: Wangge, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        lon, lat = middle(number % 2)
        parquet.write_table(pa.table({"lon": [lon], "lat": [lat]}), tmp_path / "in" / f"{number}.parquet")
    done = wangge(tmp_path / "in", tmp_path / "out", "--engine", "dask")
    assert done.exit_code == 0, done.output
    found = [
        parquet.read_table(tmp_path / "out" / f"{n}.parquet")["grid3_code"].to_pylist() for n in range(3)
    ]
    assert found == [["360371001001001"], ["360371001001002"], ["360371001001001"]]
