"""Who may call a route: one rule each, declared where the route is, checked within its own transaction.

    @router.get("/geocode", dependencies=[access(SIGNED_IN)])
    @router.post("/incidents", dependencies=[access(CREATE_INCIDENTS)])

A rule is one of PUBLIC, SIGNED_IN, OWN_ACCOUNT or a set of roles (``geo.permissions``). A handler that wants
to know who asks takes ``actor: ActorDep``. A route without a rule fails ``tests/api/test_auth_rules.py``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy.orm import Session
from starlette.staticfiles import StaticFiles

from api.deps import SessionDep
from geo.errors import NotAllowed, NotSignedIn
from geo.identity import actor_of_session, actor_of_token, is_demo
from geo.model import Actor
from geo.permissions import ALL, Role, check_may
from geo.settings import ServerSettings

SESSION_COOKIE = "wangge_session"

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="`wangge token --role ROLE` prints one."
)
_COOKIE = APIKeyCookie(
    name=SESSION_COOKIE, auto_error=False, scheme_name="session", description="Set by the sign-in page."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call: anybody, any account that can sign in, or holders of one of some roles."""

    name: str
    roles: frozenset[Role] | None = None


#: Anybody, without a look into the database.
PUBLIC = Rule("public")
#: Any account, even one that holds no role today: its own page, sign-out.
OWN_ACCOUNT = Rule("own account")
#: Whoever holds any role today.
SIGNED_IN = Rule("signed in", ALL)


def access(rule: Rule | Iterable[Role]) -> Any:
    """The dependency that enforces a rule; as ``Annotated[Actor, access(…)]`` it also gives the actor.

    Parameters
    ----------
    rule
        PUBLIC, OWN_ACCOUNT, SIGNED_IN, or the roles of which one is needed.
    """
    if not isinstance(rule, Rule):
        roles = frozenset(Role(role) for role in rule)
        rule = Rule(f"roles {', '.join(sorted(roles))}", roles)
    return Depends(PublicAccess(rule) if rule == PUBLIC else Access(rule))


@dataclass(frozen=True, slots=True)
class PublicAccess:
    """Lets everybody through."""

    rule: Rule

    async def __call__(self) -> None:
        """Ask nothing."""


@dataclass(frozen=True, slots=True)
class Access:
    """Lets those through whom the rule names."""

    rule: Rule

    def __call__(
        self,
        request: Request,
        session: SessionDep,
        _token: Annotated[Any, Depends(_BEARER)],
        _cookie: Annotated[Any, Depends(_COOKIE)],
    ) -> Actor:
        """Find out who asks, hold them against the rule, remember them for the handler."""
        actor = request.state.actor = identify(request, session)
        if self.rule.roles is not None:
            check_may(actor, self.rule.roles)
        return actor


def identify(request: Request, session: Session) -> Actor:
    """Who asks, by bearer token or else by session cookie; set as the actor of the transaction.

    A request with an ``Authorization`` header is judged by that alone: a cookie beside it counts for nothing.

    Raises
    ------
    NotSignedIn
        No valid credentials; or a demo account from another machine.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn("the Authorization header is not of the form `Bearer TOKEN`")
        return actor_of_token(session, token.strip())
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        raise NotSignedIn(
            "sign in at /sign-in, or send `Authorization: Bearer TOKEN` (`wangge token --role ROLE`)"
        )
    actor = actor_of_session(session, secret)
    if is_demo(actor) and not is_from_this_machine(request):
        raise NotSignedIn("demo accounts work only on the machine that serves")
    return actor


async def current_actor(request: Request) -> Actor:
    """The actor the route's rule has found; async, so that no thread is needed to fetch it."""
    actor: Actor | None = getattr(request.state, "actor", None)
    if actor is None:
        raise NotAllowed("this route is public and knows no actor")
    return actor


ActorDep = Annotated[Actor, Depends(current_actor)]


def is_from_this_machine(request: Request) -> bool:
    """Whether both the caller's address and the name it calls us by are this machine's.

    A proxy on this machine that forwards no client address still shows itself by the name it was called by.
    Networks of ``WANGGE_LOCAL_NETWORKS`` (a container's gateway) count as this machine.
    """
    settings: ServerSettings = request.app.state.settings.server
    name = (request.url.hostname or "").lower()
    if name != "localhost" and not _is_loopback(name):
        return False
    caller = client_address(request)
    return _is_loopback(caller) or _is_within(caller, settings.local_networks.split(","))


def client_address(request: Request) -> str:
    """Address the request comes from; empty when it comes from no network."""
    return request.client.host if request.client else ""


def _is_loopback(host: str) -> bool:
    return _is_within(host, ["127.0.0.0/8", "::1/128"])


def _is_within(host: str, networks: Iterable[str]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network.strip()) for network in networks if network.strip())


class PublicFiles(StaticFiles):
    """A folder of files that everybody may load; the only kind of mount the app may have."""

    rule = PUBLIC
