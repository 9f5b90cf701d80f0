"""Every failure is application/problem+json, in the caller's language, without our inside."""

import asyncio
import json
import logging

import httpx
import pytest

from shared.http import Problem
from shared.http.problems import all_problems
from shared.http.texts import choose_language

MEMBERS = {"type", "title", "status", "detail", "code", "instance"}


def assert_problem(response: httpx.Response, status: int, code: str) -> dict:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem.keys() >= MEMBERS
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["instance"] == response.url.path
    assert problem["title"]
    assert problem["detail"]
    return problem


async def test_a_services_own_problem_speaks_russian_by_default(client):
    problem = assert_problem(await client.get("/notes/7"), 404, "note_not_found")
    assert problem["title"] == "Заметка не найдена"
    assert problem["detail"] == "Заметки 7 нет."
    assert problem["type"] == "urn:zvonok:problem:note_not_found"


async def test_and_english_on_request(client):
    response = await client.get("/notes/7", headers={"Accept-Language": "de, en-GB;q=0.8, ru;q=0.5"})
    assert assert_problem(response, 404, "note_not_found")["detail"] == "There is no note 7."
    assert response.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ru"),
        ("", "ru"),
        ("en", "en"),
        ("EN-us", "en"),
        ("de", "ru"),
        ("ru;q=0.1, en;q=0.9", "en"),
        ("en;q=0", "ru"),
        ("en;q=x", "ru"),
        ("*", "ru"),
        ("de, *;q=0.1, en;q=0.5", "en"),
        (",;=;q,,", "ru"),
        ("en;q=5, ru", "en"),
    ],
)
def test_the_language_is_chosen_by_quality(header, language):
    assert choose_language(header) == language


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_unknown_address_and_method(client, language):
    headers = {"Accept-Language": language}
    assert_problem(await client.get("/nothing/here", headers=headers), 404, "route_not_found")
    assert_problem(await client.get("http://sample/", headers=headers), 404, "route_not_found")
    response = await client.delete("/notes", headers=headers)
    assert_problem(response, 405, "method_not_allowed")
    assert "POST" in response.headers["allow"] or "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"text": }',
        b"\xff\xfe",
        b"[" * 3000,
        b'{"text": 1' + b"0" * 4000,
        b'{"text": ' + b"9" * 4050 + b"}",
    ],
)
async def test_malformed_json_is_400(client, bearer, body):
    response = await client.post("/notes", content=body, headers={**bearer, "Content-Type": "application/json"})
    if response.status_code != 422:  # a huge number may be read and then is no text
        assert_problem(response, 400, "malformed_json")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body.text", "missing"),
        ({"text": 5}, "body.text", "string_type"),
        ({"text": "   "}, "body.text", "string_too_short"),
        ({"text": "x" * 101}, "body.text", "string_too_long"),
        ({"text": "x", "colour": "red"}, "body.colour", "extra_forbidden"),
        ({"text": "x", "final": "yes"}, "body.final", "bool_type"),
        ({"text": "x", "final": 1}, "body.final", "bool_type"),
        ({"text": "x", "day": 5}, "body.day", "date_type"),
        ({"text": "x", "day": "2026-02-30"}, "body.day", "date_from_datetime_parsing"),
        ({"text": "x", "rows": {}}, "body.rows", "tuple_type"),
        ({"text": "x", "rows": [{"value": 5}, {"value": 6}]}, "body.rows[1].value", "less_than_equal"),
        ({"text": "x", "rows": [{"value": "5"}]}, "body.rows[0].value", "int_type"),
        ({"text": "x", "rows": [{"value": True}]}, "body.rows[0].value", "int_type"),
        ({"text": "x", "rows": [{"value": 5, "pupil": 1}]}, "body.rows[0].pupil", "extra_forbidden"),
        ({"text": "a\0b"}, "body", "string_nul"),
        ([], "body", "model_attributes_type"),
        ({"text": "x", "rows": [{"value": 10**30}]}, "body.rows[0].value", "less_than_equal"),
    ],
)
async def test_wrong_fields_are_named(client, bearer, body, field, code):
    russian = await client.post("/notes", json=body, headers=bearer)
    errors = assert_problem(russian, 422, "validation_failed")["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [(field, code)]
    assert any("а" <= letter <= "я" for letter in errors[0]["message"].lower())
    english = await client.post("/notes", json=body, headers={**bearer, "Accept-Language": "en"})
    assert english.json()["errors"][0]["message"].isascii()


@pytest.mark.parametrize(
    "body",
    [
        rb'{"text": "\ud800"}',
        rb'{"text": "x", "\ud800": 1}',
        rb'{"text": "x", "rows": [{"\udfff": 1}]}',
        b'{"text": "x", "final": NaN}',
        b'{"text": "x", "rows": [{"value": 1e999}]}',
        b'{"text": ' + b"[" * 400 + b"]" * 400 + b"}",
        b"null",
        b'"x"',
        b"",
    ],
)
async def test_strange_json_is_422(client, bearer, body):
    response = await client.post("/notes", content=body, headers={**bearer, "Content-Type": "application/json"})
    assert_problem(response, 422, "validation_failed")


async def test_the_wrong_value_is_not_repeated(client, bearer):
    response = await client.post("/notes", json={"text": ["112-233-445 95"]}, headers=bearer)
    assert "112-233" not in response.text


async def test_a_body_that_is_not_json_is_refused(client, bearer):
    response = await client.post("/notes", content=b"text=x", headers={**bearer, "Content-Type": "text/plain"})
    assert_problem(response, 422, "validation_failed")


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"--x\r\nContent-Disposition: form-data; name=file", b"--x\r\n\r\n\r\n--x--\r\n"]
)
async def test_a_malformed_form_is_a_problem(client, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = await client.post("/files", content=body, headers=headers)
    if response.status_code == 422:  # a form, but without the file
        assert_problem(response, 422, "validation_failed")
    else:
        assert_problem(response, 400, "malformed_form")


async def test_a_form_without_boundary_is_400(client):
    response = await client.post("/files", content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert_problem(response, 400, "malformed_form")


async def test_an_oversized_file_is_413(client):
    """A route that takes files has a limit of its own: three times that of all the others."""
    assert_problem(await client.post("/files", files={"file": b"x" * 13_000}), 413, "body_too_large")
    assert (await client.post("/files", files={"file": b"x" * 10_000})).json() == 10_000


async def test_an_oversized_body_is_413(client, bearer):
    body = json.dumps({"text": "x" * 5000})
    assert_problem(await client.post("/notes", content=body, headers=bearer), 413, "body_too_large")
    keyed = {**bearer, "Idempotency-Key": "k"}
    assert_problem(await client.post("/notes", content=body, headers=keyed), 413, "body_too_large")


@pytest.mark.parametrize("key", [None, "k"])
async def test_an_oversized_chunked_body_is_not_read_to_its_end(app, bearer, key):
    sent = 0

    async def receive() -> dict:
        nonlocal sent
        sent += 1
        assert sent < 100, "read on and on"
        return {"type": "http.request", "body": b" " * 1000, "more_body": True}

    answer: list[dict] = []

    async def send(message: dict) -> None:
        answer.append(message)

    headers = {**bearer, "content-type": "application/json", **({"Idempotency-Key": key} if key else {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/api/sample/v1/notes",
        "raw_path": b"/api/sample/v1/notes",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("sample", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    assert answer[0]["status"] == 413
    assert json.loads(answer[1]["body"])["code"] == "body_too_large"
    assert sent == 5


async def test_a_defect_tells_nothing_but_the_request_number(client, caplog):
    with caplog.at_level(logging.ERROR):
        response = await client.get("/broken", headers={"X-Request-ID": "not a uuid"})
    problem = assert_problem(response, 500, "internal_error")
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text
    assert response.headers["x-request-id"] in problem["detail"]


async def test_429_carries_retry_after(client):
    response = await client.get("/slow-down")
    assert_problem(response, 429, "too_many_requests")
    assert response.headers["retry-after"] == "17"


async def test_a_database_that_is_down_is_503(client, container, bearer):
    """Connections refused, not a defect: the client is told to come back."""
    from shared.db import Database

    working = container.database
    container.database = Database.open(
        "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none", source="kit", clock=working.clock
    )
    try:
        for response in (
            await client.get("/down"),
            await client.get("/me", headers=bearer),
            await client.post("/open-notes", json={"text": "x"}, headers={"Idempotency-Key": "k"}),
        ):
            assert_problem(response, 503, "temporarily_unavailable")
            assert response.headers["retry-after"] == "5"
        ready = await client.get("http://sample/health/ready")
        assert ready.status_code == 503
        assert ready.json()["status"] == "unavailable"
        assert (await client.get("http://sample/health/live")).status_code == 200
    finally:
        await container.database.close()
        container.database = working
    assert (await client.get("/down")).status_code == 200


COUNT_BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"


async def test_connections_that_died_while_idle_cost_no_request(client, container, stack):
    """PostgreSQL was restarted: the pool is full of dead connections, and nobody need be told 503 for it."""
    import asyncpg

    assert (await client.get("/down")).status_code == 200
    admin = await asyncpg.connect(stack.postgres_dsn())
    try:
        name = container.database.engine.url.database
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        async with asyncio.timeout(10):
            while await admin.fetchval(COUNT_BACKENDS, name):  # noqa: ASYNC110 -- the condition lives in a database
                await asyncio.sleep(0.01)
    finally:
        await admin.close()
    assert (await client.get("/down")).status_code == 200


async def test_an_exhausted_pool_is_503(client, container):
    held = [container.database.engine.connect() for _ in range(5)]
    for connection in held:
        await connection.start()
    container.database.engine.pool._timeout = 0.05
    try:
        assert_problem(await client.get("/down"), 503, "temporarily_unavailable")
    finally:
        for connection in held:
            await connection.close()


async def test_text_that_postgresql_cannot_keep_is_400(client):
    assert_problem(await client.get("/echo-text", params={"text": "a\0b"}), 400, "bad_request")
    assert_problem(await client.get("/echo-text"), 422, "validation_failed")


async def test_every_answer_has_the_common_headers(client):
    given = "0192f0aa-0000-7000-8000-000000000000"
    for path in ("/notes", "/notes/7", "/broken", "/nothing"):
        response = await client.get(path, headers={"X-Request-ID": given})
        assert response.headers["x-request-id"] == given
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["server-timing"].startswith("total;dur=")


async def test_the_error_codes_are_published(client):
    listed = {item["code"]: item for item in (await client.get("/errors")).json()["items"]}
    assert listed.keys() >= {"token_invalid", "validation_failed", "body_too_large", "idempotency_key_reused"}
    assert listed["step_up_required"]["status"] == 403
    assert listed["step_up_required"]["title"]["ru"]


def test_every_problem_has_both_languages():
    for problem in (Problem, *all_problems()):
        texts = [problem.title, *([problem.detail] if problem.detail else [])]
        for text in texts:
            assert any("а" <= letter <= "я" for letter in text.ru.lower()), problem
            assert not any("а" <= letter <= "я" for letter in text.en.lower()), problem


async def test_openapi_documents_problems_and_security(client):
    document = (await client.get("http://sample/openapi.json")).json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert document["components"]["schemas"]["Problem"]["properties"]["errors"]
    assert document["components"]["securitySchemes"]["AccessToken"]["scheme"] == "bearer"
    post = document["paths"]["/api/sample/v1/notes"]["post"]
    assert post["security"] == [{"AccessToken": []}]
    assert "note_not_found" in post["responses"]["404"]["description"]
    for status in ("401", "404", "422", "503"):
        assert post["responses"][status]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }
    assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]
    assert "401" not in document["paths"]["/api/sample/v1/notes/{number}"]["get"]["responses"]
    from jsonschema import Draft202012Validator

    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema({**schema, "$id": f"urn:{name}"})
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}:
        assert reference in document["components"]["schemas"]
