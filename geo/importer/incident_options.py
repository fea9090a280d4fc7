"""How a register of incidents is to be imported, and the lists its values are matched to."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from geo.boundaries.read import ReadOptions
from geo.errors import InvalidInput
from geo.importer.incident_codes import CodeMatcher
from geo.store import import_lists


@dataclass(frozen=True)
class IncidentImport:
    """How a register is to be imported.

    Attributes
    ----------
    register
        Name of the register its ids belong to; the file's stem when None.
    category
        Category of rows without one, and of those whose category is on no list.
    add_categories
        Service kind under which categories on no list are added to it.
    source, state
        Source of rows without one; state of rows without one.
    time_format
        ``strptime`` pattern of the times, when they are not written year first.
    """

    register: str | None = None
    category: str | None = None
    add_categories: str | None = None
    source: str = "import"
    state: str = "reported"
    time_format: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)


def match_lists(session: Session, options: IncidentImport) -> tuple[CodeMatcher, CodeMatcher, CodeMatcher]:
    """Matchers of categories, sources and states.

    Raises
    ------
    InvalidInput
        An option names no entry of its list.
    """
    categories = import_lists.names_of(session, "incident_categories")
    sources = import_lists.names_of(session, "incident_sources")
    states = {code: code for code in import_lists.state_codes(session)}
    for name, code, known in (
        ("--category", options.category, categories),
        ("--add-categories", options.add_categories, categories),
        ("--source", options.source, sources),
        ("--state", options.state, states),
    ):
        if code is not None and code not in known.values():
            raise InvalidInput(
                f"{name} {code!r} is on no list; use one of "
                f"{', '.join(sorted(set(known.values()))) or 'none'}"
            )
    cure = (
        "add it to [lists] in ZONE.toml and run `wangge init`, or say --category CODE to take them all as "
        "that one, or --add-categories KIND to add them under a service kind"
    )
    category = CodeMatcher(
        "category",
        categories,
        options.category,
        options.category,
        adds=options.add_categories is not None,
        cure=cure,
    )
    other = "add it to [lists] in ZONE.toml and run `wangge init`, or map another column"
    source = CodeMatcher("source", sources, options.source, cure=other)
    state = CodeMatcher("state", states, options.state, cure=f"use one of {', '.join(sorted(states))}")
    return category, source, state
