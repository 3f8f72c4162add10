"""Whether a push comes from whom it should: an OIDC token, verified by the keys of its issuer."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jwt
from fastapi import Request

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.service.problems import Problem
from boxout.service.roles import Guard, Role, token_of

ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
GOOGLE: Final = "https://www.googleapis.com/oauth2/v3/certs"
ALGORITHMS: Final = ["RS256", "ES256"]
LEEWAY_S: Final = 30
KEYS_WAIT_S: Final = 5

Keys = Callable[[str], Any]
"""Gives the public key that a token names."""


@dataclass(frozen=True, slots=True)
class Pushes:
    """The audience and the account that a push must be signed for, and where the keys are."""

    audience: str
    account: str
    keys: Keys
    issuers: tuple[str, ...] = ISSUERS

    def verify(self, token: str) -> None:
        """Refuse a token that anybody else, or for anybody else, or too long ago, was given."""
        try:
            claims = jwt.decode(
                token,
                self.keys(token),
                algorithms=ALGORITHMS,
                audience=self.audience,
                issuer=list(self.issuers),
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "aud", "iss"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise StoreUnavailable(f"The keys that pushes are signed with: {error}") from error
        except jwt.PyJWTError as error:
            raise Problem(401, f"The push is not signed as it should be: {error}") from error
        if claims.get("email") != self.account or claims.get("email_verified") is not True:
            raise Problem(403, "The push is signed by another account.")


def pushes_of(audience: str, account: str, keys: str) -> Pushes:
    """The verifier of these; `keys` is a file with a JWK set, or the address of one."""
    if not audience or not account:
        raise DefinitionError("--audience and --account go together. Nothing was started.")
    if keys.startswith("https://"):
        client = jwt.PyJWKClient(keys, timeout=KEYS_WAIT_S, lifespan=3600)
        return Pushes(audience, account, lambda token: client.get_signing_key_from_jwt(token).key)
    return Pushes(audience, account, _of_file(Path(keys)))


def _of_file(path: Path) -> Keys:
    try:
        found = jwt.PyJWKSet.from_dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, jwt.PyJWTError) as error:
        raise DefinitionError(f"{path}: no JWK set: {error}. Nothing was started.") from error
    known = {one.key_id: one.key for one in found.keys}

    def key_of(token: str) -> Any:
        named = jwt.get_unverified_header(token).get("kid")
        if named not in known:
            raise jwt.InvalidTokenError("its key is not among those that are known")
        return known[named]

    return key_of


async def let_in(request: Request, guard: Guard, pushes: Pushes | None) -> None:
    """Let a message in: signed as configured, or with a token that may operate."""
    token = token_of(request.headers.get("authorization", ""))
    if pushes is None or guard.role_of(token) is not None:
        guard.ask(request, Role.OPERATE)
        return
    if not token:
        raise Problem(401, "A signed push is expected.", {"WWW-Authenticate": "Bearer"})
    await asyncio.to_thread(pushes.verify, token)
