"""Roles, and who may what."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo import permissions
from geo.errors import InvalidInput, NotAllowed
from geo.model import Actor
from geo.permissions import Role, check_may, may, read_role
from geo.store import tables


def actor(*roles: str) -> Actor:
    return Actor(1, "ann", "Ann", frozenset(roles))


def test_the_roles_are_those_of_the_code_list(session: Session) -> None:
    listed = session.scalars(select(tables.Role.code).order_by(tables.Role.sort)).all()
    assert listed == [role.value for role in Role]


@pytest.mark.parametrize("role", ["planner", "administrator", "auditor", "grid_worker"])
def test_case_text_is_not_for(role: str) -> None:
    assert not may(actor(role), permissions.READ_INCIDENT_TEXT)


@pytest.mark.parametrize("role", ["intake", "dispatcher", "centre_head", "unit_handler"])
def test_case_text_is_for(role: str) -> None:
    assert may(actor(role), permissions.READ_INCIDENT_TEXT)


def test_a_second_role_adds_what_it_may() -> None:
    assert may(actor("planner", "intake"), permissions.READ_INCIDENT_TEXT)


def test_without_a_role_nothing() -> None:
    assert not may(actor(), permissions.SEE_MAPS)
    with pytest.raises(NotAllowed, match="no role today"):
        check_may(actor(), permissions.SEE_MAPS)


def test_the_refusal_names_what_is_held_and_what_it_takes() -> None:
    with pytest.raises(NotAllowed, match="administrator, you hold planner"):
        check_may(actor("planner"), permissions.ADMINISTER)


@pytest.mark.parametrize("text", ["grid-worker", "grid_worker", " Grid-Worker "])
def test_roles_are_read_as_people_write_them(text: str) -> None:
    assert read_role(text) is Role.GRID_WORKER


@pytest.mark.parametrize("text", ["", "king", "grid worker"])
def test_other_words_are_no_roles(text: str) -> None:
    with pytest.raises(InvalidInput, match="no role"):
        read_role(text)
