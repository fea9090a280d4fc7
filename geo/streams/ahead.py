"""Work done ahead in a thread, a few items at most."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from queue import Full, Queue
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T], depth: int = 2) -> Iterator[T]:
    """The same items, made in a thread of their own while the caller works on the last one.

    Parameters
    ----------
    depth
        How many may wait.
    """
    waiting: Queue[tuple[bool, object]] = Queue(depth)
    enough = threading.Event()
    maker = threading.Thread(target=_make, args=(items, waiting, enough), daemon=True)
    maker.start()
    try:
        while True:
            is_item, value = waiting.get()
            if not is_item:
                if isinstance(value, BaseException):
                    raise value
                return
            yield value  # type: ignore[misc]
    finally:
        enough.set()
        maker.join()


def _make(items: Iterable[object], waiting: Queue[tuple[bool, object]], enough: threading.Event) -> None:
    try:
        for item in items:
            if not _put(waiting, (True, item), enough):
                return
    except BaseException as error:  # raised again where the items are used
        _put(waiting, (False, error), enough)
    else:
        _put(waiting, (False, None), enough)


def _put(waiting: Queue[tuple[bool, object]], item: tuple[bool, object], enough: threading.Event) -> bool:
    while not enough.is_set():
        try:
            waiting.put(item, timeout=0.2)
        except Full:
            continue
        return True
    return False
