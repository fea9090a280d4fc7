"""The embedded server: private, shared by processes, and hard to kill for good."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.errors import Conflict, StoreUnavailable
from geo.store.embedded import Account, EmbeddedServer, Programs, cluster, get_programs, locks, places
from geo.store.embedded import processes as processes_module
from geo.store.embedded.processes import find_postmaster, is_alive
from tests.database import disposed


@pytest.fixture(scope="module")
def open_directory() -> Iterator[Path]:
    """A directory that the server's account can pass through, unlike pytest's own when we are root."""
    root = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    root.chmod(0o711)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def state_dir(open_directory: Path) -> Path:
    """A state directory whose cluster is made."""
    state = open_directory / "state"
    with EmbeddedServer(state).in_use("a test"):
        pass
    return state


@pytest.fixture
def server(state_dir: Path) -> Iterator[EmbeddedServer]:
    """The server of that directory, stopped at first and at the end."""
    server = EmbeddedServer(state_dir, patience_s=60)
    yield server
    server.stop()


def ask(server: EmbeddedServer, question: str) -> object:
    with disposed(server.url()) as engine, engine.begin() as connection:
        return connection.scalar(text(question))


def tell(server: EmbeddedServer, statement: str) -> None:
    with disposed(server.url()) as engine, engine.begin() as connection:
        connection.execute(text(statement))


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def another_process(state_dir: Path, body: str) -> subprocess.Popen[str]:
    """A Python process with `server`, which prints a line when it got to its `ready()`."""
    script = (
        "import sys, time, pathlib\n"
        "from geo.store.embedded import EmbeddedServer\n"
        "server = EmbeddedServer(pathlib.Path(sys.argv[1]))\n"
        "def ready(): print('ready', flush=True)\n" + body
    )
    return subprocess.Popen([sys.executable, "-c", script, str(state_dir)], stdout=subprocess.PIPE, text=True)


def test_it_is_private(server: EmbeddedServer) -> None:
    with server.in_use("a test"):
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW fsync") == "on"
        sockets = server.status().sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert ask(server, "SHOW unix_socket_directories") == f'"{sockets}"'
        pid = server.status().pid
        assert pid is not None
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_variables_of_another_server_do_not_lead_it_astray(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGDATA": "/nowhere", "PGPORT": "1", "PGHOST": "/nowhere", "PGUSER": "x"}.items():
        monkeypatch.setenv(name, value)
    with server.in_use("a test"):
        assert ask(server, "SELECT current_user") == "wangge_owner"


def test_the_last_to_leave_stops_it(server: EmbeddedServer) -> None:
    with server.in_use("one"):
        with server.in_use("another"):
            pid = server.status().pid
        assert server.status().pid == pid
    assert server.status().pid is None


def test_a_kept_one_stays(server: EmbeddedServer) -> None:
    assert server.keep() is True
    assert server.keep() is False
    with server.in_use("a test"):
        pass
    assert server.status().pid is not None
    assert server.stop() is True
    assert server.stop() is False
    assert not server.status().kept


def test_it_is_not_stopped_under_somebody(server: EmbeddedServer) -> None:
    with server.in_use("a test"):
        with pytest.raises(Conflict, match="in use by another process"):
            server.stop()
        assert server.status().pid is not None


def test_a_killed_server_starts_again_with_all_that_was_committed(server: EmbeddedServer) -> None:
    with server.in_use("a test"):
        tell(server, "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
        os.kill(server.status().pid or 0, signal.SIGKILL)
        wait_until(lambda: server.status().pid is None)
        with server.in_use("the next"):
            assert ask(server, "SELECT answer FROM kept") == 42


def test_a_watched_server_comes_back_by_itself(server: EmbeddedServer) -> None:
    with server.in_use("a test"), server.kept_alive():
        pid = server.status().pid or 0
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: server.status().pid not in {None, pid})
        wait_until(lambda: locks.lock_holder(server.status().home.parent / "start.lock") is None)
        assert ask(server, "SELECT 1") == 1


def test_busy_sessions_of_a_killed_server_are_ended_before_the_next_starts(server: EmbeddedServer) -> None:
    with server.in_use("a test"), disposed(server.url()) as engine, engine.connect() as busy:
        session = int(busy.scalar(text("SELECT pg_backend_pid()")) or 0)
        postmaster = server.status().pid or 0
        os.kill(session, signal.SIGSTOP)  # it cannot notice that its server dies
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: server.status().pid is None)
        processes_module.clear_traces(server.cluster.data, server.cluster.sockets, patience_s=0.1)
        wait_until(lambda: not is_alive(session))
        busy.invalidate()


@pytest.mark.parametrize("whose", ["nobody", "somebody"])
def test_a_stale_pid_file_does_not_matter(server: EmbeddedServer, whose: str) -> None:
    """The noted process is dead, or its number belongs to another process of the same account by now."""
    account, data = server.cluster.account, server.cluster.data
    other = subprocess.Popen(["sleep", "600"], **account.process_options())
    try:
        if whose == "nobody":
            other.kill()
            other.wait()
        for file in (data / "postmaster.pid", server.cluster.sockets / ".s.PGSQL.54320.lock"):
            file.write_text(f"{other.pid}\n{data}\n1700000000\n54320\n{server.cluster.sockets}\n\n")
            account.give(file)
        assert find_postmaster(data) is None
        with server.in_use("a test"):
            assert ask(server, "SELECT 1") == 1
        assert whose == "nobody" or other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_killed_user_leaves_a_server_that_the_next_adopts_and_stops(server: EmbeddedServer) -> None:
    user = another_process(
        server.status().home.parent, "with server.in_use('a test'):\n ready()\n time.sleep(600)\n"
    )
    with user:
        assert user.stdout is not None
        user.stdout.readline()
        user.kill()
    pid = server.status().pid
    assert pid is not None
    with server.in_use("the next"):
        assert server.status().pid == pid
    assert server.status().pid is None


def test_of_two_starts_at_once_the_second_says_so_and_waits(server: EmbeddedServer) -> None:
    said: list[str] = []
    state = server.status().home.parent
    second = EmbeddedServer(state, say=said.append, patience_s=0.3)
    with (
        locks.exclusive(state / "start.lock", "wangge db start", say=said.append, patience_s=0),
        pytest.raises(Conflict, match=rf"wangge db start \(pid {os.getpid()}\)"),
    ):
        second.keep()
    assert said == [f"Waiting for another process: wangge db start (pid {os.getpid()})."]


def test_several_processes_may_start_it_at_once(server: EmbeddedServer) -> None:
    state = server.status().home.parent
    body = "server.keep()\nprint(server.status().pid)\n"
    starters = [another_process(state, body) for _ in range(3)]
    pids = {starter.communicate()[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert pids == {str(server.status().pid)}


def test_a_second_one_to_serve_is_told_who_does(server: EmbeddedServer) -> None:
    with (
        server.serving("wangge up on http://127.0.0.1:8000"),
        pytest.raises(Conflict, match=rf"http://127.0.0.1:8000 \(pid {os.getpid()}\)"),
        server.serving("another"),
    ):
        pass


def test_an_attempt_cut_off_half_way_is_made_anew(
    open_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = open_directory / "half-way"
    broken = open_directory / "broken"
    broken.mkdir()
    broken.chmod(0o755)
    initdb = broken / "initdb"
    initdb.write_text("#!/bin/sh\ntouch \"$2/PG_VERSION\" 2>/dev/null\necho 'no space left' >&2\nexit 1\n")
    initdb.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "get_programs", lambda: Programs(15, broken))
        with pytest.raises(StoreUnavailable, match=r"could not be made.*no space left"):
            EmbeddedServer(state).keep()
    (state / "postgres" / "data.unfinished").mkdir()
    (state / "postgres" / "data.unfinished" / "half").touch()
    server = EmbeddedServer(state)
    with server.in_use("a test"):
        assert ask(server, "SELECT 1") == 1


def test_a_disk_without_room_is_told_before_anything_is_made(
    open_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ROOM_NEEDED_MB", 10**12)
    with pytest.raises(StoreUnavailable, match="MB free; the database needs"):
        EmbeddedServer(open_directory / "no-room").keep()
    assert not (open_directory / "no-room" / "postgres").exists()


def test_what_the_server_says_when_it_does_not_start_is_passed_on(server: EmbeddedServer) -> None:
    local = server.cluster.data / "local.conf"
    local.write_text("no_such_setting = 1\n")
    try:
        with pytest.raises(StoreUnavailable, match=r"did not start.*no_such_setting"):
            server.keep()
    finally:
        local.unlink()
    assert server.status().pid is None


@pytest.mark.parametrize("name", ["long" * 25, "to clients, a list"])
def test_a_path_no_client_can_use_gets_a_short_socket(open_directory: Path, name: str) -> None:
    state = open_directory / ("long" * 20) / '网格 it\'s "here"' / ".wangge"
    server = EmbeddedServer(state)
    with server.in_use("a test"):
        assert ask(server, "SELECT 1") == 1
        assert server.status().sockets.is_relative_to("/tmp")
    shutil.rmtree(server.status().sockets)


def test_an_awkward_path_is_quoted(open_directory: Path) -> None:
    server = EmbeddedServer(open_directory / '网 it\'s "$HOME" `%41`')
    with server.in_use("a test"):
        assert ask(server, "SELECT 1") == 1
        assert server.status().sockets.is_relative_to(open_directory)


def test_a_cluster_of_a_version_that_is_gone_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="apt-get install postgresql-9-postgis-3"):
        get_programs(major=9)
    assert get_programs().major >= 13


class ShutOut(Account):
    """An account that cannot reach a checkout, as `postgres` cannot reach a home of mode 0700."""

    def reaches(self, directory: Path) -> bool:
        return False


@pytest.fixture
def shut_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(places, "ELSEWHERE", tmp_path / "elsewhere")
    return ShutOut("postgres", os.geteuid(), os.getegid(), borrowed=True)


def test_files_go_where_the_server_can_reach_them(tmp_path: Path, shut_out: Account) -> None:
    found = places.find_places(tmp_path / "one" / ".wangge", shut_out)
    assert found.home.parent == tmp_path / "elsewhere"
    assert str(found.home) in (found.state / "location").read_text()
    assert places.find_places(found.state, shut_out) == found


def test_two_checkouts_never_share_files(tmp_path: Path, shut_out: Account) -> None:
    one = places.find_places(tmp_path / "one" / ".wangge", shut_out)
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    copy = places.find_places(tmp_path / "copy" / ".wangge", shut_out)
    assert copy.home != one.home


def test_a_moved_checkout_keeps_its_files(tmp_path: Path, shut_out: Account) -> None:
    one = places.find_places(tmp_path / "one" / ".wangge", shut_out)
    (tmp_path / "one").rename(tmp_path / "moved")
    moved = places.find_places(tmp_path / "moved" / ".wangge", shut_out)
    assert moved.home == one.home
    (tmp_path / "one").mkdir()
    assert places.find_places(tmp_path / "moved" / ".wangge", shut_out).home == one.home
    fresh = places.find_places(tmp_path / "one" / ".wangge", shut_out)
    assert fresh.home != one.home


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path: Path, shut_out: Account) -> None:
    state = tmp_path / ("long" * 30) / ".wangge"
    sockets = places.find_places(state, shut_out).sockets
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(Conflict, match="in the way"):
            places.find_places(state, shut_out)
    finally:
        sockets.unlink()
