"""Accounts, their roles, sessions, tokens and links."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from geo import accounts, identity
from geo.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from geo.model import Actor
from geo.passwords import Passwords
from geo.permissions import Role
from geo.store.engine import ACTOR_SETTING
from geo.store.tables import AccountRole, ApiToken, SignInLink, WebSession
from tests.builders import add_zone
from tests.database import TestDatabase, disposed

GOOD = "seven quiet herons"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
def ann(session: Session) -> Actor:
    return accounts.add_account(session, "ann", "安妮", [Role.PLANNER]).actor


def secret_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def link_for(session: Session, username: str) -> str:
    return secret_of(accounts.make_link(session, username, "http://127.0.0.1:8000"))


def actor_set(session: Session) -> str:
    return session.scalar(text("SELECT current_setting(:name, true)"), {"name": ACTOR_SETTING})


def test_a_token_makes_its_program_known(session: Session) -> None:
    token = accounts.make_token(session, Role.GRID_WORKER, days=1, name="bridge")
    actor = identity.actor_of_token(session, token)
    assert (actor.username, actor.roles) == ("program-grid-worker", {"grid_worker"})
    assert actor_set(session) == str(actor.account_id)


def test_tokens_of_one_role_share_an_account(session: Session) -> None:
    one, two = (accounts.make_token(session, Role.INTAKE, days=1, name=name) for name in "ab")
    assert one != two
    assert identity.actor_of_token(session, one) == identity.actor_of_token(session, two)


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_a_token_lasts_a_reasonable_time(session: Session, days: int) -> None:
    with pytest.raises(InvalidInput, match=f"{days} days"):
        accounts.make_token(session, Role.INTAKE, days=days, name="x")


@pytest.mark.parametrize(
    "change", [{"expires_at": func.now()}, {"revoked_at": func.now()}], ids=["expired", "revoked"]
)
def test_a_token_that_ended_is_refused(session: Session, change: dict) -> None:
    token = accounts.make_token(session, Role.INTAKE, days=1, name="x")
    session.execute(update(ApiToken).values(change))
    with pytest.raises(NotSignedIn):
        identity.actor_of_token(session, token)


def test_revoking_a_token_stops_that_one_only(session: Session) -> None:
    stopped = accounts.make_token(session, Role.INTAKE, days=1, name="stopped")
    other = accounts.make_token(session, Role.INTAKE, days=1, name="other")
    number = next(row.id for row in accounts.list_tokens(session) if row.name == "stopped")
    accounts.revoke_token(session, number)
    with pytest.raises(NotSignedIn):
        identity.actor_of_token(session, stopped)
    assert identity.actor_of_token(session, other)
    with pytest.raises(NotFound, match=str(number)):
        accounts.revoke_token(session, number)


@pytest.mark.parametrize("token", ["", "x", "wangge_" + "A" * 43, "网格", "\udce4", "a" * 10_000])
def test_an_unknown_token_is_refused(session: Session, token: str) -> None:
    with pytest.raises(NotSignedIn):
        identity.actor_of_token(session, token)


def test_no_secret_is_stored(session: Session, ann: Actor) -> None:
    secrets = [
        accounts.make_token(session, Role.INTAKE, days=1, name="x"),
        link_for(session, "ann"),
        identity.open_web_session(session, ann),
    ]
    for table in (ApiToken, SignInLink, WebSession):
        kept = session.scalars(select(table.secret_hash)).all()
        assert kept
        assert all(len(each) == 32 for each in kept)
        assert not any(secret.encode() in each for each in kept for secret in secrets)


def test_secrets_have_256_random_bits_and_differ() -> None:
    made = {identity.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(secret) for secret in made} == {43}  # 32 bytes in base64


def test_a_session_lasts_while_used_but_not_for_ever(session: Session, ann: Actor) -> None:
    secret = identity.open_web_session(session, ann)
    almost_idle = func.now() + timedelta(minutes=1)
    session.execute(update(WebSession).values(expires_at=almost_idle))
    assert identity.actor_of_session(session, secret) == ann
    left = session.scalar(select(WebSession.expires_at - func.now()))
    assert left == identity.SESSION_IDLE

    session.execute(
        update(WebSession).values(
            created_at=func.now() - identity.SESSION_AT_MOST + timedelta(minutes=10), expires_at=almost_idle
        )
    )
    identity.actor_of_session(session, secret)
    assert session.scalar(select(WebSession.expires_at - func.now())) == timedelta(minutes=10)


def test_a_session_in_use_is_not_written_every_time(session: Session, ann: Actor) -> None:
    secret = identity.open_web_session(session, ann)
    session.execute(update(WebSession).values(expires_at=WebSession.expires_at - timedelta(minutes=4)))
    before = session.scalar(select(WebSession.expires_at))
    identity.actor_of_session(session, secret)
    assert session.scalar(select(WebSession.expires_at)) == before


@pytest.mark.parametrize("end", ["expire", "sign out", "disable"])
def test_an_ended_session_is_refused(session: Session, ann: Actor, end: str) -> None:
    secret = identity.open_web_session(session, ann)
    assert identity.actor_of_session(session, secret) == ann
    if end == "expire":
        session.execute(update(WebSession).values(expires_at=func.now()))
    elif end == "sign out":
        identity.sign_out(session, secret)
    else:
        accounts.set_active(session, "ann", active=False)
    with pytest.raises(NotSignedIn):
        identity.actor_of_session(session, secret)


def test_disabling_stops_everything_and_enabling_brings_no_session_back(
    session: Session, ann: Actor, passwords: Passwords
) -> None:
    secret, link = identity.open_web_session(session, ann), link_for(session, "ann")
    identity.set_password(session, ann, current="", new=GOOD, keep=secret, passwords=passwords)
    link = link_for(session, "ann")
    accounts.set_active(session, "ann", active=False)
    with pytest.raises(NotSignedIn):
        identity.sign_in(session, "ann", GOOD, passwords=passwords)
    assert identity.find_link_actor(session, link) is None
    with pytest.raises(Conflict, match="disabled"):
        accounts.make_link(session, "ann", "http://x")
    accounts.set_active(session, "ann", active=True)
    assert identity.sign_in(session, "ann", GOOD, passwords=passwords) == ann
    with pytest.raises(NotSignedIn):
        identity.actor_of_session(session, secret)
    with pytest.raises(NotSignedIn):
        identity.use_link(session, link, from_loopback=True)


def test_a_link_signs_in_once(session: Session, ann: Actor) -> None:
    secret = link_for(session, "ann")
    assert identity.find_link_actor(session, secret) == ann  # looking does not use it up
    assert identity.use_link(session, secret, from_loopback=False) == ann
    assert actor_set(session) == str(ann.account_id)
    assert identity.find_link_actor(session, secret) is None
    with pytest.raises(NotSignedIn, match="used or is too old"):
        identity.use_link(session, secret, from_loopback=True)


def test_of_many_who_use_a_link_at_once_one_gets_in(new_database: Callable[[], TestDatabase]) -> None:
    with disposed(new_database().urls.app) as engine:
        with Session(engine) as session, session.begin():
            accounts.add_account(session, "ann", "", [])
            secret = link_for(session, "ann")

        def use(_: int) -> bool:
            try:
                with Session(engine) as session, session.begin():
                    identity.use_link(session, secret, from_loopback=True)
            except NotSignedIn:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(use, range(12))) == 1


def test_requests_of_one_browser_do_not_wait_for_each_other(new_database: Callable[[], TestDatabase]) -> None:
    with disposed(new_database().urls.app) as engine:
        with Session(engine) as session, session.begin():
            secret = identity.open_web_session(session, accounts.add_account(session, "ann", "", []).actor)
            session.execute(update(WebSession).values(expires_at=func.now() + timedelta(minutes=1)))
        with Session(engine) as slow, Session(engine) as other:
            identity.actor_of_session(slow, secret)  # has prolonged the session, and not committed
            other.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert identity.actor_of_session(other, secret).username == "ann"


def test_a_link_ends_after_a_day(session: Session, ann: Actor) -> None:
    secret = link_for(session, "ann")
    assert session.scalar(select(SignInLink.expires_at - func.now())) == timedelta(hours=24)
    session.execute(update(SignInLink).values(expires_at=func.now()))
    with pytest.raises(NotSignedIn):
        identity.use_link(session, secret, from_loopback=True)


def test_programs_have_no_links(session: Session) -> None:
    accounts.make_token(session, Role.INTAKE, days=1, name="x")
    with pytest.raises(Conflict, match="token"):
        accounts.make_link(session, "program-intake", "http://x")


def test_password_signs_in_whatever_the_case_of_the_name(
    session: Session, ann: Actor, passwords: Passwords
) -> None:
    identity.set_password(session, ann, current="", new=GOOD, keep="", passwords=passwords)
    assert identity.sign_in(session, "ANN", GOOD, passwords=passwords) == ann
    assert actor_set(session) == str(ann.account_id)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ann", "wrong"),
        ("ann", ""),
        ("bob", GOOD),
        ("", GOOD),
        ("a\x00b", GOOD),
        ("ann'--", GOOD),
        ("ann", "a\x00"),
    ],
)
def test_what_does_not_fit_is_refused_alike(
    session: Session, ann: Actor, passwords: Passwords, username: str, password: str
) -> None:
    identity.set_password(session, ann, current="", new=GOOD, keep="", passwords=passwords)
    with pytest.raises(NotSignedIn, match="username and password do not fit"):
        identity.sign_in(session, username, password, passwords=passwords)


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    session: Session, ann: Actor, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity.set_password(session, ann, current="", new=GOOD, keep="", passwords=passwords)
    accounts.add_account(session, "no-password", "", [])
    worked: list[str] = []
    verify = passwords._hashes.verify
    monkeypatch.setattr(
        passwords._hashes, "verify", lambda password, kept: worked.append(kept) or verify(password, kept)
    )
    for username in ("ann", "nobody", "no-password", "\x00"):
        with pytest.raises(NotSignedIn):
            identity.sign_in(session, username, "wrong", passwords=passwords)
    assert len(worked) == 4
    assert len({kept.rsplit("$", 2)[0] for kept in worked}) == 1  # the same parameters of the hash


def test_an_account_without_password_cannot_sign_in_by_one(
    session: Session, ann: Actor, passwords: Passwords
) -> None:
    for guess in ("", "ann", "None"):
        with pytest.raises(NotSignedIn):
            identity.sign_in(session, "ann", guess, passwords=passwords)


def test_changing_the_password_signs_the_other_browsers_out(
    session: Session, ann: Actor, passwords: Passwords
) -> None:
    here, there = (identity.open_web_session(session, ann) for _ in range(2))
    link = link_for(session, "ann")
    identity.set_password(session, ann, current="", new=GOOD, keep=here, passwords=passwords)
    assert identity.actor_of_session(session, here) == ann
    with pytest.raises(NotSignedIn):
        identity.actor_of_session(session, there)
    assert identity.find_link_actor(session, link) is None


def test_changing_takes_the_present_password(session: Session, ann: Actor, passwords: Passwords) -> None:
    identity.set_password(session, ann, current="", new=GOOD, keep="", passwords=passwords)
    with pytest.raises(NotAllowed, match="present password"):
        identity.set_password(session, ann, current="wrong", new=GOOD + "!", keep="", passwords=passwords)
    identity.set_password(session, ann, current=GOOD, new=GOOD + "!", keep="", passwords=passwords)
    assert identity.sign_in(session, "ann", GOOD + "!", passwords=passwords) == ann
    with pytest.raises(NotSignedIn):
        identity.sign_in(session, "ann", GOOD, passwords=passwords)


def test_a_weak_password_is_not_taken(session: Session, ann: Actor, passwords: Passwords) -> None:
    with pytest.raises(InvalidInput):
        identity.set_password(session, ann, current="", new="short", keep="", passwords=passwords)
    assert not identity.has_password(session, ann)


def test_a_forgotten_password_makes_way_for_a_link(
    session: Session, ann: Actor, passwords: Passwords
) -> None:
    secret = identity.open_web_session(session, ann)
    identity.set_password(session, ann, current="", new=GOOD, keep=secret, passwords=passwords)
    accounts.forget_password(session, "ann")
    with pytest.raises(NotSignedIn):
        identity.sign_in(session, "ann", GOOD, passwords=passwords)
    with pytest.raises(NotSignedIn):
        identity.actor_of_session(session, secret)
    assert identity.use_link(session, link_for(session, "ann"), from_loopback=False) == ann


@pytest.mark.parametrize(
    "username", ["", " ", "a b", "-x", "x" * 65, "demo-x", "Program-x", "a\x00", "a/b", "<b>"]
)
def test_usernames_are_plain_and_do_not_pose(session: Session, username: str) -> None:
    with pytest.raises(InvalidInput, match="username"):
        accounts.add_account(session, username, "", [Role.PLANNER])


def test_a_username_is_taken_once(session: Session, ann: Actor) -> None:
    with pytest.raises(Conflict, match="already"):
        accounts.add_account(session, "Ann", "", [])


def test_chinese_usernames_are_welcome(session: Session) -> None:
    assert accounts.add_account(session, "王芳", "", [Role.INTAKE]).display_name == "王芳"


def test_roles_are_those_of_today(session: Session, ann: Actor) -> None:
    today = session.scalar(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date"))
    day = timedelta(days=1)
    for role, since, until in [
        ("auditor", today - day, today),
        ("intake", today + day, None),
        ("visitor", today, today + day),
    ]:
        session.add(AccountRole(account_id=ann.account_id, role=role, valid=_range(since, until)))
    session.flush()
    found = next(row for row in accounts.list_accounts(session) if row.username == "ann")
    assert found.roles == ("planner", "visitor")


def test_a_day_begins_at_the_zones_midnight(owner_session: Session) -> None:
    add_zone(owner_session, time_zone="Pacific/Kiritimati")  # 14 hours ahead
    ann = accounts.add_account(owner_session, "ann", "", [Role.PLANNER])
    since = owner_session.scalar(
        select(func.lower(AccountRole.valid)).where(AccountRole.account_id == ann.id)
    )
    assert since == owner_session.scalar(text("SELECT (now() AT TIME ZONE 'Pacific/Kiritimati')::date"))


def test_granting_twice_changes_nothing(session: Session, ann: Actor) -> None:
    accounts.grant_role(session, "ann", Role.PLANNER)
    assert session.scalar(select(func.count()).where(AccountRole.account_id == ann.account_id)) == 1


def test_a_role_ends(session: Session, ann: Actor) -> None:
    yesterday = session.scalar(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date - 1"))
    session.execute(update(AccountRole).values(valid=_range(yesterday, None)))
    accounts.end_role(session, "ann", Role.PLANNER)
    assert next(row for row in accounts.list_accounts(session)).roles == ()
    with pytest.raises(NotFound, match="does not hold"):
        accounts.end_role(session, "ann", Role.PLANNER)


def test_a_role_that_began_today_ends_at_midnight(session: Session, ann: Actor) -> None:
    accounts.end_role(session, "ann", Role.PLANNER)
    tomorrow = session.scalar(text("SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + 1"))
    assert session.scalar(select(func.upper(AccountRole.valid))) == tomorrow


@pytest.mark.parametrize(
    "act",
    [
        lambda s: accounts.set_active(s, "nobody", active=False),
        lambda s: accounts.grant_role(s, "nobody", Role.INTAKE),
        lambda s: accounts.end_role(s, "nobody", Role.INTAKE),
        lambda s: accounts.make_link(s, "nobody", ""),
        lambda s: accounts.forget_password(s, "nobody"),
    ],
)
def test_nobody_is_not_found(session: Session, act: object) -> None:
    with pytest.raises(NotFound, match="nobody"):
        act(session)


def _range(since: date, until: date | None) -> object:
    return func.daterange(since, until)
