"""What strangers and broken clients send to the running town: a clear problem document, nothing else."""

import base64
import json
from importlib import import_module
from uuid import uuid4

import httpx
import pytest

from town.demo_school.people import DEMO_PASSWORD, MOTHER, TEACHER
from town.up import SERVICES

SECURED = {
    "identity": "/me",
    "journal": "/control-forms",
    "delegation": "/grants",
    "notifications": "/inbox",
    "support": "/tickets",
}


def _ask(town, service, method, path, **options) -> httpx.Response:
    url = f"{town.base_url(service)}/api/{service}/v1{path}"
    return httpx.request(method, url, timeout=20, trust_env=False, **options)


def _is_problem(answer: httpx.Response, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    document = answer.json()
    assert (document["status"], document["code"]) == (status, code)
    assert document["title"]
    assert document["detail"]
    return document


def _in_both_languages(town, service, method, path, status, code, headers=None, **options) -> None:
    texts = {}
    for language in ("ru", "en"):
        told = {"Accept-Language": language, **(headers or {})}
        texts[language] = _is_problem(_ask(town, service, method, path, headers=told, **options), status, code)["title"]
    assert any("а" <= letter <= "я" for letter in texts["ru"].lower())
    assert texts["en"].isascii()


def _forged(header: dict, claims: dict, signature: str = "") -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join([*parts, signature])


JSON = {"Content-Type": "application/json"}
SIGN_IN = {"login": MOTHER.login, "password": DEMO_PASSWORD}


def test_malformed_json(town) -> None:
    _in_both_languages(
        town, "identity", "POST", "/sessions", 400, "malformed_json", headers=JSON, content=b'{"login": '
    )
    _in_both_languages(town, "support", "POST", "/tickets", 400, "malformed_json", headers=JSON, content=b"\xff\xfe{")


def test_unknown_fields_and_wrong_types_name_the_field(town) -> None:
    for body, field in (({**SIGN_IN, "admin": True}, "admin"), ({**SIGN_IN, "login": 5}, "login")):
        answer = _ask(town, "identity", "POST", "/sessions", json=body)
        errors = _is_problem(answer, 422, "validation_failed")["errors"]
        assert [error["field"] for error in errors] == [f"body.{field}"]
        assert errors[0]["message"]
        assert DEMO_PASSWORD not in answer.text
    _in_both_languages(town, "identity", "POST", "/sessions", 422, "validation_failed", json={"login": "a"})


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_over_the_limit(town, service) -> None:
    path = {"identity": "/sessions", "support": "/tickets"}.get(service, SECURED[service])
    limit = import_module(f"{service}.settings").Settings.model_fields["max_body_bytes"].default
    content = b'{"login": "' + b"a" * limit + b'"}'
    _in_both_languages(town, service, "POST", path, 413, "body_too_large", headers=JSON, content=content)


def test_a_body_over_the_limit_that_does_not_say_its_length(town) -> None:
    pieces = (b"a" * 65536 for _ in range(64))
    try:
        answer = _ask(town, "support", "POST", "/tickets", headers=JSON, content=pieces)
    except httpx.WriteError:  # refused and closed while it was still being sent
        return
    _is_problem(answer, 413, "body_too_large")


@pytest.mark.parametrize("service", SERVICES)
def test_a_header_of_200_kilobytes(town, service) -> None:
    huge = {"Authorization": "Bearer " + "a" * 200_000}
    _in_both_languages(town, service, "GET", SECURED[service], 431, "headers_too_large", headers=huge)


@pytest.mark.parametrize("service", SERVICES)
def test_no_token_and_hostile_tokens(town, person, service) -> None:
    _in_both_languages(town, service, "GET", SECURED[service], 401, "token_missing")
    good = person(MOTHER)._client.headers["Authorization"].removeprefix("Bearer ")
    header, claims, signature = good.split(".")
    payload = json.loads(base64.urlsafe_b64decode(claims + "=="))
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    ours = {"alg": "ES256", "kid": kid, "typ": "at+jwt"}
    hostile = {
        "alg none": _forged({"alg": "none", "typ": "at+jwt", "kid": kid}, payload),
        "alg none with our signature": _forged({"alg": "none", "typ": "at+jwt", "kid": kid}, payload, signature),
        "HS256": _forged({**ours, "alg": "HS256"}, payload, signature),
        "other claims": _forged(ours, {**payload, "sub": str(uuid4())}, signature),
        "other typ": _forged({**ours, "typ": "JWT"}, payload, signature),
        "unknown kid": _forged({**ours, "kid": "0000000000000000"}, payload, signature),
        "key of its own": _forged({**ours, "jku": "https://evil.example/jwks.json"}, payload, signature),
        "not a token": "a.b.c",
    }
    for what, token in hostile.items():
        told = {"Authorization": f"Bearer {token}"}
        answer = _ask(town, service, "GET", SECURED[service], headers=told)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid"), what
        assert answer.headers["www-authenticate"].startswith("Bearer")
    _in_both_languages(town, service, "GET", SECURED[service], 401, "token_invalid", headers=told)
    assert _ask(town, service, "GET", SECURED[service], headers={"Authorization": f"Bearer {good}"}).status_code == 200


@pytest.mark.parametrize("service", SERVICES)
def test_unknown_addresses_and_methods(town, service) -> None:
    _in_both_languages(town, service, "GET", "/no/such/address", 404, "route_not_found")
    _in_both_languages(town, service, "PATCH", SECURED[service], 405, "method_not_allowed")


def test_a_refused_mark_leaves_nothing_behind(town, person, told, week) -> None:
    teacher, mother = person(TEACHER), person(MOTHER)
    path = f"/diaries/{told.pupil_id}/weeks/{week}"
    before = mother.get("journal", path)
    good = {
        "pupil_id": told.pupil_id,
        "value": "5",
        "control_form_id": told.mark["control_form"]["control_form_id"],
    }
    lesson = f"/lessons/{told.mark['lesson_id']}/marks"
    for spoilt in (
        {"value": "6"},
        {"value": 5},
        {"pupil_id": "me"},
        {"comment": "a" * 501},
        {"weight": 3},
        {"comment": ""},
    ):
        answer = teacher.ask("POST", "journal", lesson, json={**good, **spoilt})
        _is_problem(answer, 422, "validation_failed")
    answer = teacher.ask("POST", "journal", lesson, json={**good, "pupil_id": str(uuid4())})
    assert 400 <= answer.status_code < 500
    assert mother.get("journal", path) == before
