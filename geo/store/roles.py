"""The database's roles: the owner migrates, the application owns nothing, the loader copies, planners read.

The owner is whoever runs the migrations. The other three are made here when they are missing; what each
may do is granted by the migrations. All databases of a server share a role, so it is never dropped here.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from geo.errors import StoreUnavailable

APP = "wangge_app"
LOADER = "wangge_loader"
PLANNER = "wangge_planner"
ROLES = (APP, LOADER, PLANNER)


def ensure_roles(connection: Connection) -> None:
    """Create the roles that are missing and let the migrating role act as each of them.

    Raises
    ------
    StoreUnavailable
        A role is missing and this login may not create it; the text says what an administrator has to run.
    """
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'wangge%'")))
    for role in ROLES:
        if role not in there:
            _create(connection, role)
        connection.execute(text(f"GRANT {role} TO CURRENT_USER"))
    if _may_skip_triggers(connection):
        connection.execute(text(f"GRANT SET ON PARAMETER session_replication_role TO {LOADER}"))


def _may_skip_triggers(connection: Connection) -> bool:
    """Whether this login can let the loader check foreign keys by sets, not by rows (see copy.py)."""
    superuser = connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
    return bool(superuser) and int(version or 0) >= 150000


def _create(connection: Connection, role: str) -> None:
    try:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    except ProgrammingError as error:
        raise StoreUnavailable(
            f"the database has no role {role} and this login may not create it; "
            f"let an administrator run: CREATE ROLE {role} LOGIN; GRANT {role} TO CURRENT_USER;"
        ) from error
