"""Queries on what proves who asks: sessions, tokens, links. Their secrets come and go as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geo.store.accounts import AccountRow, find_only
from geo.store.tables import Account, ApiToken, SignInLink, WebSession


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token without its secret."""

    id: int
    username: str
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def add_session(session: Session, account_id: int, secret_hash: bytes, lasts: timedelta) -> None:
    """Open a browser's session."""
    session.execute(
        insert(WebSession).values(
            account_id=account_id, secret_hash=secret_hash, expires_at=func.now() + lasts
        )
    )


def find_session_account(session: Session, secret_hash: bytes) -> AccountRow | None:
    """Active account of an open session."""
    account_id = select(WebSession.account_id).where(
        WebSession.secret_hash == secret_hash,
        WebSession.ended_at.is_(None),
        WebSession.expires_at > func.now(),
    )
    return find_only(session, (Account.id == account_id.scalar_subquery()) & Account.is_active)


def prolong_session(
    session: Session, secret_hash: bytes, *, idle: timedelta, at_most: timedelta, step: timedelta
) -> None:
    """Let a session in use last ``idle`` from now, never longer than ``at_most`` from its beginning.

    Written only when it gains ``step`` or more, and skipped when another request is just writing it: requests
    of one browser never wait for each other here.
    """
    until = func.least(func.now() + idle, WebSession.created_at + at_most)
    due = (
        select(WebSession.id)
        .where(WebSession.secret_hash == secret_hash, WebSession.expires_at < until - step)
        .with_for_update(skip_locked=True)
    )
    session.execute(update(WebSession).where(WebSession.id.in_(due)).values(expires_at=until))


def end_session(session: Session, secret_hash: bytes) -> None:
    """Sign one browser out."""
    session.execute(
        update(WebSession)
        .where(WebSession.secret_hash == secret_hash, WebSession.ended_at.is_(None))
        .values(ended_at=func.now())
    )


def end_sessions(session: Session, account_id: int, *, but: bytes | None = None) -> None:
    """Sign all browsers of an account out, except the one with that secret."""
    statement = update(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(WebSession.secret_hash != but)
    session.execute(statement.values(ended_at=func.now()))


def add_token(session: Session, account_id: int, name: str, secret_hash: bytes, lasts: timedelta) -> None:
    """Keep a token for a program."""
    session.execute(
        insert(ApiToken).values(
            account_id=account_id, name=name, secret_hash=secret_hash, expires_at=func.now() + lasts
        )
    )


def find_token_account(session: Session, secret_hash: bytes) -> AccountRow | None:
    """Active account of a token in force."""
    account_id = select(ApiToken.account_id).where(
        ApiToken.secret_hash == secret_hash, ApiToken.revoked_at.is_(None), ApiToken.expires_at > func.now()
    )
    return find_only(session, (Account.id == account_id.scalar_subquery()) & Account.is_active)


def list_tokens(session: Session) -> list[TokenRow]:
    """All tokens, newest first."""
    rows = session.execute(
        select(
            ApiToken.id,
            Account.username,
            ApiToken.name,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
        )
        .join(Account, Account.id == ApiToken.account_id)
        .order_by(ApiToken.id.desc())
    )
    return [TokenRow(*row) for row in rows]


def revoke_token(session: Session, token_id: int) -> bool:
    """Stop a token; False when there is none of that number in force."""
    found = session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(ApiToken.id)
    )
    return found.scalar_one_or_none() is not None


def add_link(session: Session, account_id: int, secret_hash: bytes, lasts: timedelta) -> None:
    """Keep a link that signs in once."""
    session.execute(
        insert(SignInLink).values(
            account_id=account_id, secret_hash=secret_hash, expires_at=func.now() + lasts
        )
    )


def find_link_account(session: Session, secret_hash: bytes) -> AccountRow | None:
    """Active account that a fresh link would sign in."""
    account_id = select(SignInLink.account_id).where(
        SignInLink.secret_hash == secret_hash,
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > func.now(),
    )
    return find_only(session, (Account.id == account_id.scalar_subquery()) & Account.is_active)


def use_link(session: Session, secret_hash: bytes) -> bool:
    """Use a fresh link up; of two at once, one gets True."""
    used = session.execute(
        update(SignInLink)
        .where(
            SignInLink.secret_hash == secret_hash,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(SignInLink.id)
    )
    return used.scalar_one_or_none() is not None


def spend_links(session: Session, account_id: int) -> None:
    """Make all fresh links of an account useless."""
    session.execute(
        update(SignInLink)
        .where(SignInLink.account_id == account_id, SignInLink.used_at.is_(None))
        .values(used_at=func.now())
    )
