"""What can go wrong, said once for every way in.

Every message names the value, the rule it breaks and the cure. The tree::

    GridError
    ├── InvalidInput          the caller's value breaks a rule          (HTTP 422)
    │   ├── InvalidFile       a file cannot be read safely or at all
    │   └── FaultsFound       rows of a file break rules; carries them
    ├── NotFound              no such grid, building, incident …        (HTTP 404)
    ├── Conflict              it clashes with what is already there     (HTTP 409)
    ├── NotAllowed            known who asks, but it is not theirs      (HTTP 403)
    ├── NotSignedIn           not known who asks                        (HTTP 401)
    └── StoreUnavailable      the database cannot be reached            (HTTP 503)

How a class becomes an HTTP status stands in ``api.problems``; nothing here knows the web.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.model import Fault


class GridError(Exception):
    """Anything this system refuses to do, with the reason as its text."""


class InvalidInput(GridError):
    """A value breaks a rule; the text names the value, the rule and the cure."""


class InvalidFile(InvalidInput):
    """A file cannot be read: wrong format, damaged, hostile or too large."""


class FaultsFound(InvalidInput):
    """Rows of a file break rules, so that nothing was written.

    Parameters
    ----------
    faults
        Every fault found, in the order of the file's rows.
    """

    def __init__(self, message: str, faults: Sequence[Fault]) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class NotFound(GridError):
    """There is nothing under that code, id or date."""


class Conflict(GridError):
    """The request clashes with what is already there."""


class NotAllowed(GridError):
    """The asker is known, but this is not theirs to see or do."""


class NotSignedIn(GridError):
    """It is not known who asks: sign in or send a token."""


class StoreUnavailable(GridError):
    """The database cannot be reached or does not answer in time."""
