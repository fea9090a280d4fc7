"""The demo's people: links for all of them, passwords for none."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo import accounts, identity
from geo.errors import Conflict, NotAllowed
from geo.passwords import Passwords
from geo.permissions import Role
from geo.store.tables import Account
from tests.builders import add_zone
from tests.geo.test_accounts import GOOD, secret_of


def test_the_demo_has_a_link_for_every_role_of_a_person(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    links = accounts.demo_links(owner_session, "http://127.0.0.1:8000/")
    assert [role for role, _ in links] == [r.replace("_", "-") for r in Role if r is not Role.INTEGRATION]
    for role, link in links:
        assert link.startswith("http://127.0.0.1:8000/sign-in/link/")
        actor = identity.use_link(owner_session, secret_of(link), from_loopback=True)
        assert actor.roles == {role.replace("-", "_")}
        assert identity.is_demo(actor)


def test_demo_links_are_fresh_each_time_for_the_same_accounts(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    first, second = (dict(accounts.demo_links(owner_session, "http://x")) for _ in range(2))
    assert not set(first.values()) & set(second.values())
    assert owner_session.scalar(select(func.count()).select_from(Account)) == len(first)


def test_demo_links_work_on_this_machine_only(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    secret = secret_of(accounts.demo_links(owner_session, "http://x")[0][1])
    with pytest.raises(NotAllowed, match="machine that serves"):
        identity.use_link(owner_session, secret, from_loopback=False)
    assert identity.use_link(owner_session, secret, from_loopback=True)  # the refusal did not use it up


def test_demo_accounts_never_have_a_password(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    link = secret_of(accounts.demo_links(owner_session, "http://x")[0][1])
    actor = identity.use_link(owner_session, link, from_loopback=True)
    with pytest.raises(NotAllowed):
        identity.set_password(owner_session, actor, current="", new=GOOD, keep="", passwords=Passwords())
    assert owner_session.scalars(select(Account.password_hash)).all() == [None] * len(accounts.DEMO_ROLES)


def test_a_real_zone_has_no_demo_accounts(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=False)
    with pytest.raises(Conflict, match="real zone"):
        accounts.demo_links(owner_session, "http://x")
    assert owner_session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_disabled_demo_account_gets_no_link(owner_session: Session) -> None:
    add_zone(owner_session, is_demo=True)
    accounts.demo_links(owner_session, "http://x")
    accounts.set_active(owner_session, "demo-planner", active=False)
    links = dict(accounts.demo_links(owner_session, "http://x"))
    assert "planner" not in links
    assert "intake" in links
