"""``wangge lab``: planners' notebooks in JupyterLab, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from api.cli.console import tell
from api.cli.signals import Interrupted, undisturbed
from geo import database
from geo.errors import InvalidInput
from geo.settings import CHECKOUT, Settings

NOTEBOOKS = CHECKOUT / "notebooks"
#: Seconds JupyterLab gets to put its kernels away.
PATIENCE_S = 15.0


def lab(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen, on loopback.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open JupyterLab on notebooks/, with the database running behind it."""
    if find_spec("jupyterlab") is None:
        raise InvalidInput("JupyterLab is not installed; run `make setup`, or pip install -e '.[lab]'")
    with database.running_database(Settings.from_environment(), "wangge lab", tell):
        # A session of its own: Ctrl-C reaches us, and we end it in order.
        process = subprocess.Popen(command(port, browser=browser, folder=NOTEBOOKS), start_new_session=True)  # noqa: S603 - our own words
        try:
            status = process.wait()
        except Interrupted:
            undisturbed()
            _end(process)
            tell("\nStopped.")
            return
    if status:
        raise InvalidInput(f"JupyterLab ended with status {status}; what it said stands above")


def command(port: int, *, browser: bool, folder: Path) -> list[str]:
    """Say how JupyterLab is started: on loopback, behind its token, asking nothing of the network."""
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": browser,
        "ServerApp.allow_root": os.geteuid() == 0,
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
