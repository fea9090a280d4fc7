"""How every command speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import typer
from typer.core import TyperGroup

from api.cli.signals import Interrupted, interruptible
from geo.errors import GridError


class Commands(TyperGroup):
    """Turns what the system refuses to do into one clear line and exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            with interruptible() if ctx.parent is None else nullcontext():
                return super().invoke(ctx)
        except Interrupted as stop:
            raise typer.Exit(128 + stop.number) from None
        except GridError as error:
            tell(f"wangge: {' '.join(str(error).split())}")
            raise typer.Exit(1) from None
        except BrokenPipeError:  # `wangge … | head`
            sys.stderr.close()
            raise typer.Exit(1) from None


def tell(message: str) -> None:
    """Say something to the person at the terminal; never part of a result."""
    typer.echo(message, err=True)


def result(text: str) -> None:
    """Print a result, for people and for pipes."""
    typer.echo(text)
