"""No request body larger than anything asked for here: a server reads bodies into memory."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

#: An incident with the longest texts needs a fiftieth of it; files come in by `wangge import`.
MOST_BYTES = 1024 * 1024


class BodyLimit:
    """Refuses bodies over ``most_bytes`` with 413, by their declared length or while they are read."""

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared(scope) > self._most:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._refusal)(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    @property
    def _refusal(self) -> str:
        return (
            f"the body is larger than {self._most:,} bytes; send less at a time, and files by `wangge import`"
        )

    def _counted(self, receive: Receive) -> Receive:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._refusal)
            return message

        return counted


def _declared(scope: Scope) -> int:
    """Declared length; 0 when there is none or it is no number, which the server refuses itself."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0
