"""How functions are compiled: once a machine, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(*signatures: Any) -> Callable[[_F], _F]:
    """Compile a function, for the signatures given or else for those it is called with.

    What was compiled is kept beside the source, or in the user's cache; where neither can be written, each
    process compiles for itself.
    """

    def compile_(function: _F) -> _F:
        chosen = list(signatures) or None
        try:
            return njit(chosen, cache=True, nogil=True)(function)  # type: ignore[no-any-return]
        except RuntimeError:  # no place for the cache
            return njit(chosen, nogil=True)(function)  # type: ignore[no-any-return]

    return compile_
