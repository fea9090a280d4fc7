"""What roles see of people."""

from __future__ import annotations

import pytest

from geo.masking import Sight, mask_name, mask_phone, sight_of
from geo.model import Actor
from geo.permissions import ALL


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234", "138****1234"),
        ("+86-138-1234-1234", "861****1234"),
        ("12345", "*****"),
        ("", ""),
        (None, None),
    ],
)
def test_phones_are_masked(phone: str | None, masked: str | None) -> None:
    assert mask_phone(phone) == masked


def test_names_keep_the_surname() -> None:
    assert mask_name("王小明") == "王**"
    assert mask_name("Ann") == "A**"


@pytest.mark.parametrize("role", sorted(ALL))
def test_each_role_sees_what_its_work_needs(role: str) -> None:
    sight = sight_of(Actor(1, "x", "X", frozenset({role})))
    nothing = {"planner", "integration", "auditor"}
    masked = {"grid_head", "grid_worker", "building_head"}
    assert sight.names == (role not in nothing)
    assert sight.phones == (role not in nothing | masked)
    expected = None if role in nothing else "138****1234" if role in masked else "13812341234"
    assert sight.phone("13812341234") == expected
    assert sight.name("王小明") == (None if role in nothing else "王小明")


def test_without_a_role_nothing_is_seen() -> None:
    assert sight_of(Actor(1, "x", "X", frozenset())) == Sight(names=False, phones=False)
