"""``wangge token``: a bearer token for a program."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.console import result, tell
from geo.accounts import TOKEN_DAYS_AT_MOST, make_token
from geo.database import open_app_session
from geo.permissions import read_role
from geo.settings import Settings


def token(
    role: Annotated[str, typer.Option(help="What the program may do, e.g. integration, grid-worker.")],
    days: Annotated[int, typer.Option(min=1, max=TOKEN_DAYS_AT_MOST, help="How long it works.")] = 90,
    name: Annotated[str, typer.Option(help="What it is for, shown by `wangge accounts tokens`.")] = "",
) -> None:
    """Print a bearer token for programs, alone on the last line; it is shown this once."""
    wanted = read_role(role)
    with open_app_session(Settings.from_environment(), "wangge token") as session:
        made = make_token(session, wanted, days=days, name=name)
    tell(f"Send it as `Authorization: Bearer TOKEN`. It works for {days} days; keep it like a password.")
    result(made)
