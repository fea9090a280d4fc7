"""Partitioned Parquet on a cluster: nothing is lost with a worker, nothing is done twice."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from geo import geocode_parts as module
from geo.errors import Conflict, GridError, InvalidFile, InvalidInput
from geo.geocode_files import FileOptions, geocode_file
from geo.geocode_parts import find_parts, geocode_parts
from tests.geo.streams.conftest import toy_chain

CHAIN = toy_chain()
# the cluster's sockets and processes are put away by threads of its own, some after the test
pytestmark = pytest.mark.filterwarnings(
    "default::ResourceWarning", "default::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Six parts in two folders."""
    random = np.random.default_rng(5)
    for number in range(6):
        folder = tmp_path / "in" / f"year={2020 + number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        count = 1000 + number
        lon, lat = random.uniform(112.9, 115.1, count), random.uniform(26.9, 28.1, count)
        table = pa.table({"n": np.arange(count) + 10_000 * number, "lon": lon, "lat": lat})
        parquet.write_table(table, folder / f"part-{number}.parquet", row_group_size=400)
    (tmp_path / "in" / "_SUCCESS").touch()
    (tmp_path / "in" / ".hidden.parquet").write_bytes(b"")
    return tmp_path / "in"


def rows(folder: Path) -> dict[str, list[dict]]:
    found = sorted(path for path in folder.rglob("*.parquet") if "/." not in str(path.relative_to(folder)))
    return {
        str(path.relative_to(folder)): parquet.ParquetFile(path).read().to_pylist()
        for path in found
        if not path.name.startswith(".")
    }


def test_a_cluster_gives_what_one_process_gives(parts: Path, tmp_path: Path) -> None:
    told: list[tuple[int, float | None]] = []
    tally = geocode_parts(
        str(parts), tmp_path / "out", CHAIN, workers=2, progress=lambda *now: told.append(now)
    )
    for name in rows(parts):
        (tmp_path / "alone" / name).parent.mkdir(parents=True, exist_ok=True)
        geocode_file(parts / name, tmp_path / "alone" / name, CHAIN)
    found = rows(tmp_path / "out")
    assert found == rows(tmp_path / "alone")
    assert tally.rows == sum(map(len, found.values())) == 6015
    assert told[-1] == (6015, 1.0)
    # a second run finds everything done, without a cluster
    again = geocode_parts(str(parts), tmp_path / "out", CHAIN, scheduler="tcp://127.0.0.1:1")
    assert again.facts == tally.facts


def test_a_lost_worker_loses_nothing(parts: Path, tmp_path: Path) -> None:
    from distributed import Client, LocalCluster  # noqa: PLC0415 - slow to import

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        doomed = next(iter(client.run(os.getpid).values()))
        killed: list[int] = []

        def kill(rows: int, share: float | None) -> None:
            if not killed:
                killed.append(doomed)
                os.kill(doomed, signal.SIGKILL)

        address = cluster.scheduler_address
        tally = geocode_parts(str(parts), tmp_path / "out", CHAIN, scheduler=address, progress=kill)
        assert killed
    assert tally.rows == 6015
    assert [len(part) for part in rows(tmp_path / "out").values()] == [
        len(part) for part in rows(parts).values()
    ]
    assert not [path for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")]


def test_a_run_that_was_broken_off_goes_on(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def in_this_process(
        _client: object, open_ones: list, index: module.Index, options: FileOptions
    ) -> object:
        module._hold(index, tmp_path)
        for part in open_ones:
            if len(asked) == 4:
                raise InvalidFile("the power went")
            asked.append(part.source.name)
            yield module.geocode_part(part, digest=index.digest, options=options)

    monkeypatch.setattr(module, "_results", in_this_process)
    monkeypatch.setattr(module, "_cluster", lambda *_: nullcontext())
    with pytest.raises(InvalidFile, match="power"):
        geocode_parts(str(parts), tmp_path / "out", CHAIN)
    assert len(rows(tmp_path / "out")) == 4
    asked.clear()
    tally = geocode_parts(str(parts), tmp_path / "out", CHAIN)
    assert len(asked) == 2
    assert tally.rows == 6015
    with pytest.raises(Conflict, match="another source, index or options"):
        geocode_parts(str(parts), tmp_path / "out", CHAIN, FileOptions(level=2))
    parquet.write_table(
        pa.table({"lon": [113.5], "lat": [27.5]}), tmp_path / "out" / "year=2020" / "part-0.parquet"
    )
    with pytest.raises(Conflict, match="was not made by this command"):
        geocode_parts(str(parts), tmp_path / "out", CHAIN)


def test_parts_are_found_in_folders_and_by_patterns(parts: Path, tmp_path: Path) -> None:
    names = [part.target.relative_to(tmp_path / "out") for part in find_parts(str(parts), tmp_path / "out")]
    assert [str(name) for name in names] == [
        f"year={2020 + n % 2}/part-{n}.parquet" for n in (0, 2, 4, 1, 3, 5)
    ]
    found = find_parts(str(parts / "year=2020" / "*.parquet"), tmp_path / "out")
    assert [part.target.name for part in found] == ["part-0.parquet", "part-2.parquet", "part-4.parquet"]
    (one,) = find_parts(str(parts / "year=2020" / "part-0.parquet"), tmp_path / "out")
    assert one.target == tmp_path / "out" / "part-0.parquet"


def test_what_cannot_be_done_is_refused_before_a_cluster_starts(parts: Path, tmp_path: Path) -> None:
    twice = parts / "year=2021" / "part-0.parquet"
    twice.write_bytes((parts / "year=2020" / "part-0.parquet").read_bytes())
    cases: list[tuple[str, Path, FileOptions, type[GridError], str]] = [
        (str(tmp_path / "nothing"), tmp_path / "out", FileOptions(), InvalidFile, "holds no Parquet files"),
        (
            str(parts / "*" / "*.parquet"),
            tmp_path / "out",
            FileOptions(),
            InvalidInput,
            "several parts are called",
        ),
        (str(parts), parts, FileOptions(), InvalidInput, "where the parts are read from"),
        (str(parts), tmp_path / "out", FileOptions(layer="a"), InvalidInput, "--layer"),
        (str(parts), tmp_path / "out", FileOptions(level=3), InvalidInput, "level 3"),
        (str(parts / "_SUCCESS"), tmp_path / "out", FileOptions(), InvalidFile, "_SUCCESS"),
    ]
    for source, target, options, error, said in cases:
        with pytest.raises(error, match=said):
            geocode_parts(source, target, CHAIN, options, scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "out").exists()


def test_without_dask_it_says_what_to_install(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(InvalidInput, match=r"wangge\[dask\]"):
        geocode_parts(str(parts), tmp_path / "out", CHAIN)


def test_a_scheduler_that_does_not_answer_is_named(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", "1s")
    with pytest.raises(InvalidInput, match="no Dask scheduler answers at"):
        geocode_parts(str(parts), tmp_path / "out", CHAIN, scheduler="tcp://127.0.0.1:1")
