"""No request body larger than anything asked for here: a server reads bodies into memory."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

#: An incident with the longest texts needs a fiftieth of it; files come in by `wangge import`.
MOST_BYTES = 1024 * 1024


class BodyLimit:
    """Refuses bodies over ``most_bytes`` with 413, by their declared length or while they are read.

    Parameters
    ----------
    streamed
        Bytes allowed by path, where bodies are not kept in memory.
    """

    def __init__(
        self, app: ASGIApp, most_bytes: int = MOST_BYTES, streamed: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._most, self._streamed = most_bytes, dict(streamed or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._streamed.get(scope["path"], self._most)
        if _declared(scope) > most:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(most))(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, most), send)


def _refusal(most: int) -> str:
    return (
        f"the body is larger than {most:,} bytes; send less at a time, and files by `wangge import` or "
        "`wangge geocode`"
    )


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(most))
        return message

    return counted


def _declared(scope: Scope) -> int:
    """Declared length; 0 when there is none or it is no number, which the server refuses itself."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0
