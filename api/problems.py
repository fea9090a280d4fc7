"""Errors as RFC 9457 problem details: one table from error class to HTTP status."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from geo import errors

log = logging.getLogger("wangge.api")

MEDIA_TYPE = "application/problem+json"

_BUG = "something went wrong inside; the administrator finds it in the server's log"

#: The most special class that fits decides.
STATUS: dict[type[errors.GridError], int] = {
    errors.InvalidInput: 422,
    errors.InvalidFile: 422,
    errors.FaultsFound: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.NotAllowed: 403,
    errors.NotSignedIn: 401,
    errors.StoreUnavailable: 503,
}


def problem(status: int, detail: str, *, title: str | None = None, **more: Any) -> JSONResponse:
    """A problem as a response; ``more`` are extension members such as ``errors``."""
    body = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(body | more, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def explain(error: Exception) -> dict[str, Any]:
    """A problem's members, for answers that have begun and can only end with it."""
    if isinstance(error, errors.GridError):
        status, detail = _status_of(error), str(error)
    elif isinstance(error, HTTPException):
        status, detail = error.status_code, error.detail
    else:
        log.error("an answer that had begun went wrong", exc_info=error)
        status, detail = 500, _BUG
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error with a problem."""
    app.add_exception_handler(errors.GridError, _on_grid_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_bug)


def _on_grid_error(_: Request, error: Exception) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, errors.FaultsFound):
        more["errors"] = [{"row": f.row, "rule": f.rule, "message": f.message} for f in error.faults[:100]]
    return problem(_status_of(error), str(error), **more)


def _status_of(error: Exception) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _on_invalid_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    found = [{"where": list(map(str, fault["loc"])), "message": fault["msg"]} for fault in error.errors()]
    return problem(422, "; ".join(f"{'.'.join(f['where'])}: {f['message']}" for f in found), errors=found)


def _on_http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    response = problem(error.status_code, error.detail)
    response.headers.update(error.headers or {})
    return response


def _on_bug(request: Request, _: Exception) -> Response:
    # Starlette logs the traceback itself; the client learns nothing of the inside.
    response = problem(500, _BUG)
    response.headers.update(getattr(request.state, "security_headers", {}))  # outside of every middleware
    return response
