"""What a new user types: everything comes up, says where it is, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geo.settings import CHECKOUT, PathSettings, Settings
from geo.store.embedded import EmbeddedServer

WANGGE = [sys.executable, "-c", "from api.cli import main; main()"]
MAKE = ["make", "--no-print-directory", "--silent"]


@pytest.fixture(scope="module")
def state_dir() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="wangge-test-"))
    root.chmod(0o711)
    yield root / "state"
    shutil.rmtree(root)


@dataclass
class Running:
    """A `wangge up` with the lines it has said so far, in a session of its own."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def until(self, pattern: str) -> str:
        """Read on until it says this."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError(f"it never said {pattern!r}, but: {''.join(self.said)}")

    def end(self, number: int) -> int:
        """Send a signal and read to the end."""
        self.process.send_signal(number)
        with self.process:
            assert self.process.stdout is not None
            self.said += list(self.process.stdout)
        return self.process.returncode

    def refused(self) -> str:
        """Read to its end, which it reaches by itself with status 1."""
        said = self.process.communicate()[0]
        assert self.process.returncode == 1
        return said

    def session(self) -> list[int]:
        """Processes that are left of it, but for its database, which has a session of its own."""
        return [pid for pid in _pids() if _session(pid) == self.process.pid]


def assert_ends(running: Running) -> None:
    """Nothing of it is left, within the moment that processes need to notice that their parent is gone."""
    deadline = time.monotonic() + 30
    while left := running.session():
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _session(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[3])


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def up(state_dir: Path, port: int, *options: str) -> Running:
    return Running(
        subprocess.Popen(
            [*WANGGE, "up", "--no-demo", "--port", str(port), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            cwd=CHECKOUT,
            env=_environment(state_dir),
        )
    )


def _environment(state_dir: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))
    }
    return kept | {"WANGGE_STATE_DIR": str(state_dir)}


def answer(port: int, path: str = "/healthz") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, 1), (signal.SIGTERM, 2)])
def test_however_it_is_told_to_stop_nothing_is_left(state_dir: Path, number: int, workers: int) -> None:
    port = free_port()
    running = up(state_dir, port, "--workers", str(workers))
    assert running.until(r"http://\S+") == f"http://127.0.0.1:{port}"
    running.until("Ctrl-C")
    assert answer(port) == 200
    assert EmbeddedServer(state_dir).status().pid is not None
    assert running.end(number) == 0
    assert running.said[-1] == "Stopped.\n"
    assert "Traceback" not in "".join(running.said)
    assert_ends(running)
    assert EmbeddedServer(state_dir).status().pid is None
    with pytest.raises(ConnectionRefusedError):
        answer(port)


def test_after_kill_9_the_next_start_works_on(state_dir: Path) -> None:
    port = free_port()
    killed = up(state_dir, port, "--workers", "2")
    killed.until("Ctrl-C")
    assert killed.end(signal.SIGKILL) == -signal.SIGKILL
    assert_ends(killed)
    database = EmbeddedServer(state_dir).status().pid
    assert database is not None
    following = up(state_dir, port)
    following.until("Ctrl-C")
    assert EmbeddedServer(state_dir).status().pid == database
    assert following.end(signal.SIGINT) == 0
    assert EmbeddedServer(state_dir).status().pid is None


def test_while_it_serves(state_dir: Path) -> None:
    """A second one is told who serves; a killed database comes back; a closed terminal stops it."""
    port = free_port()
    running = up(state_dir, port)
    running.until("Ctrl-C")
    said = up(state_dir, free_port()).refused()
    assert f"wangge up on http://127.0.0.1:{port} (pid {running.process.pid})" in said
    assert said.count("\n") == 1
    os.kill(EmbeddedServer(state_dir).status().pid or 0, signal.SIGKILL)
    running.until("starting it again")
    deadline = time.monotonic() + 60
    while answer(port, "/readyz") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert running.end(signal.SIGHUP) == 0
    assert EmbeddedServer(state_dir).status().pid is None


def test_a_taken_port_is_told_with_another_before_anything_is_started(state_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = up(state_dir, port).refused()
    assert re.fullmatch(
        rf"wangge: Port {port} on 127.0.0.1 is taken by another program. Choose .* PORT=\d+ .*\n", said
    )
    assert EmbeddedServer(state_dir).status().pid is None


def test_stopping_while_it_starts_leaves_nothing(state_dir: Path) -> None:
    fresh = state_dir.with_name("fresh")
    running = up(fresh, free_port())
    running.until("Making the database")
    assert running.end(signal.SIGINT) == 0
    assert EmbeddedServer(fresh).status().pid is None
    assert_ends(running)


@pytest.mark.parametrize("goal", ["test", "run", "check", "bench"])
def test_every_goal_of_make_is_known(goal: str) -> None:
    plan = subprocess.run(
        [*MAKE, "--dry-run", goal], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert "tools/system-packages" in plan.stdout


def test_clean_never_touches_the_database() -> None:
    plan = subprocess.run([*MAKE, "-n", "clean"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert ".venv" in plan.stdout
    assert ".wangge" not in plan.stdout


def test_without_rights_the_missing_packages_are_named(tmp_path: Path) -> None:
    """With nothing on the path but a shell's few tools, everything is missing and nobody is root."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "tr", "cut", "sort", "tail", "env"):
        (tools / name).symlink_to(shutil.which(name) or name)
    for name, body in {"apt-get": "exit 1", "apt-cache": "exit 0", "id": "echo 1000"}.items():
        (tools / name).write_text(f"#!{shutil.which('bash')}\n{body}\n")
        (tools / name).chmod(0o755)
    command = [str(tools / "bash"), "tools/system-packages", "test"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        "Ask an administrator to run: apt-get install --no-install-recommends python3 python3-venv"
        in done.stderr
    )
    assert "chromium" in done.stderr


def test_no_address_of_a_registry_is_committed() -> None:
    for name in (
        "constraints.txt",
        "constraints-bench.txt",
        "layers/assets/package-lock.json",
        "layers/assets/.npmrc",
        "Dockerfile",
    ):
        assert "://" not in (CHECKOUT / name).read_text()


def test_state_goes_where_the_setting_says(tmp_path: Path) -> None:
    settings = Settings(paths=PathSettings(state_dir=tmp_path / "state"))
    assert EmbeddedServer(settings.paths.state_dir).status().home.is_absolute()
