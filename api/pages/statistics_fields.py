"""Fields of a filter form: a choice from a list, or a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.statistics_words import say
from geo.statistics.choices import Entry
from layers.words import Lang


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form.

    Attributes
    ----------
    options
        Value and text of what can be chosen; empty for a day.
    """

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


def choose(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Field:
    """One of several."""
    return Field(name, label, value, tuple(options))


def choose_entry(name: str, label: str, entries: Sequence[Entry], value: str | None, lang: Lang) -> Field:
    """One of the entries of a list, or all."""
    options = [("", say(lang, "all")), *((entry.code, getattr(entry, lang)) for entry in entries)]
    return Field(name, label, value or "", tuple(options))


def day_field(name: str, label: str, value: date | str | None) -> Field:
    """A day, or none."""
    return Field(name, label, "" if value is None else str(value))
