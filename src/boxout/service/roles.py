"""Who may do what: tokens for people and scripts, each with a role; off only on this machine."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from ipaddress import ip_address
from typing import Any, Final

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from boxout.errors import DefinitionError
from boxout.service.problems import Problem

TOKEN_MIN: Final = 16
"""Characters of a token: fewer could be guessed."""

OWN_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
BY_PROXY: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

BEARER: Final = HTTPBearer(auto_error=False)


class Role(IntEnum):
    """Each may what the one before may."""

    READ = 1
    OPERATE = 2
    FORCE = 3


@dataclass(frozen=True, slots=True)
class Guard:
    """Tokens by role; without any, only this very machine may come in, and not through a proxy."""

    tokens: Mapping[Role, tuple[str, ...]] = field(default_factory=dict[Role, tuple[str, ...]])
    has_push: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked who he is."""
        return not any(self.tokens.values()) and not self.has_push

    def role_of(self, token: str) -> Role | None:
        """The highest role of a token; every token is compared, in time that tells nothing."""
        found: Role | None = None
        given = token.encode("utf-8", "replace")
        for role, tokens in sorted(self.tokens.items()):
            for one in tokens:
                if hmac.compare_digest(given, one.encode()):
                    found = role
        return found

    def needs(self, role: Role) -> Any:
        """The dependency of a route that needs a role."""

        def check(request: Request, _: object = Security(BEARER)) -> None:
            self.ask(request, role)

        return Depends(check)

    def ask(self, request: Request, role: Role) -> None:
        """Let a request pass, or refuse it: 401 who are you, 403 not you."""
        if self.is_open:
            _only_this_machine(request)
            return
        token = token_of(request.headers.get("authorization", ""))
        found = self.role_of(token) if token else None
        if found is None:
            asked = {"WWW-Authenticate": 'Bearer realm="boxout", Basic realm="boxout"'}
            raise Problem(401, "A token is needed: Authorization: Bearer TOKEN.", asked)
        if found < role:
            raise Problem(
                403, f"This token may {found.name.lower()}; {role.name.lower()} is needed."
            )
        _from_here(request)


def token_of(header: str) -> str:
    """The token of an Authorization header: a bearer's, or the password a browser asked for."""
    kind, _, rest = header.partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() != "basic":
        return ""
    try:
        named = base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    return named.partition(":")[2]


def guard_of(environment: Mapping[str, str], *, has_push: bool = False) -> Guard:
    """The guard that the environment describes: BOXOUT_READ_TOKENS and so on, with commas between."""
    tokens: dict[Role, tuple[str, ...]] = {}
    for role in Role:
        name = f"BOXOUT_{role.name}_TOKENS"
        given = [one.strip() for one in environment.get(name, "").split(",")]
        tokens[role] = tuple(one for one in given if one)
        if any(len(one) < TOKEN_MIN for one in tokens[role]):
            raise DefinitionError(
                f"{name}: a token has fewer than {TOKEN_MIN} characters. Nothing was started."
                " Make one with: openssl rand -hex 24"
            )
    return Guard(tokens, has_push)


def _only_this_machine(request: Request) -> None:
    """Refuse what a page of elsewhere, a name of elsewhere or a proxy brought here."""
    host = request.headers.get("host", "")
    bare = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if bare.lower() not in OWN_HOSTS or not _is_own(request):
        raise Problem(421, "Without tokens only this machine is answered, by its own name.")
    if any(name in request.headers for name in BY_PROXY):
        raise Problem(403, "Without tokens nothing is answered through a proxy; set tokens.")
    _from_here(request)


def _is_own(request: Request) -> bool:
    if request.client is None:
        return True
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _from_here(request: Request) -> None:
    """A browser says which page asks; a page of elsewhere may change nothing here."""
    origin = request.headers.get("origin")
    if origin is None or request.method in {"GET", "HEAD"}:
        return
    if origin.partition("://")[2].lower() != request.headers.get("host", "").lower():
        raise Problem(403, "Asked by a page of another site. Nothing was done.")
