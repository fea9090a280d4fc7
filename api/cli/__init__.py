"""The ``wangge`` command: one file per group of subcommands, each a thin shell around a use case.

Exit status: 0 done, 1 the work failed (findings, bad input, no database), 2 wrong usage.
"""

from __future__ import annotations

import logging

import typer

from api.cli import db, lab, up
from api.cli.console import Commands

main = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
main.command("up")(up.up)
main.command("lab")(lab.lab)
main.add_typer(db.commands, name="db")


@main.callback()
def _wangge() -> None:
    """Spatial system for grass-roots grid governance (网格化管理)."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
