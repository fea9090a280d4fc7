"""``wangge lab``: JupyterLab on loopback, behind a token, gone after Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli.lab import NOTEBOOKS, command
from tests.database import TestDatabase

WANGGE = [sys.executable, "-c", "from api.cli import main; main()"]
CHECKOUT = Path(__file__).parent.parent.parent


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def lab(
    port: int, new_database: Callable[[], TestDatabase], tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"DATABASE_URL": new_database().urls.owner, "HOME": str(tmp_path)}
    process = subprocess.Popen(
        [*WANGGE, "lab", "--no-browser", "--port", str(port)], cwd=CHECKOUT, env=environment
    )
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


def answers(port: int, path: str) -> int:
    """Status of an answer, 0 when nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except (urllib.error.URLError, TimeoutError):
        return 0


def waited_for(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_it_serves_behind_a_token_and_ends_with_ctrl_c(lab: subprocess.Popen[bytes], port: int) -> None:
    assert waited_for(lambda: answers(port, "/api") == 200)
    assert answers(port, "/api/contents") == 403
    lab.send_signal(signal.SIGINT)
    assert lab.wait(60) == 0
    assert answers(port, "/api") == 0


def test_it_listens_on_loopback_and_asks_nothing_of_the_network() -> None:
    options = command(8888, browser=False, folder=NOTEBOOKS)
    assert "--ServerApp.ip=127.0.0.1" in options
    assert "--LabApp.news_url=None" in options
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in options
    assert NOTEBOOKS == CHECKOUT / "notebooks"
