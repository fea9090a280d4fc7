"""What is shown of a person to askers whose roles do not need all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.model import Actor
from geo.permissions import SEE_NAMES, SEE_PHONES, may


def mask_phone(phone: str | None) -> str | None:
    """Hide the middle of a telephone; short ones are hidden whole.

    >>> mask_phone("13812341234"), mask_phone("0799-6781234"), mask_phone("110"), mask_phone(None)
    ('138****1234', '079****1234', '***', None)
    """
    if phone is None:
        return None
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "*" * len(digits)


def mask_name(name: str) -> str:
    """Leave the surname: its first character stands, or the first word of a name in Latin letters.

    >>> mask_name("张三丰"), mask_name("欧阳锋"), mask_name("Ann Lee")
    ('张**', '欧**', 'A** L**')
    """
    if name.isascii():
        return " ".join(f"{word[0]}**" for word in name.split())
    return f"{name[:1]}**"


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of the people in the roster an asker sees.

    Attributes
    ----------
    names
        False: neither names nor telephones, only that a post is held.
    phones
        False: telephones are masked.
    """

    names: bool
    phones: bool

    def name(self, name: str) -> str | None:
        """The name as the asker may see it."""
        return name if self.names else None

    def phone(self, phone: str | None) -> str | None:
        """The telephone as the asker may see it."""
        if not self.names:
            return None
        return phone if self.phones else mask_phone(phone)


def sight_of(actor: Actor) -> Sight:
    """How much of the people in the roster the actor's roles of today let them see."""
    return Sight(names=may(actor, SEE_NAMES), phones=may(actor, SEE_PHONES))
