"""What a good password is, and how it is kept."""

from __future__ import annotations

import pytest

from geo.errors import InvalidInput
from geo.passwords import Passwords, check_password


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("elevenchars", "12 to 256"),
        ("x1y2z" * 52, "12 to 256"),
        ("my name is Ann B", "username"),
        ("ANN-and-friends", "username"),
        ("abababababab", "few characters"),
        ("            ", "few characters"),
    ],
)
def test_easy_passwords_are_refused_without_being_shown(password: str, rule: str) -> None:
    with pytest.raises(InvalidInput, match=rule) as refusal:
        check_password(password, "ann")
    assert password not in str(refusal.value)


@pytest.mark.parametrize("password", ["abcdefghijkl", "网格化管理真好用一二三四", "a b c d e f g"])
def test_others_are_taken(password: str) -> None:
    check_password(password, "ann")


def test_a_hash_fits_its_password_only_and_differs_each_time() -> None:
    passwords = Passwords()
    kept, again = passwords.hash("seven quiet herons"), passwords.hash("seven quiet herons")
    assert kept != again
    assert kept.startswith("$argon2id$")
    assert passwords.verify("seven quiet herons", kept)
    assert not passwords.verify("seven quiet heron", kept)
    assert not passwords.verify("seven quiet herons", None)


def test_full_width_letters_are_the_same_letters() -> None:
    passwords = Passwords()
    assert passwords.verify("seven quiet herons", passwords.hash("seven quiet herons"))
