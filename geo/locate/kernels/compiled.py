"""How functions are compiled: once a machine, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

Function = Callable[..., Any]


def compiled(*signatures: Any) -> Callable[[Function], Function]:
    """Compile a function, for the signatures given or else for those it is called with.

    What was compiled is kept beside the source, or in the user's cache; where neither can be written, each
    process compiles for itself.
    """

    def compile_(function: Function) -> Function:
        chosen = list(signatures) or None
        made: Function
        try:
            made = njit(chosen, cache=True, nogil=True)(function)
        except RuntimeError:  # no place for the cache
            made = njit(chosen, nogil=True)(function)
        return made

    return compile_
