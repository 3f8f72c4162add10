"""Who may do what; and that nobody is let in by mistake."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from boxout.errors import DefinitionError
from boxout.service import Guard, Place, Role, guard_of, pushes_of
from boxout.service.serving import listen
from cli.night import DAY
from service.posted import pushed

READ, OPERATE, FORCE = "r" * 20, "o" * 20, "f" * 20
TOKENS = Guard({Role.READ: (READ,), Role.OPERATE: (OPERATE, "p" * 20), Role.FORCE: (FORCE,)})
FORCED = {"first": DAY, "reason": "it is right", "by": "ann"}
AUDIENCE, ACCOUNT = "https://boxout.example", "push@project.example"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def guarded(landed, at_work):
    return at_work(landed, TOKENS)


@pytest.mark.parametrize(
    ("token", "reads", "operates", "forces"),
    [
        ("", 401, 401, 401),
        ("x" * 20, 401, 401, 401),
        (READ, 200, 403, 403),
        (OPERATE, 200, 202, 403),
        ("p" * 20, 200, 202, 403),
        (FORCE, 200, 202, 200),
    ],
)
def test_a_role_may_what_it_may_and_nothing_more(guarded, token, reads, operates, forces):
    headers = bearer(token) if token else {}
    assert guarded.get("/graph", headers=headers).status_code == reads
    asked = {"json": {"first": DAY}, "headers": headers}
    assert guarded.post("/process-date-range", **asked).status_code == operates
    told = guarded.post("/process", json=pushed({"date": DAY}), headers=headers)
    assert told.status_code == operates
    assert guarded.post("/force", json=FORCED, headers=headers).status_code == forces


def test_every_route_but_health_asks_who_is_there(guarded):
    paths = guarded.get("/openapi.json").json()["paths"]
    asked = [(path, method) for path, of in paths.items() for method in of]
    assert len(asked) > 20
    told = {
        path: guarded.request(method, path.replace("{number}", "1")).status_code
        for path, method in asked
    }
    assert {path for path, code in told.items() if code == 200} == {"/livez", "/readyz", "/healthz"}
    assert set(told.values()) == {200, 401}


def test_a_browser_may_show_the_token_as_a_password(guarded):
    basic = base64.b64encode(f"anybody:{READ}".encode()).decode()
    assert guarded.get("/graph", headers={"Authorization": f"Basic {basic}"}).status_code == 200
    assert guarded.get("/graph", headers={"Authorization": "Basic !"}).status_code == 401
    assert "Basic" in guarded.get("/graph").headers["www-authenticate"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "rebound.example:8000"}, 421),
        ({"Host": "127.0.0.1.example"}, 421),
        ({"Host": ""}, 421),
        ({"X-Forwarded-For": "192.0.2.1"}, 403),
        ({"Via": "1.1 proxy"}, 403),
    ],
)
def test_without_tokens_only_this_machine_is_answered(client, headers, status):
    assert client.get("/graph", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8000", 202), ("https://evil.example", 403), ("null", 403)],
)
def test_a_page_of_another_site_can_start_nothing(client, desk, origin, status):
    told = client.post("/process-date-range", json={"first": DAY}, headers={"Origin": origin})
    assert told.status_code == status
    assert len(desk.inbox.messages(9)) == int(status == 202)


def test_with_tokens_others_may_reach_it():
    with listen(Place("0.0.0.0", 0), TOKENS) as found:
        assert found.getsockname()[1]


def test_tokens_come_from_the_environment():
    guard = guard_of({"BOXOUT_READ_TOKENS": f"{READ}, {OPERATE}", "BOXOUT_FORCE_TOKENS": FORCE})
    assert guard.role_of(OPERATE) is Role.READ
    assert guard.role_of(FORCE) is Role.FORCE
    assert guard.role_of("") is None
    assert guard_of({}).is_open
    assert guard_of({"BOXOUT_READ_TOKENS": " , "}).is_open
    assert not guard_of({}, has_push=True).is_open


def test_a_token_that_can_be_guessed_is_refused():
    with pytest.raises(DefinitionError, match="fewer than 16"):
        guard_of({"BOXOUT_OPERATE_TOKENS": f"{OPERATE},short"})


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def keys(key, tmp_path):
    """A file with the public key."""
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}))
    return str(path)


@pytest.fixture
def signed(landed, at_work, keys):
    return at_work(landed, Guard({}, has_push=True), pushes_of(AUDIENCE, ACCOUNT, keys))


def token(key, kid: str = "k1", algorithm: str = "RS256", **claims: object) -> str:
    whole = {
        "aud": AUDIENCE,
        "iss": "https://accounts.google.com",
        "email": ACCOUNT,
        "email_verified": True,
        "iat": 1_700_000_000,
        "exp": 4_000_000_000,
    }
    left = {name: one for name, one in (whole | claims).items() if one is not None}
    return jwt.encode(left, key, algorithm=algorithm, headers={"kid": kid})


def test_a_push_that_is_signed_as_configured_is_let_in(signed, key):
    told = signed.post("/process", json=pushed({"date": DAY}), headers=bearer(token(key)))
    assert told.status_code == 202


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": "https://other.example"}, 401),
        ({"aud": None}, 401),
        ({"iss": "https://evil.example"}, 401),
        ({"exp": 1_700_000_100}, 401),
        ({"exp": None}, 401),
        ({"iat": None}, 401),
        ({"kid": "other"}, 401),
        ({"email": "other@project.example"}, 403),
        ({"email": None}, 403),
        ({"email_verified": False}, 403),
        ({"email_verified": "true"}, 403),
    ],
)
def test_a_push_of_somebody_else_is_refused(signed, key, claims, status):
    headers = bearer(token(key, **claims))
    assert (
        signed.post("/process", json=pushed({"date": DAY}), headers=headers).status_code == status
    )
    assert signed.desk.inbox.messages(9) == []


def test_a_push_signed_by_another_key_or_not_at_all_is_refused(signed):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for one in (token(stranger), token("x" * 40, algorithm="HS256"), token(None, algorithm="none")):
        told = signed.post("/process", json=pushed({"date": DAY}), headers=bearer(one))
        assert told.status_code == 401
    assert signed.post("/process", json=pushed({"date": DAY})).status_code == 401
    assert signed.post("/process", content=b"x", headers=bearer("no token")).status_code == 401


def test_a_signed_push_opens_no_other_door(signed, key):
    assert signed.get("/graph", headers=bearer(token(key))).status_code == 401


@pytest.mark.parametrize(("audience", "account"), [("", ACCOUNT), (AUDIENCE, "")])
def test_audience_and_account_go_together(audience, account, keys):
    with pytest.raises(DefinitionError, match="go together"):
        pushes_of(audience, account, keys)


def test_keys_that_are_none_are_refused(tmp_path):
    with pytest.raises(DefinitionError, match="no JWK set"):
        pushes_of(AUDIENCE, ACCOUNT, str(tmp_path / "none.json"))
