"""``wangge accounts``: who may sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.cli.console import Commands, result, tell
from geo import accounts
from geo.database import open_app_session
from geo.permissions import read_role
from geo.settings import Settings

commands = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Add people and programs, look at them, stop them."
)

Username = Annotated[str, typer.Argument(metavar="USERNAME", show_default=False)]
Roles = Annotated[list[str], typer.Option("--role", help="Role held from today on; may be repeated.")]
BaseUrl = Annotated[
    str | None, typer.Option(help="Address people reach the server by; default this machine.")
]


@commands.command()
def add(
    username: Username,
    role: Roles,
    name: Annotated[str, typer.Option(help="Name shown; default the username.")] = "",
    base_url: BaseUrl = None,
) -> None:
    """Add a person and print a link that signs them in once, within 24 hours, to choose a password."""
    roles = [read_role(each) for each in role]
    settings = Settings.from_environment()
    with open_app_session(settings, "wangge accounts") as session:
        accounts.add_account(session, username, name, roles)
        link = accounts.make_link(session, username, _base(settings, base_url))
    result(link)


@commands.command()
def link(
    username: Username,
    base_url: BaseUrl = None,
    forget_password: Annotated[
        bool, typer.Option("--forget-password", help="Take the old password away; sign out everywhere.")
    ] = False,
) -> None:
    """Print another link that signs a person in once, within 24 hours."""
    settings = Settings.from_environment()
    with open_app_session(settings, "wangge accounts") as session:
        if forget_password:
            accounts.forget_password(session, username)
        made = accounts.make_link(session, username, _base(settings, base_url))
    result(made)


@commands.command("list")
def list_() -> None:
    """List accounts with the roles they hold today."""
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        rows = accounts.list_accounts(session)
    for row in rows:
        state = "" if row.is_active else "  disabled"
        result(f"{row.username:<24} {', '.join(row.roles) or 'no role today'}{state}")


@commands.command()
def disable(username: Username) -> None:
    """Disable an account at once: its sessions, tokens and links with it."""
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        accounts.set_active(session, username, active=False)
    tell(f"{username} can no longer sign in.")


@commands.command()
def enable(username: Username) -> None:
    """Enable a disabled account again."""
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        accounts.set_active(session, username, active=True)
    tell(f"{username} can sign in again.")


@commands.command()
def grant(username: Username, role: Roles) -> None:
    """Give an account roles from today on."""
    roles = [read_role(each) for each in role]
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        for each in roles:
            accounts.grant_role(session, username, each)
    tell(f"{username} holds {', '.join(roles)} from today on.")


@commands.command()
def withdraw(username: Username, role: Roles) -> None:
    """End roles today; a role that began today ends at midnight (disable the account to stop it at once)."""
    roles = [read_role(each) for each in role]
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        for each in roles:
            accounts.end_role(session, username, each)
    tell(f"{username} no longer holds {', '.join(roles)}.")


@commands.command()
def tokens() -> None:
    """List bearer tokens, newest first, without their secrets."""
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        rows = accounts.list_tokens(session)
    for row in rows:
        state = f"revoked {_day(row.revoked_at)}" if row.revoked_at else f"until {_day(row.expires_at)}"
        result(f"{row.id:>5}  {row.username:<24} {state:<20} {row.name}")


@commands.command()
def revoke(token_id: Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)]) -> None:
    """Stop a bearer token at once."""
    with open_app_session(Settings.from_environment(), "wangge accounts") as session:
        accounts.revoke_token(session, token_id)
    tell(f"Token {token_id} no longer works.")


def _base(settings: Settings, given: str | None) -> str:
    return given or f"http://127.0.0.1:{settings.server.port}"


def _day(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d")
