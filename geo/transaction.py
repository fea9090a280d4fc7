"""The command line's way into the database: one transaction as the application, committed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from geo.database import running_database
from geo.settings import Settings
from geo.store.engine import make_engine, make_sessions, store_errors


@contextmanager
def app_transaction(settings: Settings, purpose: str, say: Callable[[str], None]) -> Iterator[Session]:
    """Have the database running and give a session with the rights of the application.

    Committed when the block ends well, rolled back when it raises.

    Parameters
    ----------
    purpose
        Command that wants it, such as ``wangge token``.
    say
        Takes what is worth telling while a database is being started.

    Raises
    ------
    StoreUnavailable
        The database does not answer.
    """
    with running_database(settings, purpose, say) as urls:
        engine = make_engine(urls.app, pool_size=1)
        try:
            with store_errors(), make_sessions(engine)() as session, session.begin():
                yield session
        finally:
            engine.dispose()
