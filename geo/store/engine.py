"""Engines and sessions: how the rest of the store reaches the database, and who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from geo.errors import InvalidInput, StoreUnavailable

#: Transaction-local setting that names the asking account; row-level security will read it.
ACTOR_SETTING = "wangge.account_id"

#: SQLSTATEs of what somebody sent: number, time, offset out of range, text that is none.
UNSTORABLE = frozenset({"22003", "22007", "22008", "22009", "22021", "22P05"})

#: SQLSTATE of what exceeds a limit of the server, such as a key longer than an index holds.
TOO_LARGE = "54000"


def make_engine(url: str, *, pool_size: int = 8, read_only: bool = False) -> Engine:
    """Engine for one database role.

    Parameters
    ----------
    url
        ``postgresql+psycopg2://…`` as one role of the database.
    pool_size
        Connections kept open.
    read_only
        True: every transaction refuses to write.
    """
    options = "-c timezone=UTC -c jit=off" + (" -c default_transaction_read_only=on" if read_only else "")
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # what people wrote stays out of error messages, and so out of logs
        connect_args={
            "options": join_options(url, options),
            "connect_timeout": 10,
            "application_name": "wangge",
        },
    )


def join_options(url: str, options: str) -> str:
    """Add server options to those that the URL's own ``options=`` carries (such as a role)."""
    own = make_url(url).query.get("options", "")
    return f"{own if isinstance(own, str) else ' '.join(own)} {options}".strip()


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Session factory whose objects stay readable after the commit at the edge."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn a lost connection into :class:`StoreUnavailable`, a value no column holds into `InvalidInput`."""
    try:
        yield
    except (DataError, psycopg2.DataError) as error:
        if getattr(getattr(error, "orig", error), "pgcode", None) not in UNSTORABLE:
            raise
        raise InvalidInput(f"a value cannot be stored ({_reason(error)}); correct it") from error
    except ValueError as error:
        # The driver's own check, before anything is sent.
        if "NUL (0x00)" not in str(error):
            raise
        raise InvalidInput(
            "a text holds the character NUL (U+0000), which cannot be stored; leave it out"
        ) from None
    except (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        # COPY goes past SQLAlchemy, so its errors come as the driver raises them.
        if getattr(getattr(error, "orig", error), "pgcode", None) == TOO_LARGE:
            raise InvalidInput(f"a value is too large to be stored ({_reason(error)})") from error
        raise StoreUnavailable(
            f"the database does not answer ({_reason(error)}); see `wangge db status`, then `wangge db start`"
        ) from error


def _reason(error: Exception) -> str:
    return (str(getattr(error, "orig", error)).strip() or "no answer").splitlines()[0]


def set_actor(session: Session, account_id: int | None) -> None:
    """Say who asks, for the present transaction only: commit and rollback both forget it."""
    value = "" if account_id is None else str(account_id)
    session.execute(text("SELECT set_config(:name, :value, true)"), {"name": ACTOR_SETTING, "value": value})
