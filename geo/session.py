"""A planner's way into the database: read only, without personal data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from geo.database import database_urls
from geo.errors import StoreUnavailable
from geo.settings import Settings
from geo.store.engine import make_engine, store_errors
from geo.store.overview import has_tables


class PlannerSession(Session):
    """A session with a connection of its own, which ends with it."""

    def close(self) -> None:
        """End the transaction and the connection."""
        engine = self.get_bind()
        super().close()
        engine.engine.dispose()


def open_session(settings: Settings | None = None) -> Session:
    """Open a read-only session as the planner role.

    It reaches the embedded PostGIS, or the one ``DATABASE_URL`` names. All its answers are of one moment,
    that of the first question; ``session.rollback()`` moves on to the present.

    Parameters
    ----------
    settings
        Where the database is; read from the environment when None.

    Returns
    -------
    sqlalchemy.orm.Session
        To be used in a ``with`` statement, or closed.

    Raises
    ------
    StoreUnavailable
        The database is not running, does not answer, or has no tables yet.
    InvalidInput
        ``DATABASE_URL`` is no address.
    """
    urls = database_urls(settings or Settings.from_environment())
    engine = make_engine(urls.planner, pool_size=1, read_only=True)
    session = PlannerSession(engine.execution_options(isolation_level="REPEATABLE READ"))
    try:
        with store_errors():
            _check_tables(session)
    except BaseException:
        session.close()
        raise
    return session


def _check_tables(session: Session) -> None:
    if not has_tables(session):
        raise StoreUnavailable("the database has no tables yet; run `wangge db migrate`, or `make run`")
    session.rollback()  # the moment it answers for is that of the first question
