"""Keep accounts: add, link, disable; roles, tokens for programs, the demo's invented people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidInput, NotFound
from geo.identity import DEMO, PROGRAM, USERNAME, hash_secret, new_secret
from geo.model import Actor
from geo.permissions import Role
from geo.store import accounts as store
from geo.store import credentials
from geo.store.accounts import AccountRow
from geo.store.credentials import TokenRow
from geo.zones import get_zone

LINK_LASTS = timedelta(hours=24)
TOKEN_DAYS_AT_MOST = 3660

#: Roles the demo has a person for; ``integration`` is for programs.
DEMO_ROLES = tuple(role for role in Role if role is not Role.INTEGRATION)


def add_account(session: Session, username: str, display_name: str, roles: Iterable[Role]) -> AccountRow:
    """Add a person's account without a password; a link signs them in first.

    Raises
    ------
    InvalidInput
        The username has characters that names do not have, or begins like a demo or program account.
    Conflict
        There is such an account already.
    """
    if not USERNAME.fullmatch(username) or username.lower().startswith((DEMO, PROGRAM)):
        raise InvalidInput(
            f"{username!r} is no username: use up to 64 letters, digits and . _ - @, "
            f"beginning neither with {DEMO} nor with {PROGRAM}"
        )
    if store.find_account(session, username) is not None:
        raise Conflict(f"there is an account {username} already; see `wangge accounts list`")
    return _add(session, username, display_name.strip() or username, roles)


def list_accounts(session: Session) -> list[AccountRow]:
    """All accounts with the roles they hold today."""
    return store.list_accounts(session)


def set_active(session: Session, username: str, *, active: bool) -> None:
    """Disable an account at once (sessions, tokens and links with it), or enable it again.

    Raises
    ------
    NotFound
        There is no such account.
    """
    account = _get(session, username)
    store.set_active(session, account.id, active=active)
    if not active:
        credentials.end_sessions(session, account.id)
        credentials.spend_links(session, account.id)


def grant_role(session: Session, username: str, role: Role) -> None:
    """Let an account hold a role from today on."""
    store.grant_role(session, _get(session, username).id, role)


def end_role(session: Session, username: str, role: Role) -> None:
    """End a role today; one that began today ends at midnight.

    Raises
    ------
    NotFound
        There is no such account, or it does not hold the role.
    """
    if not store.end_role(session, _get(session, username).id, role):
        raise NotFound(f"{username} does not hold {role} today; see `wangge accounts list`")


def role_names(session: Session, actor: Actor, *, english: bool = False) -> list[str]:
    """Names of the roles an actor holds today, Chinese or English, in the order of the code list."""
    names = store.role_names(session)
    return [name[english] for code, name in names.items() if code in actor.roles]


def make_link(session: Session, username: str, base_url: str) -> str:
    """A link that signs an account in once, within 24 hours.

    Raises
    ------
    NotFound
        There is no such account.
    Conflict
        It is disabled, or a program's.
    """
    account = _get(session, username)
    if not account.is_active:
        raise Conflict(f"{username} is disabled; run `wangge accounts enable {username}` first")
    if account.username.startswith(PROGRAM):
        raise Conflict(f"{username} is a program's account: make it a token with `wangge token --role ROLE`")
    return _link(session, account.id, base_url)


def forget_password(session: Session, username: str) -> None:
    """Take the password away and sign out everywhere; a link then lets them choose another."""
    account = _get(session, username)
    store.set_password_hash(session, account.id, None)
    credentials.end_sessions(session, account.id)
    credentials.spend_links(session, account.id)


def make_token(session: Session, role: Role, *, days: int, name: str) -> str:
    """A bearer token for a program that holds one role.

    Raises
    ------
    InvalidInput
        ``days`` is not between 1 and 3660.
    """
    if not 1 <= days <= TOKEN_DAYS_AT_MOST:
        raise InvalidInput(f"{days} days: a token lasts 1 to {TOKEN_DAYS_AT_MOST} days")
    account = _ensure(session, PROGRAM + _written(role), role)
    token = f"wangge_{new_secret()}"
    credentials.add_token(
        session, account.id, name.strip() or account.username, hash_secret(token), timedelta(days=days)
    )
    return token


def list_tokens(session: Session) -> list[TokenRow]:
    """All tokens, newest first, without their secrets."""
    return credentials.list_tokens(session)


def revoke_token(session: Session, token_id: int) -> None:
    """Stop a token at once.

    Raises
    ------
    NotFound
        There is no token of that number in force.
    """
    if not credentials.revoke_token(session, token_id):
        raise NotFound(f"there is no token {token_id} in force; see `wangge accounts tokens`")


def demo_links(session: Session, base_url: str) -> list[tuple[str, str]]:
    """Fresh sign-in links of the demo's people, one per role; the accounts are made when they are missing.

    Who was disabled stays out and gets none.

    Returns
    -------
    list of (role, link)
        Roles as people write them (``grid-worker``), in the order of the code list.

    Raises
    ------
    Conflict
        The zone served is a real one.
    """
    if not get_zone(session).is_demo:
        raise Conflict(
            "this database serves a real zone, which has no demo accounts; use `wangge accounts add`"
        )
    return [
        (_written(role), _link(session, account.id, base_url))
        for role, account in demo_accounts(session)
        if account.is_active
    ]


def demo_accounts(session: Session) -> list[tuple[Role, AccountRow]]:
    """Accounts of the demo's people, one per role in the order of the roles; made when they are missing."""
    names = store.role_names(session)
    return [
        (role, _known(session, DEMO + _written(role), role, f"演示{names[role][0]}")) for role in DEMO_ROLES
    ]


def _get(session: Session, username: str) -> AccountRow:
    account = store.find_account(session, username)
    if account is None:
        raise NotFound(f"there is no account {username!r}; see `wangge accounts list`")
    return account


def _add(session: Session, username: str, display_name: str, roles: Iterable[Role]) -> AccountRow:
    account_id = store.add_account(session, username, display_name)
    for role in roles:
        store.grant_role(session, account_id, role)
    return _get(session, username)


def _link(session: Session, account_id: int, base_url: str) -> str:
    secret = new_secret()
    credentials.add_link(session, account_id, hash_secret(secret), LINK_LASTS)
    return f"{base_url.rstrip('/')}/sign-in/link/{secret}"


def _known(session: Session, username: str, role: Role, display_name: str) -> AccountRow:
    """The account of that name; made with that role when it is missing."""
    return store.find_account(session, username) or _add(session, username, display_name, [role])


def _ensure(session: Session, username: str, role: Role) -> AccountRow:
    """The account of that name with that role; made when it is missing.

    Raises
    ------
    Conflict
        It is disabled.
    """
    account = _known(session, username, role, username)
    if not account.is_active:
        raise Conflict(f"{username} is disabled; run `wangge accounts enable {username}` first")
    store.grant_role(session, account.id, role)
    return account


def _written(role: Role) -> str:
    return role.replace("_", "-")
