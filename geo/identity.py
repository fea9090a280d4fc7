"""Who asks: sign people and programs in, know them again, forget them at sign-out.

Every secret has 256 random bits; the database keeps only its SHA-256. Whoever is known is set as the actor of
the session's transaction, and of that one only.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from geo.errors import NotAllowed, NotSignedIn
from geo.model import Actor
from geo.passwords import Passwords, check_password
from geo.store import accounts as store
from geo.store import credentials
from geo.store.accounts import AccountRow
from geo.store.engine import set_actor

#: A browser is signed out when idle this long, and in any case after ``SESSION_AT_MOST``.
SESSION_IDLE = timedelta(hours=12)
SESSION_AT_MOST = timedelta(days=7)
SESSION_STEP = timedelta(minutes=5)

#: Beginnings of the usernames of accounts that are not real people's.
DEMO = "demo-"
PROGRAM = "program-"
USERNAME = re.compile(r"\w[\w.@-]{0,63}")


def actor_of_session(session: Session, secret: str) -> Actor:
    """Know a browser again and let its session last on.

    Raises
    ------
    NotSignedIn
        The session has ended or never was, or the account is disabled.
    """
    account = credentials.find_session_account(session, hash_secret(secret))
    if account is None:
        raise NotSignedIn("the session has ended; sign in again")
    credentials.prolong_session(
        session, hash_secret(secret), idle=SESSION_IDLE, at_most=SESSION_AT_MOST, step=SESSION_STEP
    )
    return _acting(session, account)


def actor_of_token(session: Session, token: str) -> Actor:
    """Know a program by its bearer token.

    Raises
    ------
    NotSignedIn
        The token is unknown, expired or revoked, or its account is disabled.
    """
    account = credentials.find_token_account(session, hash_secret(token))
    if account is None:
        raise NotSignedIn(
            "the bearer token is unknown, expired or revoked; get a new one with `wangge token --role ROLE`"
        )
    return _acting(session, account)


def sign_in(session: Session, username: str, password: str, *, passwords: Passwords) -> Actor:
    """Know a person by name and password, in the same time whether or not there is such a name.

    Raises
    ------
    NotSignedIn
        Name and password do not fit, or the account is disabled; it is not said which.
    """
    account = store.find_account(session, username) if USERNAME.fullmatch(username) else None
    kept = account.password_hash if account is not None and account.is_active else None
    if not passwords.verify(password, kept) or account is None:
        raise NotSignedIn(
            "username and password do not fit; try again, or ask an administrator for a sign-in link"
        )
    return _acting(session, account)


def find_link_actor(session: Session, secret: str) -> Actor | None:
    """Whom a sign-in link would sign in, without using it up; None when it was used or is too old."""
    account = credentials.find_link_account(session, hash_secret(secret))
    return None if account is None else account.actor


def use_link(session: Session, secret: str, *, from_loopback: bool) -> Actor:
    """Sign in by a link, which works once.

    Raises
    ------
    NotSignedIn
        It was used, is too old or never was.
    NotAllowed
        It belongs to a demo account and is not used on the machine that serves.
    """
    account = credentials.find_link_account(session, hash_secret(secret))
    if account is not None and is_demo(account.actor) and not from_loopback:
        raise NotAllowed("demo accounts sign in only on the machine that serves; open the link there")
    if account is None or not credentials.use_link(session, hash_secret(secret)):
        raise NotSignedIn("the sign-in link was used or is too old; ask for a new one")
    return _acting(session, account)


def open_web_session(session: Session, actor: Actor) -> str:
    """Open a browser's session and give the secret its cookie carries."""
    secret = new_secret()
    credentials.add_session(session, actor.account_id, hash_secret(secret), SESSION_IDLE)
    return secret


def sign_out(session: Session, secret: str) -> None:
    """End a browser's session; one that has ended already stays so."""
    credentials.end_session(session, hash_secret(secret))


def has_password(session: Session, actor: Actor) -> bool:
    """Whether the actor has a password yet."""
    account = store.find_account(session, actor.username)
    return account is not None and account.password_hash is not None


def set_password(
    session: Session, actor: Actor, *, current: str, new: str, keep: str, passwords: Passwords
) -> None:
    """Give the actor a password, or another one, and sign out their other browsers.

    Parameters
    ----------
    current
        The password so far; anything when there is none yet.
    keep
        Secret of the session that asks, which goes on.

    Raises
    ------
    NotAllowed
        A demo account or a program; or ``current`` does not fit.
    InvalidInput
        The new one is easy to guess.
    """
    account = store.find_account(session, actor.username)
    if account is None or not is_person(actor):
        raise NotAllowed(f"{actor.username} is not a person's account and has no password")
    if account.password_hash is not None and not passwords.verify(current, account.password_hash):
        raise NotAllowed("the present password does not fit; nothing was changed")
    check_password(new, actor.username)
    store.set_password_hash(session, account.id, passwords.hash(new))
    credentials.end_sessions(session, account.id, but=hash_secret(keep))
    credentials.spend_links(session, account.id)


def is_demo(actor: Actor) -> bool:
    """Whether it is one of the demo's invented people."""
    return actor.username.startswith(DEMO)


def is_person(actor: Actor) -> bool:
    """Whether it is the account of a real person."""
    return not actor.username.startswith((DEMO, PROGRAM))


def new_secret() -> str:
    """A secret of 256 random bits, safe in URLs and cookies."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _acting(session: Session, account: AccountRow) -> Actor:
    set_actor(session, account.id)
    return account.actor
