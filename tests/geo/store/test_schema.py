"""The schema as the migrations make it: up, down, documented, guarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from geo.store import migrate, tables
from geo.store.engine import ACTOR_SETTING, set_actor
from tests.builders import acting_as, add_grid, add_incident, add_partition, square
from tests.database import TestDatabase, disposed

CATALOGUE = """
    SELECT c.relname, a.attname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = coalesce(a.attnum, 0)
    WHERE c.relkind = 'r' AND c.relname NOT IN ('spatial_ref_sys', 'alembic_version') AND {what}
"""


def test_migrations_go_down_and_up_and_match_the_tables(new_database: Callable[[], TestDatabase]) -> None:
    with disposed(new_database().urls.owner) as engine:
        migrate.check(engine)
        migrate.downgrade(engine)
        with engine.connect() as connection:
            left = set(
                connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            )
        assert left == {"spatial_ref_sys", "alembic_version"}
        migrate.upgrade(engine)
        migrate.check(engine)


def test_every_table_and_column_is_explained(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        assert connection.execute(text(CATALOGUE.format(what="d.description IS NULL"))).all() == []
        comments = connection.scalar(
            text("SELECT count(*) FROM pg_class c WHERE relkind = 'r' AND obj_description(c.oid) <> ''")
        )
    assert comments is not None
    assert comments >= len(tables.metadata.tables)


def test_every_geometry_is_typed_and_indexed(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        columns = connection.execute(
            text(
                "SELECT f_table_name, f_geometry_column, srid FROM geometry_columns "
                "WHERE f_table_schema = 'public'"
            )
        ).all()
        indexes = " ".join(
            connection.scalars(text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        )
    assert len(columns) >= 10
    for table, column, srid in columns:
        assert srid == tables.DEFAULT_SRID
        assert f"ON public.{table} USING gist ({column})" in indexes


def refused(session: Session, what: str, action: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=what), session.begin_nested():
        action()


def test_no_code_has_two_versions_on_one_day(owner_session: Session) -> None:
    add_partition(owner_session)
    code = "360371001001700"
    add_grid(owner_session, code, square(6, 6), since=date(2021, 1, 1), until=date(2022, 1, 1))
    refused(
        owner_session,
        "ex_grid_code_valid",
        lambda: add_grid(owner_session, code, square(6, 6), since=date(2021, 12, 31)),
    )
    add_grid(owner_session, code, square(6, 6), since=date(2022, 1, 1))


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_grid_name_not_blank", {"name": " x "}),
        ("fk_grid_kind", {"kind": "castle"}),
        ("fk_grid_parent_code", {"parent_code": "nobody"}),
        ("fk_grid_release_id", {"release_id": 10**9}),
        ("ck_grid_valid_begins", {"since": None}),
        (
            "fk_grid_code_level",
            {
                "code": "360371001",
                "level": 3,
                "parent_code": "360371001001",
                "until": date(2001, 1, 1),
                "since": date(2000, 1, 1),
            },
        ),
    ],
)
def test_what_a_grid_may_not_be(owner_session: Session, constraint: str, change: dict) -> None:
    add_partition(owner_session)
    arguments = {"code": "360371001001700", "geometry": square(6, 6)} | change
    refused(owner_session, constraint, lambda: add_grid(owner_session, **arguments))


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("fk_incident_category", {"category": "nonsense"}),
        ("fk_incident_state", {"state": "lost"}),
        ("ck_incident_geom_where_placed", {"lon": 113.805, "lat": 27.605, "geom": None}),
        ("ck_incident_client_key_has_owner", {"client_key": "k"}),
        ("ck_incident_outside_has_no_grid", {"lon": 113.805, "lat": 27.605, "place_status": "outside"}),
        ("fk_incident_building_code", {"building_code": "nowhere"}),
    ],
)
def test_what_an_incident_may_not_be(owner_session: Session, constraint: str, change: dict) -> None:
    add_partition(owner_session)
    refused(owner_session, constraint, lambda: add_incident(owner_session, **change))


def test_one_database_serves_one_zone(owner_session: Session) -> None:
    add_partition(owner_session)
    refused(
        owner_session,
        "ck_zone_single",
        lambda: owner_session.execute(
            text(
                "INSERT INTO zone SELECT 2, z.name, "
                "z.name_en, z.code_prefix, z.storage_srid, z.metric_srid, z.time_zone, z.levels FROM zone z"
            )
        ),
    )


def test_a_role_is_held_once_at_a_time(owner_session: Session) -> None:
    account = tables.Account(username="ann", display_name="Ann")
    owner_session.add(account)
    owner_session.flush()
    held = {"account_id": account.id, "role": "planner", "valid": Range(date(2026, 1, 1), None)}
    owner_session.execute(tables.AccountRole.__table__.insert(), held)
    refused(
        owner_session,
        "ex_account_role_valid",
        lambda: owner_session.execute(tables.AccountRole.__table__.insert(), held),
    )


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("wangge_app", "DROP TABLE incident"),
        ("wangge_app", "ALTER TABLE incident DISABLE TRIGGER ALL"),
        ("wangge_app", "DELETE FROM incident"),
        ("wangge_app", "UPDATE incident_step SET note = ''"),
        ("wangge_app", "DELETE FROM grid"),
        ("wangge_app", "CREATE TABLE mine (id int)"),
        ("wangge_loader", "SELECT * FROM account"),
        ("wangge_loader", "SELECT * FROM api_token"),
        ("wangge_loader", "DELETE FROM incident"),
        ("wangge_planner", "SELECT description FROM incident"),
        ("wangge_planner", "SELECT address_text FROM incident"),
        ("wangge_planner", "SELECT note FROM incident_step"),
        ("wangge_planner", "SELECT * FROM account"),
        ("wangge_planner", "INSERT INTO release (in_force_from, title) VALUES (now(), '')"),
    ],
)
def test_what_a_database_role_may_not_do(owner_session: Session, role: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        acting_as(owner_session, role),
    ):
        owner_session.execute(text(statement))


def test_the_application_owns_nothing(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        owned = connection.scalar(
            text(
                "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
                "WHERE rolname = ANY(:roles)"
            ),
            {"roles": ["wangge_app", "wangge_loader", "wangge_planner"]},
        )
    assert owned == 0


def test_who_asks_is_forgotten_with_the_transaction(engine: Engine) -> None:
    with Session(engine) as session:
        for end in (session.commit, session.rollback):
            set_actor(session, 7)
            assert session.scalar(text(f"SELECT current_setting('{ACTOR_SETTING}')")) == "7"
            end()
            assert session.scalar(text(f"SELECT current_setting('{ACTOR_SETTING}', true)")) in {"", None}
