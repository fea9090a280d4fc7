"""Files and options that break rules in odd ways: one clear refusal each, nothing stored, no traceback."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box, mapping
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import main
from geo.boundaries.sources import local_file
from geo.errors import InvalidFile, InvalidInput
from geo.importer.times import parse_times
from geo.zone_file import read_zone_file
from tests.database import disposed
from tests.geo.importer.test_parts import ZONE

HEAD = "id,time,category,lon,lat\n"


@pytest.fixture
def wangge(new_database, monkeypatch, tmp_path):
    database = new_database()
    monkeypatch.setenv("DATABASE_URL", database.urls.owner)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ZONE.toml").write_text(ZONE, encoding="utf-8")

    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    def count(table):
        with disposed(database.urls.owner) as engine, engine.connect() as connection:
            return connection.scalar(text(f"SELECT count(*) FROM {table}"))

    run.count = count
    assert run("init", "ZONE.toml").exit_code == 0
    return run


def test_odd_registers_are_refused_and_nothing_is_stored(wangge, tmp_path):
    rows = {
        "early": ("1,0001-01-01 00:00,noise,113.85,27.65", "time-unreadable"),
        "late": ("1,9999-12-31T23:59:59-10:00,noise,113.85,27.65", "time-unreadable"),
        "id": (f"{'x' * 201},2026-01-01,noise,113.85,27.65", "id-long"),
        "category": (f"1,2026-01-01,{'z' * 61},113.85,27.65", "category-unknown"),
    }
    kind = ("--add-categories", "public")
    for name, (row, rule) in rows.items():
        (tmp_path / f"{name}.csv").write_text(HEAD + row + "\n", encoding="utf-8")
        result = wangge("import", "incidents", f"{name}.csv", "--commit", *kind)
        assert (result.exit_code, rule in result.output) == (1, True), result.output
    (tmp_path / "gone.csv.gz").write_bytes(b"\x1f\x8b" + b"\xff" * 99)
    for words, said in (
        (("gone.csv.gz",), "damaged gzip"),
        (("id.csv", "--time-format", "%Q"), "--time-format"),
        (("x" * 5000 + ".csv",), "cannot be read"),
    ):
        result = wangge("import", "incidents", *words)
        assert (result.exit_code, said in result.output) == (1, True), result.exception
    assert wangge.count("incident") == 0


def test_codes_no_address_can_carry_are_refused(wangge, tmp_path):
    for code in ("3" * 41, "360371\u202e1"):
        feature = {
            "type": "Feature",
            "properties": {"code": code, "name": "一"},
            "geometry": mapping(box(113.8, 27.6, 113.9, 27.7)),
        }
        collection = {"type": "FeatureCollection", "features": [feature]}
        (tmp_path / "g.geojson").write_text(json.dumps(collection), encoding="utf-8")
        result = wangge("import", "grids", "g.geojson", "--level", 1, "--commit")
        assert (result.exit_code, "code-unfit" in result.output) == (1, True), result.output
    assert wangge.count("grid") == 0


def test_a_backup_is_not_written_onto_a_directory(wangge, tmp_path):
    result = wangge("db", "backup", tmp_path)
    assert (result.exit_code, "directory" in result.output) == (1, True), result.exception


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ('grid_kinds = [{ name_zh = "a" }]', "lists.grid_kinds.0.code"),
        ('grid_kinds = [{ code = "a", zh = "甲" }]', "lists.grid_kinds.0.zh"),
        ('grid_kinds = [{ code = "a\\u0000" }]', "lists.grid_kinds.0.code"),
        ('incident_categories = [{ code = "a", parent = "zzz" }]', "'zzz'"),
        ('incident_categories = [{ code = "a", parent = "a" }]', "service kind"),
        ('incident_categories = [{ code = "a", parent = "noise" }]', "service kind"),
        ('grid_kinds = [{ code = "a", parent = "village" }]', "lists.grid_kinds.0.parent"),
        ('posts = [{ code = "a", group = "zzz", target = "grid" }]', "'zzz'"),
        ('posts = [{ code = "a", group = "grid", target = "castle" }]', "lists.posts.0.target"),
        ('duty_shifts = [{ code = "a", starts_minute = 1440, minutes = 1 }]', "lists.duty_shifts.0"),
    ],
)
def test_broken_lists_are_named(tmp_path, lists, said):
    file = tmp_path / "ZONE.toml"
    file.write_text(f"{ZONE}\n[lists]\n{lists}\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match=said):
        read_zone_file(file)


def test_a_kind_may_stand_below_its_categories(tmp_path):
    rows = '{ code = "甲", parent = "乙" }, { code = "乙" }'
    file = tmp_path / "ZONE.toml"
    file.write_text(f"{ZONE}\n[lists]\nincident_categories = [{rows}]\n", encoding="utf-8")
    codes = [row["code"] for row in read_zone_file(file).lists["incident_categories"]]
    assert codes.index("乙") < codes.index("甲")


def test_a_band_that_is_upside_down_is_refused(tmp_path):
    file = tmp_path / "ZONE.toml"
    file.write_text(f"{ZONE}\n[norms]\nhouseholds_band = [500, 300]\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match="households_band"):
        read_zone_file(file)


def test_the_calendars_ends_are_times():
    texts = np.array(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01", None], dtype=object)
    times = parse_times(texts, time_zone="Asia/Shanghai")
    assert list(times.isna()) == [False, False, True, True]
    assert times[1] == pd.Timestamp("9999-12-31T23:59:59Z")


def test_patterns_and_names_that_cannot_be():
    with pytest.raises(InvalidInput, match="--time-format"):
        parse_times(np.array(["x"], dtype=object), time_zone="Asia/Shanghai", pattern="%Q")
    with pytest.raises(InvalidFile, match="cannot be read"):
        local_file("x" * 5000)
