"""A restored database is the saved one, table by table and row by row, or nothing has changed."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.orm import Session

from geo.errors import Conflict, InvalidFile, InvalidInput
from geo.store import tables
from geo.store.backup import backup, is_empty, restore
from geo.store.embedded import get_programs
from tests.builders import add_building, add_incident, add_partition
from tests.database import TestDatabase, disposed

NewDatabase = Callable[[], TestDatabase]


@pytest.fixture
def filled(new_database: NewDatabase) -> TestDatabase:
    """A database with a partition, a building and incidents, committed."""
    database = new_database()
    with disposed(database.urls.owner) as engine, Session(engine) as session:
        add_partition(session)
        add_building(session)
        for step in range(5):
            add_incident(session, lon=113.805, lat=27.605 + step / 1000)
        session.commit()
    return database


def contents(database: TestDatabase) -> dict[str, tuple[int, str]]:
    """Of each table the number of rows and a hash over all of them; of each sequence where it stands."""
    with disposed(database.urls.owner) as engine, engine.connect() as connection:
        found = {name: _rows(connection, name) for name in [*tables.metadata.tables, "alembic_version"]}
        sequences = connection.scalars(
            text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        )
        return found | {name: _stand(connection, name) for name in sequences}


def _rows(connection: Connection, table: str) -> tuple[int, str]:
    query = (
        f"SELECT count(*), coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') FROM {table} t"
    )
    count, digest = connection.execute(text(query)).one()
    return count, digest


def _stand(connection: Connection, sequence: str) -> tuple[int, str]:
    value, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return value, str(called)


def schema(database: TestDatabase) -> str:
    """Every definition, comment and grant, as PostgreSQL itself writes them down."""
    url = make_url(database.urls.owner).set(drivername="postgresql").render_as_string()
    dump = [get_programs().path("pg_dump"), "--schema-only", "--no-owner", "--dbname", url]
    text_of_it = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text_of_it.splitlines() if not line.startswith(("\\", "--")))


def test_every_table_comes_back(filled: TestDatabase, new_database: NewDatabase, tmp_path: Path) -> None:
    backup(filled.urls.owner, tmp_path / "saved")
    other = new_database()
    restore(other.urls.owner, tmp_path / "saved")
    saved = contents(filled)
    assert saved["incident"][0] == 5
    assert saved["grid"][0] == 7
    assert contents(other) == saved
    assert schema(other) == schema(filled)
    assert [file.name for file in tmp_path.iterdir()] == ["saved"]


def test_what_was_done_since_is_undone(filled: TestDatabase, tmp_path: Path) -> None:
    before = contents(filled)
    backup(filled.urls.owner, tmp_path / "saved")
    with disposed(filled.urls.owner) as engine, Session(engine) as session:
        add_incident(session, lon=113.805, lat=27.605)
        session.execute(text("CREATE TABLE left_over (a integer)"))
        session.commit()
    assert contents(filled) != before
    with pytest.raises(Conflict, match="not empty; give --replace"):
        restore(filled.urls.owner, tmp_path / "saved")
    restore(filled.urls.owner, tmp_path / "saved", replace=True)
    assert contents(filled) == before
    assert "left_over" not in schema(filled)


def test_a_backup_is_for_its_owner_alone(filled: TestDatabase, tmp_path: Path) -> None:
    backup(filled.urls.owner, tmp_path / "saved")
    assert stat.S_IMODE((tmp_path / "saved").stat().st_mode) == 0o600


def test_a_backup_into_nowhere_is_refused(filled: TestDatabase, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="make it first"):
        backup(filled.urls.owner, tmp_path / "nowhere" / "saved")


def test_a_failed_backup_leaves_the_former_one(filled: TestDatabase, tmp_path: Path) -> None:
    file = tmp_path / "saved"
    file.write_text("the former one")
    gone = make_url(filled.urls.owner).set(database="gone").render_as_string()
    with pytest.raises(Exception, match="gone"):
        backup(gone, file)
    assert file.read_text() == "the former one"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_database_counts_as_empty(new_database: NewDatabase, filled: TestDatabase) -> None:
    assert is_empty(new_database().urls.owner)
    assert not is_empty(filled.urls.owner)


def a_missing_one(file: Path, filled: TestDatabase) -> None:
    del filled
    file.unlink(missing_ok=True)


def something_else(file: Path, filled: TestDatabase) -> None:
    del filled
    file.write_bytes(b"PK\x03\x04 not a dump")


def a_torn_one(file: Path, filled: TestDatabase) -> None:
    backup(filled.urls.owner, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 3 // 4])


def one_of_another_program(file: Path, filled: TestDatabase) -> None:
    with disposed(filled.urls.owner) as engine, engine.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO another_version"))
    backup(filled.urls.owner, file)
    with disposed(filled.urls.owner) as engine, engine.begin() as connection:
        connection.execute(text("ALTER TABLE another_version RENAME TO alembic_version"))


def one_of_the_future(file: Path, filled: TestDatabase) -> None:
    with disposed(filled.urls.owner) as engine, engine.begin() as connection:
        present = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup(filled.urls.owner, file)
    with disposed(filled.urls.owner) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": present})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (a_missing_one, "no such file"),
        (something_else, "is not a backup"),
        (a_torn_one, "cannot be restored|is not a backup"),
        (one_of_another_program, "no schema version of ours"),
        (one_of_the_future, "newer version"),
    ],
)
def test_a_file_that_does_not_work_changes_nothing(
    filled: TestDatabase,
    new_database: NewDatabase,
    tmp_path: Path,
    make: Callable[[Path, TestDatabase], None],
    message: str,
) -> None:
    make(tmp_path / "file", filled)
    before = contents(filled)
    with pytest.raises(InvalidFile, match=message):
        restore(filled.urls.owner, tmp_path / "file", replace=True)
    assert contents(filled) == before
    with disposed(filled.urls.owner) as engine, engine.connect() as connection:
        beside = connection.scalars(
            text("SELECT datname FROM pg_database WHERE datname LIKE current_database() || '\\_%'")
        )
        assert beside.all() == []


def test_a_database_in_use_is_not_replaced(filled: TestDatabase, tmp_path: Path) -> None:
    backup(filled.urls.owner, tmp_path / "saved")
    with disposed(filled.urls.app) as engine, engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(Conflict, match=r"1 connection\(s\)"):
            restore(filled.urls.owner, tmp_path / "saved", replace=True)
