"""What no form of ours sends is refused in our own words, and nothing of it is half-written."""

import json

import pytest
from sqlalchemy import func, select

from identity.applications.tables import application_history, applications


@pytest.mark.parametrize(
    "changed",
    [
        {"applicant": None},
        {"applicant": {"surname": "", "given_name": "А", "birth_date": "1980-01-01"}},
        {"applicant": {"surname": "Б\u0000", "given_name": "А", "birth_date": "1980-01-01"}},
        {"applicant": {"surname": "Б\u202e", "given_name": "А", "birth_date": "1980-01-01"}},
        {"applicant": {"surname": "\ud800", "given_name": "А", "birth_date": "1980-01-01"}},
        {"applicant": {"surname": "Б", "given_name": "А", "birth_date": 5}},
        {"applicant": {"surname": "Б", "given_name": "А", "birth_date": "1700-01-01"}},
        {"class_name": "12Я"},
        {"relation": "neighbour"},
        {"lessons": [{"class_name": "7А", "subject": "Алгебра"}] * 31},
        {"snils": "112-233-445 95"},
    ],
)
async def test_forms_that_are_none(office, problem, changed):
    new = {"school_id": office.school_id, "kind": "representative", "form": {"applicant": office.granny} | changed}
    as_json = {"Content-Type": "application/json"}
    answer = await office.call("granny", "POST", "/applications", content=json.dumps(new), headers=as_json)
    assert (answer.status_code, problem(answer)["code"]) == (422, "validation_failed")
    assert "112-233-445" not in answer.text
    async with office.identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(applications)) == 0
        assert await session.scalar(select(func.count()).select_from(application_history)) == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [("after=x", "invalid_cursor"), ("after=WyJ4IiwieSJd", "invalid_cursor"), ("state=draft", "validation_failed"),
     ("limit=0", "validation_failed")],
)  # fmt: skip
async def test_queries_that_are_none(office, problem, query, code):
    answer = await office.call("director", "GET", f"/schools/{office.school_id}/applications?{query}")
    assert problem(answer)["code"] == code


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        (b"\xff\xfe.pdf", b"other", 201),
        (b"../../etc/passwd", b"other", 201),
        (b"x.pdf", b"passport", 422),
    ],
    ids=["a name that is no text", "a name like a path", "a kind of their own"],
)
async def test_uploads_that_are_strange(office, name, kind, status):
    application = await office.draft()
    field = b'--b\r\nContent-Disposition: form-data; name="%b"'
    body = field % b"kind" + b"\r\n\r\n" + kind + b"\r\n"
    body += field % b"file" + b'; filename="' + name + b'"\r\n\r\n' + office.pdf + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await office.call(
        "granny", "POST", f"/applications/{application}/documents", content=body, headers=headers
    )
    assert answer.status_code == status, answer.text
    assert len((await office.read(application))["documents"]) == (status == 201)
