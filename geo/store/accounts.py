"""Queries on accounts and the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, cast, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session

from geo.model import Actor
from geo.store.tables import Account, AccountRole, Role, Zone

#: A day begins by the zone's clock; before a database serves a zone, by this one.
CLOCK_WITHOUT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with the roles it holds today."""

    id: int
    username: str
    display_name: str
    password_hash: str | None
    is_active: bool
    roles: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        """The account as the one who asks."""
        return Actor(self.id, self.username, self.display_name, frozenset(self.roles))


def _today() -> ColumnElement[Any]:
    clock = func.coalesce(select(Zone.time_zone).scalar_subquery(), CLOCK_WITHOUT_ZONE)
    return cast(func.timezone(clock, func.now()), Date)


def _accounts() -> Select[Any]:
    """Accounts with an array of the roles in force today; to be narrowed by the caller."""
    roles = (
        select(func.array_agg(aggregate_order_by(AccountRole.role, AccountRole.role), type_=ARRAY(Text)))
        .where(AccountRole.account_id == Account.id, AccountRole.valid.op("@>")(_today()))
        .scalar_subquery()
    )
    return select(
        Account.id, Account.username, Account.display_name, Account.password_hash, Account.is_active, roles
    )


def _account(row: Any) -> AccountRow:
    number, username, display_name, password_hash, is_active, roles = row
    return AccountRow(number, username, display_name, password_hash, is_active, tuple(roles or ()))


def find_only(session: Session, condition: ColumnElement[bool]) -> AccountRow | None:
    """Account that meets a condition no two can meet."""
    row = session.execute(_accounts().where(condition)).one_or_none()
    return None if row is None else _account(row)


def find_account(session: Session, username: str) -> AccountRow | None:
    """Account of that name, whatever the case of its letters."""
    return find_only(session, func.lower(Account.username) == func.lower(username))


def list_accounts(session: Session) -> list[AccountRow]:
    """All accounts by name."""
    return [_account(row) for row in session.execute(_accounts().order_by(func.lower(Account.username)))]


def add_account(session: Session, username: str, display_name: str) -> int:
    """Add an account without password or roles."""
    return session.execute(
        insert(Account).values(username=username, display_name=display_name).returning(Account.id)
    ).scalar_one()


def grant_role(session: Session, account_id: int, role: str) -> None:
    """Let the account hold a role from today on, unless it holds it today already."""
    held = exists().where(
        AccountRole.account_id == account_id, AccountRole.role == role, AccountRole.valid.op("@>")(_today())
    )
    session.execute(
        insert(AccountRole).from_select(
            ["account_id", "role", "valid"],
            select(literal(account_id), literal(role), func.daterange(_today(), None)).where(~held),
        )
    )


def end_role(session: Session, account_id: int, role: str) -> bool:
    """End a role today, or at midnight when it began today; False when it is not held."""
    ends = func.greatest(_today(), func.lower(AccountRole.valid) + 1)
    ended = session.execute(
        update(AccountRole)
        .where(
            AccountRole.account_id == account_id,
            AccountRole.role == role,
            AccountRole.valid.op("@>")(_today()),
        )
        .values(valid=func.daterange(func.lower(AccountRole.valid), ends))
        .returning(AccountRole.id)
    )
    return ended.scalar_one_or_none() is not None


def set_active(session: Session, account_id: int, *, active: bool) -> None:
    """Let an account sign in, or no longer."""
    session.execute(update(Account).where(Account.id == account_id).values(is_active=active))


def set_password_hash(session: Session, account_id: int, password_hash: str | None) -> None:
    """Replace the password; None leaves the account without one."""
    session.execute(update(Account).where(Account.id == account_id).values(password_hash=password_hash))


def role_names(session: Session) -> dict[str, tuple[str, str]]:
    """Chinese and English name of every role, by code, in the order of the list."""
    rows = session.execute(select(Role.code, Role.name_zh, Role.name_en).order_by(Role.sort, Role.code))
    return {code: (zh, en) for code, zh, en in rows}
