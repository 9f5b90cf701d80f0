"""Whatever strangers send to the routes of accounts is answered as a mistake of theirs, never as one of ours."""

import pytest

BASE = "/api/identity/v1"
OPEN = ("registrations", "registrations/code", "registrations/code/resend", "registrations/password", "recoveries",
        "recoveries/password", "contact-links")  # fmt: skip
OWN = ("me/contacts/phone", "me/contacts/email", "me/contacts/phone/code", "me/password")
BODIES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"{}",
    b'{"phone": "\\ud800", "email": "\\ud800", "login": "\\ud800", "token": "\\ud800", "code": "\\ud800"}',
    b'{"phone": "a\\u0000", "email": "a\\u0000", "login": "a\\u0000", "token": "a\\u0000"}',
    b'{"login": {"$ne": null}, "token": ["a"], "code": 123456}',
    b'{"registration_token": "zvg_", "code": "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6"}',
    b'{"registration_token": "zvg_", "password": "' + b"x" * 1024 + b'", "password_again": "' + b"x" * 1024 + b'"}',
    b'{"login": "' + b"9" * 300 + b'"}',
)


@pytest.mark.parametrize("path", OPEN + OWN)
async def test_hostile_bodies(identity, bundle, known, path):
    await identity.load(bundle)
    headers = {"Content-Type": "application/json"}
    if path in OWN:
        headers |= await identity.bearer("mother", known.password)
    for body in BODIES:
        answer = await identity.http.post(f"{BASE}/{path}", content=body, headers=headers)
        assert 400 <= answer.status_code < 500, (body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "changes",
    [
        b'{"birth_place": "\\ud800"}',
        b'{"birth_date": 5}',
        b'{"birth_date": "2013-02-30"}',
        b'{"surname": "\\u202e"}',
        b'{"passport": "\\n\\n\\n\\n"}',
        b'{"citizenship": "ru"}',
        b'{"locale": null}',
        b"[]",
    ],
)
async def test_hostile_changes_of_a_profile(identity, bundle, known, changes):
    await identity.load(bundle)
    headers = await identity.bearer("mother", known.password) | {"Content-Type": "application/json"}
    answer = await identity.http.patch(f"{BASE}/me/profile", content=changes, headers=headers)
    assert answer.status_code == 422, answer.text


async def test_every_route_names_its_errors(identity):
    """The document lists the codes that these routes answer, each with its status."""
    document = (await identity.http.get("/openapi.json")).json()["paths"]

    def codes(method, path):
        responses = document[f"{BASE}{path}"][method]["responses"]
        return " ".join(response["description"] for status, response in responses.items() if status[0] in "45")

    for method, path, expected in (
        ("post", "/registrations", ("too_many_codes", "consent_outdated", "too_many_attempts")),
        ("post", "/registrations/code", ("registration_not_found", "code_refused")),
        ("post", "/registrations/password", ("phone_not_proved", "password_unacceptable", "contact_taken")),
        ("post", "/recoveries", ("too_many_codes",)),
        ("post", "/recoveries/password", ("code_refused", "password_unacceptable")),
        ("post", "/me/contacts/phone", ("step_up_required", "too_many_codes")),
        ("post", "/contact-links", ("link_refused", "contact_taken")),
        ("post", "/me/password", ("sign_in_refused", "password_unacceptable", "too_many_attempts")),
        ("delete", "/me", ("step_up_required", "account_not_found")),
    ):
        described = codes(method, path)
        assert all(code in described for code in expected), (path, described)
