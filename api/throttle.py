"""A modest brake on guessing passwords: failures counted per account and per address, in this process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

WINDOW_S = 15 * 60
MOST_KEYS = 10_000


def sign_in_limits(address: str, username: str) -> dict[str, int]:
    """Most failures of one account from one address, of one account from anywhere, and of one address."""
    name = username.casefold()[:64]
    return {f"pair {name} {address}": 5, f"account {name}": 30, f"address {address}": 30}


class Throttle:
    """Counts failures of the last quarter of an hour and says how long to wait when there are too many.

    An attempt counts as failed from its beginning until :meth:`forgive`, so that many at once gain nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def wait_s(self, limits: dict[str, int]) -> float:
        """Count an attempt against each key, or say how many seconds to wait if one has reached its limit."""
        now = self._clock()
        with self._lock:
            recent = {key: self._recent(key, now) for key in limits}
            waits = [times[0] + WINDOW_S - now for key, times in recent.items() if len(times) >= limits[key]]
            if waits:
                return max(waits)
            for key, times in recent.items():
                self._failures[key] = [*times, now]
                self._failures.move_to_end(key)
            while len(self._failures) > MOST_KEYS:
                self._failures.popitem(last=False)
        return 0.0

    def forgive(self, keys: Iterable[str]) -> None:
        """Take one attempt back: it was good. Failures before it still count."""
        with self._lock:
            for key in keys:
                if self._failures.get(key):
                    self._failures[key].pop()

    def _recent(self, key: str, now: float) -> list[float]:
        return [at for at in self._failures.get(key, []) if at > now - WINDOW_S]
