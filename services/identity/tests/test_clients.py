"""I-11: a frontend is a known client; it alone speaks for its users' addresses and devices."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import ValidationError
from sqlalchemy import func, select

from identity.main import create_app
from identity.sessions.client_keys import new_client_key
from identity.sessions.tables import used_assertions
from identity.settings import Settings
from identity.worker import clear_away

SESSIONS = "/api/identity/v1/sessions"
PORTAL, PORTAL_PUBLIC = new_client_key()
OFFICE, OFFICE_PUBLIC = new_client_key()


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def town(identity, moment, monkeypatch):
    """Identity that knows two frontends, on the same database."""
    clients = {"portal": {"keys": [PORTAL_PUBLIC]}, "office": {"keys": [OFFICE_PUBLIC]}}
    app = create_app(identity.container.settings.model_copy(update={"clients": clients}))
    async with app.router.lifespan_context(app):
        monkeypatch.setattr(app.state.container.database, "clock", moment)
        monkeypatch.setattr(app.state.container.database.uow, "_clock", moment)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("198.51.100.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
            yield client


@pytest.fixture
def assertion(identity):
    issuer = identity.container.settings.issuer

    def sign(key=PORTAL, header=None, **changed):
        now = int(identity.database.clock().timestamp())
        claims = {"iss": "portal", "sub": "portal", "aud": issuer, "jti": str(uuid4()), "iat": now, "exp": now + 60}
        claims = {name: value for name, value in (claims | changed).items() if value is not None}
        fields = {"alg": "ES256", "kid": PORTAL["kid"], "typ": "JWT"} | (header or {})
        fields = {name: value for name, value in fields.items() if value is not None}
        signer = ECKey.import_key(key) if isinstance(key, dict) else key
        return jwt.encode(fields, claims, signer, algorithms=["ES256", "HS256"])

    return sign


async def attempt(client, login, password, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(SESSIONS, json={"login": login, "password": password}, headers=named)


async def test_i_11_throttles_count_people_and_not_the_frontend(town, assertion, known):
    for n in range(61):
        answer = await attempt(
            town, f"nobody-{n}", "wrong", Zvonok_Client_Assertion=assertion(), Zvonok_Client_Address="203.0.113.5"
        )
        assert answer.status_code == 401
    same = await attempt(
        town, "mother", known.password, Zvonok_Client_Assertion=assertion(), Zvonok_Client_Address="203.0.113.5"
    )
    other = await attempt(
        town, "mother", known.password, Zvonok_Client_Assertion=assertion(), Zvonok_Client_Address="203.0.113.6"
    )
    assert (same.status_code, other.status_code) == (429, 201)
    assert (await attempt(town, "mother", known.password)).status_code == 201, "nor is the socket's address charged"


async def test_i_11_a_strangers_headers_are_not_believed(town, known):
    for n in range(61):
        answer = await attempt(town, f"nobody-{n}", "wrong", Zvonok_Client_Address=f"203.0.113.{n}")
        assert answer.status_code == 401
    answer = await attempt(town, "mother", known.password, Zvonok_Client_Address="203.0.113.200")
    assert answer.status_code == 429, "all of them came from one socket"
    forwarded = await attempt(town, "mother", known.password, X_Forwarded_For="203.0.113.200")
    assert forwarded.status_code == 429


async def test_i_11_a_frontend_hands_on_device_and_browser(town, assertion, known, identity):
    first = await attempt(
        town, "mother", known.password, Zvonok_Client_Assertion=assertion(), Zvonok_User_Agent="Firefox on Linux"
    )
    device = first.json()["device_token"]
    for _ in range(5):
        await attempt(town, "mother", "wrong", Zvonok_Client_Assertion=assertion())
    believed = await attempt(town, "mother", known.password, Zvonok_Client_Assertion=assertion(), Zvonok_Device=device)
    assert believed.status_code == 201
    unbelieved = await attempt(town, "mother", known.password, Zvonok_Device=device)
    assert unbelieved.status_code == 429
    bearer = {"Authorization": f"Bearer {believed.json()['access_token']}"}
    listed = (await identity.http.get(SESSIONS, headers=bearer)).json()["items"]
    assert "Firefox on Linux" in {each["device"] for each in listed}


async def test_i_11_an_assertion_is_good_once(town, assertion, known, problem, identity, moment):
    one = assertion(jti="one")
    assert (await attempt(town, "mother", known.password, Zvonok_Client_Assertion=one)).status_code == 201
    again = await attempt(town, "mother", known.password, Zvonok_Client_Assertion=one)
    assert (again.status_code, problem(again)["code"]) == (401, "client_assertion_refused")
    office = assertion(OFFICE, {"kid": OFFICE["kid"]}, iss="office", sub="office", jti="one")
    answer = await attempt(town, "mother", known.password, Zvonok_Client_Assertion=office)
    assert answer.status_code == 201, "ids of two frontends are two"
    moment.passes(minutes=10)
    await clear_away(identity.container)
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(used_assertions)) == 0


def hs256_with_the_public_key(assertion):
    return assertion(OctKey.import_key(json.dumps(PORTAL_PUBLIC)), {"alg": "HS256"})


def alg_none(assertion):
    header, payload, _ = assertion().split(".")
    fields = json.loads(urlsafe_b64decode(header + "==")) | {"alg": "none"}
    return f"{urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b'=').decode()}.{payload}."


HOSTILE = {
    "a key of nobody": lambda a: a(ECKey.generate_key("P-256")),
    "the key of another frontend": lambda a: a(OFFICE, {"kid": OFFICE["kid"]}),
    "another frontend's name": lambda a: a(iss="office", sub="office"),
    "an unknown frontend": lambda a: a(iss="nobody", sub="nobody"),
    "no kid": lambda a: a(header={"kid": None}),
    "an access token's type": lambda a: a(header={"typ": "at+jwt"}),
    "iss is not sub": lambda a: a(sub="office"),
    "for somebody else": lambda a: a(aud="https://elsewhere.example"),
    "for us and somebody else": lambda a: a(aud=["https://zvonok.local/identity", "https://elsewhere.example"]),
    "no jti": lambda a: a(jti=None),
    "jti is a number": lambda a: a(jti=1),
    "jti too long": lambda a: a(jti="x" * 201),
    "expired": lambda a: a(exp=1),
    "never expires": lambda a: a(exp=None),
    "lives too long": lambda a: a(exp=4_000_000_000),
    "from the future": lambda a: a(iat=4_000_000_000, exp=4_000_000_060),
    "no time of issue": lambda a: a(iat=None),
    "not a moment": lambda a: a(exp="soon"),
    "HS256 with the public key": hs256_with_the_public_key,
    "alg none": alg_none,
    "changed": lambda a: a()[:-6] + "AAAAAA",
    "too large": lambda a: a(padding="x" * 2048),
    "no token": lambda _: "x",
    "empty": lambda _: "",
    "two dots": lambda _: "..",
    "not an object": lambda _: "eyJhbGciOiJFUzI1NiJ9.W10.AAAA",
}


@pytest.mark.parametrize("how", HOSTILE, ids=list(HOSTILE))
async def test_i_11_hostile_assertions(town, assertion, known, problem, how):
    answer = await attempt(town, "mother", known.password, Zvonok_Client_Assertion=HOSTILE[how](assertion))
    assert (answer.status_code, problem(answer)["code"]) == (401, "client_assertion_refused")


@pytest.mark.parametrize("form", ["list", "no type", "type of the draft"])
async def test_i_11_other_forms_that_are_good(town, assertion, known, form):
    made = {
        "list": lambda: assertion(aud=["https://zvonok.local/identity"]),
        "no type": lambda: assertion(header={"typ": None}),
        "type of the draft": lambda: assertion(header={"typ": "client-authentication+jwt"}),
    }[form]()
    assert (await attempt(town, "mother", known.password, Zvonok_Client_Assertion=made)).status_code == 201


@pytest.mark.parametrize(("language", "word"), [("ru", "Приложение"), ("en", "client")])
async def test_i_11_refusals_speak_both_languages(town, language, word):
    answer = await attempt(town, "a", "b", Zvonok_Client_Assertion="x", Accept_Language=language)
    assert word in answer.json()["title"]


@pytest.mark.parametrize(
    "keys",
    [{}, {"keys": []}, {"keys": [PORTAL]}, {"keys": [{**PORTAL_PUBLIC, "kid": ""}]}, {"keys": [{"kty": "RSA"}]},
     {"keys": [{**PORTAL_PUBLIC, "crv": "P-384"}]}, {"keys": ["x"]}],
)  # fmt: skip
def test_i_11_settings_take_public_keys_only(identity, keys):
    settings = identity.container.settings.model_dump()
    with pytest.raises(ValidationError) as wrong:
        Settings(**settings | {"clients": {"portal": keys}})
    assert PORTAL["d"] not in str(wrong.value.errors(include_input=False))
