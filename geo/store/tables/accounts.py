"""Who asks: accounts, the roles they hold, sessions, tokens, one-time links; secrets only as hashes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.tables.base import Base, CodeList, CodeText, Instant, not_empty, valid_begins


class Role(CodeList, Base):
    """Roles of ``domain.md``."""

    __tablename__ = "role"
    __table_args__ = ({"comment": "Code list: roles, e.g. centre_head, grid_worker, planner"},)


class Account(Base):
    """账号: somebody or some program that may sign in."""

    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_username_lower", text("lower(username)"), unique=True),
        not_empty("username"),
        {"comment": "账号: persons and programs that may sign in"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    username: Mapped[str] = mapped_column(comment="Name to sign in with; case does not matter")
    display_name: Mapped[str] = mapped_column(comment="Name shown")
    password_hash: Mapped[str | None] = mapped_column(comment="Argon2 hash; null: no password sign-in")
    is_active: Mapped[bool] = mapped_column(server_default="true", comment="False: may not sign in")
    created_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When it was made")


class AccountRole(Base):
    """A role an account holds over a range of days."""

    __tablename__ = "account_role"
    __table_args__ = (
        ExcludeConstraint(
            ("account_id", "="), ("role", "="), ("valid", "&&"), name="ex_account_role_valid", using="gist"
        ),
        valid_begins(),
        {"comment": "Roles held by accounts over ranges of days"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="Who")
    role: Mapped[str] = mapped_column(CodeText, ForeignKey("role.code"), index=True, comment="Which role")
    valid: Mapped[Range[date]] = mapped_column(comment="Days it is held, [from, until)")


class WebSession(Base):
    """A signed-in browser."""

    __tablename__ = "web_session"
    __table_args__ = ({"comment": "Signed-in browsers; the cookie carries the secret, here is its hash"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="Who")
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256 of the secret")
    created_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When signed in")
    expires_at: Mapped[Instant] = mapped_column(comment="When it ends by itself")
    ended_at: Mapped[Instant | None] = mapped_column(comment="When signed out; null while open")


class ApiToken(Base):
    """A bearer token for a program."""

    __tablename__ = "api_token"
    __table_args__ = ({"comment": "Bearer tokens of programs; only the hash is kept"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="Who it acts as")
    name: Mapped[str] = mapped_column(comment="What it is for")
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256 of the token")
    created_at: Mapped[Instant] = mapped_column(server_default=func.now(), comment="When it was made")
    expires_at: Mapped[Instant] = mapped_column(comment="When it stops working")
    revoked_at: Mapped[Instant | None] = mapped_column(comment="When it was revoked; null while in use")


class SignInLink(Base):
    """A link that signs in once."""

    __tablename__ = "sign_in_link"
    __table_args__ = ({"comment": "Links that sign in once; only the hash is kept"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key")
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True, comment="Who it signs in")
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256 of the secret")
    expires_at: Mapped[Instant] = mapped_column(comment="When it stops working")
    used_at: Mapped[Instant | None] = mapped_column(comment="When it was used; null while fresh")
