"""Which database it is, as whom it is reached, and what a command's session does at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo.database import (
    committed_session,
    database_urls,
    describe,
    embedded_server,
    is_empty,
    open_app_session,
    running_database,
)
from geo.errors import Conflict, InvalidInput, StoreUnavailable
from geo.settings import DatabaseSettings, PathSettings, Settings
from tests.database import TestDatabase, disposed

NewDatabase = Callable[[], TestDatabase]


def settings(state_dir: Path, **urls: str | None) -> Settings:
    return Settings(
        database=DatabaseSettings(**{"url": None, **urls}), paths=PathSettings(state_dir=state_dir / "state")
    )


def test_without_an_address_it_is_the_embedded_one(tmp_path: Path) -> None:
    urls = database_urls(settings(tmp_path))
    assert urls.owner.startswith("postgresql+psycopg2://wangge_owner@/wangge?host=")
    assert urls.planner == urls.owner.replace("wangge_owner", "wangge_planner")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_one_address_serves_every_role(tmp_path: Path, scheme: str) -> None:
    urls = database_urls(settings(tmp_path, url=f"{scheme}://me:p%40ss@db.example:5433/zone"))
    assert urls.owner == "postgresql+psycopg2://me:p%40ss@db.example:5433/zone"
    assert urls.loader == urls.owner + "?options=-crole%3Dwangge_loader"


def test_each_role_may_have_an_address_of_its_own(tmp_path: Path) -> None:
    urls = database_urls(settings(tmp_path, url="postgresql://me@h/zone", app_url="postgresql://app@h/zone"))
    assert urls.app == "postgresql+psycopg2://app@h/zone"
    assert "wangge_planner" in urls.planner


@pytest.mark.parametrize("url", ["mysql://h/zone", "no address", "zone"])
def test_an_address_of_something_else_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidInput, match="DATABASE_URL"):
        database_urls(settings(tmp_path, url=url))


def test_a_login_that_acts_as_a_role_is_that_role(tmp_path: Path, database: TestDatabase) -> None:
    urls = database_urls(settings(tmp_path, url=database.urls.owner))
    for role in ("app", "loader", "planner"):
        with disposed(getattr(urls, role)) as engine, engine.connect() as connection:
            assert connection.scalar(text("SELECT current_user")) == f"wangge_{role}"


def test_a_database_of_the_users_is_neither_started_nor_stopped(
    tmp_path: Path, database: TestDatabase
) -> None:
    given = settings(tmp_path, url=database.urls.owner)
    with pytest.raises(Conflict, match="a PostGIS of yours"):
        embedded_server(given)
    with running_database(given) as urls:
        assert urls.owner == database.urls.owner
    assert not given.paths.state_dir.exists()


def test_a_description_shows_no_password(tmp_path: Path, database: TestDatabase) -> None:
    url = database.urls.owner.replace("wangge_owner@", "wangge_owner:hidden-word@")
    told = describe(settings(tmp_path, url=url))
    assert told["schema"].isdigit()
    assert "hidden-word" not in str(told)


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="does not answer"):
        describe(settings(tmp_path, url=f"postgresql://me@/zone?host={tmp_path}"))


def test_the_embedded_one_is_described_before_it_is_made(tmp_path: Path) -> None:
    assert describe(settings(tmp_path))["database"] == "not made yet"


def test_a_session_is_committed_at_its_end_or_rolled_back(tmp_path: Path, new_database: NewDatabase) -> None:
    database = new_database()
    urls = database.urls
    add = text("INSERT INTO account (username, display_name) VALUES (:name, :name)")
    with pytest.raises(IntegrityError), committed_session(urls.app) as session:
        session.execute(add, [{"name": "lost"}, {"name": "lost"}])
    assert is_empty(urls)
    with open_app_session(settings(tmp_path, url=urls.owner)) as session:
        assert session.scalar(text("SELECT current_user")) == "wangge_app"
        session.execute(add, {"name": "kept"})
    with committed_session(urls.owner) as session:
        assert session.scalars(text("SELECT username FROM account")).all() == ["kept"]
