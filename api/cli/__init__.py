"""The ``wangge`` command: one file per group of subcommands, each a thin shell around a use case.

Exit status: 0 done, 1 the work failed (findings, bad input, no database), 2 wrong usage.
"""

from __future__ import annotations

import logging

import typer

from api.cli import accounts, db, demo, imports, lab, roster, token, up
from api.cli.console import Commands
from api.cli.crs_check import crs_check
from api.cli.geocode import geocode
from api.cli.init import init

main = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
main.command("up")(up.up)
main.command("lab")(lab.lab)
main.command("token")(token.token)
main.add_typer(accounts.commands, name="accounts")
main.command("init")(init)
main.command("geocode")(geocode)
main.add_typer(imports.commands, name="import")
main.command("crs-check")(crs_check)
main.command("template")(roster.template)
main.add_typer(roster.exports, name="export")
main.add_typer(roster.commands, name="roster")
main.add_typer(db.commands, name="db")
main.add_typer(demo.commands, name="demo")


@main.callback()
def _wangge() -> None:
    """Spatial system for grass-roots grid governance (网格化管理)."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
