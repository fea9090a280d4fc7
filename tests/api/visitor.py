"""A browser as far as signing in goes: cookies, forms with their token, headers browsers send."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

BASE = "http://127.0.0.1:8000"


class Visitor:
    """Somebody with a browser, on the machine that serves unless told otherwise."""

    def __init__(self, app: FastAPI, *, address: str = "127.0.0.1", base: str = BASE) -> None:
        self.client = TestClient(
            app,
            base_url=base,
            client=(address, 50_000),
            follow_redirects=False,
            raise_server_exceptions=False,
            headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        )

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def csrf_token(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="csrf-token" content="([\w.-]+)"', self.get(path).text)
        assert found
        return found[1]

    def submit(self, path: str, page: str = "/sign-in", **fields: str) -> Any:
        """Post a form as the page would, token included."""
        return self.client.post(path, data={"csrftoken": self.csrf_token(page), **fields})

    def sign_in_by(self, link: str) -> Any:
        return self.submit(link.removeprefix(BASE), page=link.removeprefix(BASE))

    def take_session(self, secret: str) -> None:
        """Show this session's cookie, and no other."""
        if self.session_cookie:
            self.client.cookies.delete("wangge_session")
        self.client.cookies.set("wangge_session", secret)

    @property
    def session_cookie(self) -> str | None:
        return self.client.cookies.get("wangge_session")
