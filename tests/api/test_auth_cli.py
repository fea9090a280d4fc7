"""``wangge token`` and ``wangge accounts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from click.testing import Result
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.cli import main
from geo import identity
from geo.errors import NotSignedIn
from tests.database import TestDatabase, disposed

Wangge = Callable[..., Result]


@pytest.fixture
def own_engine(new_database: Callable[[], TestDatabase], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of the test's own, which the command finds through the environment."""
    urls = new_database().urls
    monkeypatch.setenv("DATABASE_URL", urls.owner)
    monkeypatch.setenv("DATABASE_APP_URL", urls.app)
    monkeypatch.setenv("PORT", "8123")
    with disposed(urls.app) as engine:
        yield engine


@pytest.fixture
def wangge(own_engine: Engine) -> Wangge:
    return lambda *words: CliRunner().invoke(main, list(words))


def last_line(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()[-1]


def secret_in(done: Result) -> str:
    return last_line(done).removeprefix("http://127.0.0.1:8123/sign-in/link/")


@pytest.mark.parametrize("role", ["grid-worker", "grid_worker"])
def test_the_token_stands_alone_and_works(wangge: Wangge, own_engine: Engine, role: str) -> None:
    done = wangge("token", "--role", role, "--days", "2", "--name", "bridge")
    assert done.stdout == last_line(done) + "\n"
    with Session(own_engine) as session:
        assert identity.actor_of_token(session, last_line(done)).roles == {"grid_worker"}
    assert "bridge" in last_line(wangge("accounts", "tokens"))


def test_a_revoked_token_works_no_longer(wangge: Wangge, own_engine: Engine) -> None:
    token = last_line(wangge("token", "--role", "intake"))
    number = last_line(wangge("accounts", "tokens")).split()[0]
    assert wangge("accounts", "revoke", number).exit_code == 0
    with Session(own_engine) as session, pytest.raises(NotSignedIn):
        identity.actor_of_token(session, token)
    assert "revoked" in last_line(wangge("accounts", "tokens"))


def test_the_first_administrator_comes_by_command_line(wangge: Wangge, own_engine: Engine) -> None:
    done = wangge("accounts", "add", "ann", "--role", "administrator", "--role", "planner", "--name", "安妮")
    with Session(own_engine) as session:
        actor = identity.use_link(session, secret_in(done), from_loopback=False)
    assert (actor.display_name, actor.roles) == ("安妮", {"administrator", "planner"})
    assert last_line(wangge("accounts", "list")).split() == ["ann", "administrator,", "planner"]


def test_the_link_names_the_servers_address(wangge: Wangge) -> None:
    done = wangge("accounts", "add", "ann", "--role", "planner", "--base-url", "https://wangge.example/")
    assert last_line(done).startswith("https://wangge.example/sign-in/link/")


def test_disabled_and_enabled_again(wangge: Wangge) -> None:
    wangge("accounts", "add", "ann", "--role", "planner")
    assert wangge("accounts", "disable", "ann").exit_code == 0
    assert "disabled" in last_line(wangge("accounts", "list"))
    assert wangge("accounts", "link", "ann").exit_code == 1
    assert wangge("accounts", "enable", "ann").exit_code == 0
    assert "/sign-in/link/" in last_line(wangge("accounts", "link", "ann", "--forget-password"))


def test_roles_are_granted_and_withdrawn(wangge: Wangge, own_engine: Engine) -> None:
    wangge("accounts", "add", "ann", "--role", "planner")
    assert wangge("accounts", "grant", "ann", "--role", "intake").exit_code == 0
    assert last_line(wangge("accounts", "list")).split()[1:] == ["intake,", "planner"]
    assert wangge("accounts", "withdraw", "ann", "--role", "intake").exit_code == 0
    refused = wangge("accounts", "withdraw", "ann", "--role", "auditor")
    assert refused.exit_code == 1
    assert "does not hold auditor" in refused.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("token --role king", 1, "no role"),
        ("token --role intake --days 0", 2, "--days"),
        ("token", 2, "--role"),
        ("accounts add", 2, "USERNAME"),
        ("accounts add demo-x --role intake", 1, "no username"),
        ("accounts add ann --role king", 1, "no role"),
        ("accounts disable nobody", 1, "nobody"),
        ("accounts revoke 999", 1, "no token 999"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wangge: Wangge, words: str, status: int, said: str) -> None:
    done = wangge(*words.split())
    assert done.exit_code == status
    assert said in done.stderr
    if status == 1:
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_refused_account_leaves_nothing_behind(wangge: Wangge) -> None:
    wangge("accounts", "add", "ann", "--role", "planner")
    assert wangge("accounts", "add", "Ann", "--role", "intake").exit_code == 1
    assert len(wangge("accounts", "list").stdout.splitlines()) == 1
