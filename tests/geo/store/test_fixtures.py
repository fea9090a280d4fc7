"""The test database itself: what one test writes, the next does not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.database import TestDatabase, disposed


@pytest.mark.parametrize("_round", [1, 2])
def test_what_a_test_commits_is_rolled_back(owner_session: Session, _round: int) -> None:
    owner_session.execute(text("CREATE TABLE left_over (a integer)"))
    owner_session.commit()
    assert owner_session.scalar(text("SELECT count(*) FROM left_over")) == 0


def test_session_acts_as_the_application_role(session: Session) -> None:
    assert session.scalar(text("SELECT current_user")) == "wangge_app"


def test_new_databases_are_apart(new_database: Callable[[], TestDatabase], owner_engine: Engine) -> None:
    one, two = new_database(), new_database()
    with disposed(one.urls.owner) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (a integer)"))
    with disposed(two.urls.owner) as engine, engine.begin() as connection:
        assert connection.scalar(text("SELECT to_regclass('mine')")) is None
