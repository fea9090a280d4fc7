"""The loader's way into the database: one transaction, committed by whoever opened it or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from geo.store.engine import make_engine, make_sessions, store_errors


@contextmanager
def import_session(url: str) -> Iterator[Session]:
    """A session on a connection of its own; what is not committed inside the block is rolled back.

    Parameters
    ----------
    url
        The database as the loader, or as the owner for ``wangge init``.

    Raises
    ------
    StoreUnavailable
        The database does not answer.
    """
    engine = make_engine(url, pool_size=1)
    try:
        with store_errors(), make_sessions(engine)() as session:
            yield session
    finally:
        engine.dispose()
