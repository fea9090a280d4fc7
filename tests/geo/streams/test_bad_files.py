"""Files that mean harm, and targets that must never be half a file."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geo.errors import GridError, InvalidFile, InvalidInput
from geo.geocode_files import geocode_file
from tests.geo.streams.conftest import small_csv, toy_chain

CHAIN = toy_chain()


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "empty": ("in.csv", b"", "empty"),
    "no columns": ("in.csv", b"a,b\n1,2\n", "--lon and --lat"),
    "several columns": ("in.csv", b"lon,lat,x,y\n1,2,3,4\n", "several columns"),
    "cut gzip": (
        "in.csv.gz",
        gzip.compress(b"lon,lat\n" + os.urandom(300_000).hex().encode())[:-2000],
        "end-of-stream",
    ),
    "damaged gzip": ("in.csv.gz", b"\x1f\x8b\x08\x00" + b"x" * 99, "gzip"),
    "endless field": ("in.csv", b'lon,lat\n1,"' + b"x" * 40_000_000, "never closed"),
    "other encoding later": ("in.csv", b"lon,lat\n" + b"1,2\n" * 90_000 + b"\xb4\xf3,2\n", "UTF-8"),
    "not parquet": ("in.parquet", b"lon,lat\n1,2\n", "not what its suffix says"),
    "cut parquet": ("in.parquet", b"PAR1" + b"\0" * 100, "cannot be read as Parquet"),
    "not sqlite": ("in.gpkg", b"PAR1", "not what its suffix says"),
    "virtual": ("in.gpkg", b"<OGRVRTDataSource/>", "not what its suffix says"),
    "cut sqlite": ("in.gpkg", b"SQLite format 3\0" + b"\0" * 200, "in.gpkg"),
    "not arrow": ("in.arrow", b"PAR1PAR1", "not what its suffix says"),
    "cut arrow": ("in.arrow", b"ARROW1\0\0" + b"\xff" * 64, "cannot be read as Arrow file"),
    "old feather": ("in.feather", b"FEA1" + b"\0" * 60, "version 1"),
    "no json": ("in.geojson", b"<html>", "no JSON"),
    "cut json": ("in.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feature"', "cut off"),
    "types of all kinds": ("in.ndjson", b'{"lon":1,"lat":1,"a":1}\n{"lon":1,"lat":1,"a":"x"}', "one type"),
    "unknown": ("in.xyz", b"1 2 3", "'.xyz'"),
    "clash": ("in.csv", b"lon,lat,grid1_code\n1,2,3\n", "--prefix"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_bad_files_are_refused_and_leave_nothing(tmp_path: Path, case: str) -> None:
    name, content, said = HOSTILE[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GridError, match=said):
        geocode_file(tmp_path / name, tmp_path / "out.parquet", CHAIN)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["/vsicurl/http://x/a.csv", "http://x/a.csv", "missing.csv", "."])
def test_only_files_of_this_machine_are_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(GridError):
        geocode_file(name, tmp_path / "out.csv", CHAIN)


def test_a_target_is_replaced_only_when_told(tmp_path: Path) -> None:
    source = small_csv(tmp_path / "in.csv")
    target = tmp_path / "out.csv"
    target.write_text("precious")
    with pytest.raises(InvalidInput, match="--force"):
        geocode_file(source, target, CHAIN)
    assert target.read_text() == "precious"
    geocode_file(source, target, CHAIN, force=True)
    assert "A1" in target.read_text("utf-8")


def test_a_file_is_never_written_over_itself(tmp_path: Path) -> None:
    source = small_csv(tmp_path / "in.csv")
    (tmp_path / "link.csv").symlink_to(source)
    for target in (source, tmp_path / "link.csv", tmp_path / "." / "in.csv"):
        with pytest.raises(InvalidInput, match="is the file that is read"):
            geocode_file(source, target, CHAIN, force=True)
    assert source.read_text() == "lon,lat\n113.5,27.5\n"


def test_a_failure_half_way_leaves_the_old_target(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"lon,lat\n" + b"113.5,27.5\n" * 3_000_000 + b"\xff,1\n")
    target.write_text("precious")
    with pytest.raises(InvalidFile, match="UTF-8"):
        geocode_file(source, target, CHAIN, force=True)
    assert target.read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_who_is_killed_half_way_leaves_no_half_file(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"lon,lat\n" + b"113.5,27.5\n" * 6_000_000)
    script = (
        "import sys; from tests.geo.streams.conftest import small_csv, toy_chain;"
        "from geo.geocode_files import geocode_file;"
        "geocode_file(sys.argv[1], sys.argv[2], toy_chain(), progress=lambda *_: print(flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(source), str(target)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not target.exists()
    geocode_file(small_csv(tmp_path / "small.csv"), target, CHAIN)
    assert "A1" in target.read_text("utf-8")
