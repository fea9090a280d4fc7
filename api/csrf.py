"""No other site acts through a signed-in browser: a signed token, and a look at where a request comes from.

The token is asgi-csrf's: in the cookie ``csrftoken`` and again in the form field ``csrftoken`` or the header
``x-csrftoken``. Uploads (multipart) and JSON take the header. Requests with a bearer token, or without our
session cookie, have nothing to misuse and pass; signing in is protected always.
"""

from __future__ import annotations

import re
from typing import Any

from asgi_csrf import asgi_csrf_decorator
from python_multipart.exceptions import FormParserError
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import SESSION_COOKIE
from api.problems import problem

OWN_COOKIES = frozenset({SESSION_COOKIE, "csrftoken"})
_PLAIN = re.compile(r"[\w.-]+", re.ASCII)
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: As much of a body as is read in search of the token; it stands first in a form.
SEARCHED_BYTES = 256 * 1024

REFUSAL = (
    "the request does not show that it comes from our own page: load the page anew and try again; "
    "programs send `Authorization: Bearer TOKEN`"
)


class _Signing:
    """Paths on which a token is asked for even without a session."""

    def __contains__(self, path: str) -> bool:
        return path.startswith("/sign-in")


class CsrfProtection:
    """Lets an unsafe request pass only when it comes from a page of ours or needs no protection."""

    def __init__(self, app: ASGIApp, key: bytes, *, secure: bool) -> None:
        self._app = app
        self._check = asgi_csrf_decorator(
            signing_secret=key.hex(),
            cookie_secure=secure,
            always_protect=_Signing(),
            skip_if_scope=_has_nothing_to_misuse,
            send_csrf_failed=_refuse,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif is_foreign(scope):
            await _refuse(scope, send)
        else:
            await self._checked(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the check apart from the app, so that a hostile body fails the check and not the server."""
        bounded = _Bounded(receive)
        passed: list[tuple[Scope, Receive, Send]] = []

        async def note(*call: Any) -> None:
            passed.append(call)

        try:
            await self._check(note)(_with_own_cookies(scope), bounded, send)
        # TypeError also for every multipart body: asgi-csrf 0.11 does not know the present python-multipart.
        except (AssertionError, IndexError, TypeError, UnicodeError, FormParserError, _TooMuch):
            await _refuse(scope, send)
        bounded.limit = None
        for checked, replay, answer in passed:
            await self._app({**checked, "headers": scope["headers"]}, replay, answer)


class _TooMuch(Exception):
    """The token was not found within ``SEARCHED_BYTES``."""


class _Bounded:
    """Bounds what the check reads; what the app reads afterwards has limits of its own."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = 0
        self.limit: int | None = SEARCHED_BYTES

    async def __call__(self) -> Message:
        if self.limit is not None and self._read > self.limit:
            raise _TooMuch
        message = await self._receive()
        self._read += len(message.get("body", b""))
        return message


def _has_nothing_to_misuse(scope: Scope) -> bool:
    return SESSION_COOKIE not in _cookies(scope) and scope["path"] not in _Signing()


def is_foreign(scope: Scope) -> bool:
    """Whether a browser says that another site sent this unsafe request."""
    headers = dict(scope["headers"])
    if scope["method"] in SAFE or b"authorization" in headers:
        return False
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in {b"same-origin", b"none"}
    origin = headers.get(b"origin")
    return origin is not None and origin.lower().partition(b"://")[2] != headers.get(b"host", b"").lower()


def _with_own_cookies(scope: Scope) -> Scope:
    """The scope with our two cookies only: those of other programs on this machine may not parse."""
    own = {
        name: value
        for name, value in _cookies(scope).items()
        if name in OWN_COOKIES and _PLAIN.fullmatch(value)
    }
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    if own:
        headers.append((b"cookie", "; ".join(f"{name}={value}" for name, value in own.items()).encode()))
    return {**scope, "headers": headers}


def _cookies(scope: Scope) -> dict[str, str]:
    return cookie_parser(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))


async def _refuse(scope: Scope, send: Send, _reason: object = None) -> None:
    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    await problem(403, REFUSAL)(scope, nothing, send)
