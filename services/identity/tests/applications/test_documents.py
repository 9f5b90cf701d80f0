"""I-24: documents are judged by content, kept encrypted, and only ever saved."""

import pytest
from sqlalchemy import text

from identity.applications.rules import LARGEST_DOCUMENT, MOST_DOCUMENTS
from identity.worker import clear_away

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(200)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200)


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")]
)
async def test_i_24_types_by_content(office, content, media_type):
    """The file calls itself a Word document in name and header."""
    application = await office.draft()
    document = (await office.attach(application, "identity_document", content)).json()["document_id"]
    (listed,) = (await office.read(application))["documents"]
    assert (listed["media_type"], listed["size"], listed["name"]) == (media_type, len(content), "Белова Галина.docx")
    saved = await office.call("granny", "GET", f"/applications/{application}/documents/{document}")
    assert saved.content == content
    assert saved.headers["content-type"] == media_type
    assert saved.headers["content-disposition"].startswith('attachment; filename="identity_document.')
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert saved.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04" + bytes(100), b"<html><script>1</script>", b"GIF89a" + bytes(50), b"MZ" + bytes(200), PDF[1:],
     b"<svg xmlns='http://www.w3.org/2000/svg'/>" + PDF],
)  # fmt: skip
async def test_i_24_other_types_are_refused(office, problem, content):
    application = await office.draft()
    refused = await office.attach(application, "other", content)
    assert (refused.status_code, problem(refused)["code"]) == (422, "document_type")
    assert (await office.read(application))["documents"] == []


async def test_i_24_ten_megabytes_and_not_a_byte_more(office, problem):
    application = await office.draft()
    largest = PDF + bytes(LARGEST_DOCUMENT - len(PDF))
    assert (await office.attach(application, "other", largest)).status_code == 201
    over = await office.attach(application, "other", largest + b"0")
    assert (over.status_code, problem(over)["code"]) == (413, "document_too_large")
    far_over = await office.attach(application, "other", largest + bytes(1024 * 1024))
    assert (far_over.status_code, problem(far_over)["code"]) == (413, "body_too_large")
    elsewhere = await office.identity.http.post("/api/identity/v1/sessions", content=bytes(5 * 1024 * 1024))
    assert elsewhere.status_code == 413, "the larger limit is for documents alone"


async def test_documents_are_limited_and_taken_off(office, problem):
    application = await office.draft()
    ids = [(await office.attach(application, "other")).json()["document_id"] for _ in range(MOST_DOCUMENTS)]
    full = await office.attach(application, "other")
    assert (full.status_code, problem(full)["code"]) == (409, "too_many_documents")
    gone = await office.call("granny", "DELETE", f"/applications/{application}/documents/{ids[0]}")
    assert gone.status_code == 204
    again = await office.call("granny", "DELETE", f"/applications/{application}/documents/{ids[0]}")
    assert (again.status_code, problem(again)["code"]) == (404, "document_not_found")
    assert len((await office.read(application))["documents"]) == MOST_DOCUMENTS - 1


async def test_law_7_nothing_of_form_and_documents_is_in_clear(office, emitted):
    secret = PDF + b"series 4509 number 123456"
    application = await office.draft(child={"surname": "Тайный", "given_name": "Гость", "birth_date": "2013-02-11"})
    await office.attach(application, "identity_document", secret)
    await office.attach(application, "guardianship_document", secret)
    assert (await office.submit(application)).status_code == 200
    await office.decide(application, "review")
    async with office.identity.database.read() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        dump = b""
        for table in tables.all():
            rows = await session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- names from the catalogue
            for row in rows:
                dump += b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    assert application.encode() in dump, "the dump sees the tables"
    for word in ("Тайный", "2013-02-11", "1957-03-04", "4509", "Белова Галина.docx"):
        assert word.encode() not in dump
    said = b"".join(
        event.payload() for event in await emitted(office.identity.database) if "Application" in type(event).__name__
    )
    assert "Белова".encode() not in said
    assert application.encode() in said


async def test_documents_are_for_applicant_and_school_alone(office, problem):
    application = await office.submitted()
    document = (await office.read(application))["documents"][0]["document_id"]
    school = f"/schools/{office.school_id}/applications/{application}"
    for who in ("mother", "pupil"):
        for path in (f"/applications/{application}", school):
            for end in ("", f"/documents/{document}"):
                answer = await office.call(who, "GET", path + end)
                assert answer.status_code == 404, (who, path)
    saved = await office.call("teacher", "GET", f"{school}/documents/{document}")
    assert saved.content == office.pdf
    assert saved.headers["content-disposition"].startswith("attachment")
    last = (await office.read(application))["history"][-1]
    assert (last["step"], last["by"]) == ("document_opened", "school"), "who reads scans of passports is kept"
    missing = await office.call("teacher", "GET", f"{school}/documents/{application}")
    assert (missing.status_code, problem(missing)["code"]) == (404, "document_not_found")


async def test_i_24_files_are_kept_no_longer_than_needed(office, moment):
    async def files():
        async with office.identity.database.read() as session:
            return await session.scalar(text("SELECT count(*) FROM application_documents"))

    withdrawn, refused, waiting = await office.submitted(), await office.in_review(), await office.submitted()
    abandoned = await office.draft()
    await office.decide(refused, "refuse", ground="not_a_pupil")
    version = (await office.read(withdrawn))["version"]
    await office.call("granny", "POST", f"/applications/{withdrawn}/withdraw", json={"version": version})
    assert await files() == 4, "withdrawn: at once"
    moment.passes(days=29)
    await clear_away(office.identity.container)
    assert await files() == 4
    moment.passes(days=2)
    await clear_away(office.identity.container)
    assert await files() == 2, "decided: after 30 days; what still waits is kept"
    assert len((await office.read(waiting))["documents"]) == 2
    moment.passes(days=60)
    await clear_away(office.identity.container)
    listed = (await office.call("granny", "GET", "/applications")).json()["items"]
    assert {item["application_id"] for item in listed} == {withdrawn, refused, waiting}
    assert abandoned not in {item["application_id"] for item in listed}


async def test_documents_together_are_limited(office, problem):
    application = await office.draft()
    large = PDF + bytes(LARGEST_DOCUMENT - len(PDF))
    for _ in range(3):
        assert (await office.attach(application, "other", large)).status_code == 201
    over = await office.attach(application, "other")
    assert (over.status_code, problem(over)["code"]) == (409, "documents_too_large")
