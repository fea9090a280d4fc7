"""One way in for every kind of body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from geo.streams.json_items import Readable
from geo.streams.requests.arrow_answer import ArrowAnswer
from geo.streams.requests.asked import Answer, Asked
from geo.streams.requests.csv_answer import CsvAnswer
from geo.streams.requests.json_answer import JsonAnswer, NdjsonAnswer


class Kind(Enum):
    """Kinds of bodies, by their media type."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    CSV = "text/csv"
    ARROW = "application/vnd.apache.arrow.stream"


_ANSWERS: dict[Kind, Callable[[Readable, Asked], Answer]] = {
    Kind.JSON: JsonAnswer,
    Kind.NDJSON: NdjsonAnswer,
    Kind.CSV: CsvAnswer,
    Kind.ARROW: ArrowAnswer,
}


def answer(
    kind: Kind, source: Readable, asked: Asked, explain: Callable[[Exception], dict[str, Any]]
) -> Iterator[bytes]:
    """Give the answer to a body while it comes in.

    Parameters
    ----------
    explain
        Turns an error into the members of a problem (``detail`` among them).

    Raises
    ------
    Exception
        Whatever goes wrong before the first piece was given; later the answer ends with the problem.
    """
    writing = _ANSWERS[kind](source, asked)
    begun = False
    try:
        for block in writing.blocks():
            if block:
                begun = True
                yield block
    except Exception as error:
        if not begun:
            raise
        yield writing.failure(explain(error))
