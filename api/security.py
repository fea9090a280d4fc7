"""What protects every answer: security headers with a nonce, and a check of the name we are called by."""

from __future__ import annotations

import ipaddress
import re
import secrets
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.body_limit import BodyLimit
from api.csrf import CsrfProtection
from api.problems import problem
from geo.secret_key import secret_key
from geo.settings import ServerSettings, Settings

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:@/]+)(:\d+)?")
_NAME = re.compile(r"[\w.*:\[\]-]+", re.ASCII)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def protect(app: FastAPI, settings: Settings) -> None:
    """Put the protections around an app; headers outermost, so that refusals carry them too."""
    server = settings.server
    app.add_middleware(BodyLimit, streamed={"/geocode/batch": settings.batch.body_bytes})
    app.add_middleware(CsrfProtection, key=secret_key(settings), secure=server.secure_cookies)
    app.add_middleware(KnownHosts, settings=server)
    app.add_middleware(SecurityHeaders, settings=server)


class SecurityHeaders:
    """Gives each request a nonce (``request.state.csp_nonce``) and each answer its headers."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._fixed = _fixed_headers(settings)
        self._images = f" {origin}" if (origin := _origin(settings.basemap_url)) else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        headers = self._fixed | {"Content-Security-Policy": content_policy(nonce, self._images)}
        scope.setdefault("state", {}).update(csp_nonce=nonce, security_headers=headers)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_security_headers(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_headers)


def add_security_headers(scope: Scope, headers: MutableHeaders) -> None:
    """Write the request's security headers; what a route says of caching stands."""
    headers.update(scope["state"].get("security_headers", {}))
    headers.setdefault("Cache-Control", "no-store")


def content_policy(nonce: str, images: str = "") -> str:
    """Content security policy of one answer.

    >>> content_policy("N").split("; ")[1]
    "script-src 'self' 'nonce-N'"
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"img-src 'self' data: blob:{images}",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def _fixed_headers(settings: ServerSettings) -> dict[str, str]:
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _origin(url: str | None) -> str:
    """Scheme and host of a tile template; ``{s}`` for the server's letter becomes any subdomain.

    >>> _origin("https://{s}.tiles.example/{z}/{x}/{y}.png?key=1")
    'https://*.tiles.example'
    """
    parts = urlsplit((url or "").replace("{s}", "*"))
    return (
        f"{parts.scheme}://{parts.netloc}"
        if parts.scheme in {"http", "https"} and _NAME.fullmatch(parts.netloc)
        else ""
    )


class KnownHosts:
    """Refuses requests for names that are not ours: a foreign page may point its own name at this machine."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        names = settings.allowed_hosts.split(",")
        self._names = LOOPBACK_NAMES | {_bare(name) for name in (*names, settings.host) if name.strip()}
        self._any_address = _bare(settings.host) not in LOOPBACK_NAMES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or self._is_known(dict(scope["headers"]).get(b"host", b"")):
            await self._app(scope, receive, send)
            return
        refusal = problem(
            400, "this server is not known by that name; an administrator can add it to WANGGE_ALLOWED_HOSTS"
        )
        await refusal(scope, receive, send)

    def _is_known(self, header: bytes) -> bool:
        match = _HOST.fullmatch(header.decode("latin-1"))
        host = _bare(match[1]) if match else ""
        return host in self._names or (self._any_address and _is_address(host))


def _bare(host: str) -> str:
    return host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")


def _is_address(host: str) -> bool:
    """Whether it is a number: no foreign page can make its own name one."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
