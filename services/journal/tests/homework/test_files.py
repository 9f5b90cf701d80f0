"""J-23: files of a task, judged by what is inside, saved by the families of the class."""

import asyncio
import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter
from sqlalchemy import text

from journal.homework.rules import LARGEST_FILE, MOST_FILES, file_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(200)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200)
DAYS = {"from": "2026-11-23", "to": "2026-11-29"}
OOXML = "application/vnd.openxmlformats-officedocument."
TYPES = '<Types><Default Extension="xml" ContentType="application/xml"/>{}</Types>'
MAIN = '<Override PartName="/{}" ContentType="{}.main+xml"/>'
WORD = OOXML + "wordprocessingml.document"


def archive(*parts: tuple[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts:
            package.writestr(name, part)
    return content.getvalue()


def ooxml(kind: str, part: str, *more: tuple[str, str]) -> bytes:
    return archive(("[Content_Types].xml", TYPES.format(MAIN.format(part, kind))), (part, "<a/>"), *more)


def workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet()
    return content.getvalue()


DOCX = ooxml(WORD, "word/document.xml")
PPTX = ooxml(OOXML + "presentationml.presentation", "ppt/presentation.xml")
ODT = archive(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>"))


async def give(teaching: Any) -> str:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    path = f"/lessons/{lesson_id}/homework"
    answer = await teaching.call(teaching.school.orlova, "POST", path, json={"text": "Рабочий лист"})
    return answer.json()["homework"]["homework_id"]


async def attach(teaching: Any, task: str, content: bytes = PDF, name: str = "лист.pdf", who: Any = None) -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return await teaching.call(who or teaching.school.orlova, "POST", f"/homework/{task}/files", files=files)


async def listed(teaching: Any) -> list[dict[str, Any]]:
    path = f"/diaries/{teaching.school.misha}/homework"
    return (await teaching.get(teaching.school.mother, path, params=DAYS)).json()["items"]


@pytest.mark.parametrize(
    ("content", "media_type", "ending"),
    [
        (PDF, "application/pdf", "pdf"),
        (JPEG, "image/jpeg", "jpg"),
        (PNG, "image/png", "png"),
        (DOCX, WORD, "docx"),
        (workbook(), OOXML + "spreadsheetml.sheet", "xlsx"),
        (PPTX, OOXML + "presentationml.presentation", "pptx"),
        (ODT, "application/vnd.oasis.opendocument.text", "odt"),
    ],
)
async def test_the_family_saves_what_the_teacher_attached(
    teaching: Any, content: bytes, media_type: str, ending: str
) -> None:
    """J-23: by content, whatever the name says; never shown in place."""
    task = await give(teaching)
    attached = await attach(teaching, task, content, name="Рабочий лист.exe")
    assert attached.status_code == 201, attached.text
    name = f"Рабочий лист.exe.{ending}"
    ((file,),) = [item["files"] for item in await listed(teaching)]
    assert file == attached.json()
    assert (file["name"], file["media_type"], file["size"]) == (name, media_type, len(content))
    saved = await teaching.get(teaching.school.mother, f"/homework/{task}/files/{file['file_id']}")
    assert (saved.status_code, saved.content) == (200, content)
    assert saved.headers["content-type"] == media_type
    assert saved.headers["content-disposition"] == (
        f'attachment; filename="homework.{ending}"; '
        f"filename*=UTF-8''%D0%A0%D0%B0%D0%B1%D0%BE%D1%87%D0%B8%D0%B9%20%D0%BB%D0%B8%D1%81%D1%82.exe.{ending}"
    )
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert saved.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>1</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>" + PDF,
        b"GIF89a" + bytes(50),
        b"MZ" + bytes(200),
        b"PK\x03\x04" + bytes(100),
        archive(("a.txt", "just an archive")),
        DOCX[:-30],
        b"<script>" + DOCX,
        archive(("mimetype", "application/epub+zip")),
        archive(("content.xml", "<a/>"), ("mimetype", "application/vnd.oasis.opendocument.text")),
        ooxml("application/vnd.ms-word.document.macroEnabled", "word/document.xml"),
        ooxml(WORD, "word/document.xml", ("word/vbaProject.bin", "macro")),
        archive(
            ("[Content_Types].xml", MAIN.format("a", WORD) + MAIN.format("b", OOXML + "spreadsheetml.sheet")),
        ),
    ],
)
async def test_other_kinds_are_refused(teaching: Any, content: bytes) -> None:
    """J-23: neither pages with scripts nor programs nor macros come to families this way."""
    task = await give(teaching)
    refused = await attach(teaching, task, content)
    assert (refused.status_code, refused.json()["code"]) == (422, "homework_file_type")
    assert [item["files"] for item in await listed(teaching)] == [[]]


async def test_ten_megabytes_and_not_a_byte_more(teaching: Any) -> None:
    task = await give(teaching)
    largest = PDF + bytes(LARGEST_FILE - len(PDF))
    assert (await attach(teaching, task, largest)).status_code == 201
    over = await attach(teaching, task, largest + b"0")
    assert (over.status_code, over.json()["code"]) == (413, "homework_file_too_large")
    far_over = await attach(teaching, task, largest + bytes(1024 * 1024))
    assert (far_over.status_code, far_over.json()["code"]) == (413, "body_too_large")
    elsewhere = await teaching.client.patch(f"/api/journal/v1/homework/{task}", content=bytes(5 * 1024 * 1024))
    assert elsewhere.status_code == 413, "the larger limit is for files alone"


async def test_five_files_even_when_sent_at_once(teaching: Any) -> None:
    task = await give(teaching)
    answers = await asyncio.gather(*(attach(teaching, task) for _ in range(MOST_FILES + 3)))
    assert sorted(answer.status_code for answer in answers) == [201] * MOST_FILES + [409] * 3
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too_many_homework_files"}
    assert [len(item["files"]) for item in await listed(teaching)] == [MOST_FILES]


async def test_a_file_is_an_edit_that_disturbs_nobody(teaching: Any) -> None:
    """J-23: each shows when it was last edited."""
    task = await give(teaching)
    (before,) = await listed(teaching)
    await attach(teaching, task)
    (after,) = await listed(teaching)
    assert after["edited_at"] > before["edited_at"]
    path = f"/homework/{task}"
    edited = await teaching.call(teaching.school.orlova, "PATCH", path, json={"version": 1, "text": "Другой лист"})
    assert edited.status_code == 200, "the text has been edited by nobody else"
    assert [file["name"] for file in edited.json()["homework"]["files"]] == ["лист.pdf"]


async def test_taken_off_and_taken_back(teaching: Any) -> None:
    task = await give(teaching)
    one, two = [(await attach(teaching, task)).json()["file_id"] for _ in range(2)]
    school = teaching.school
    assert (await teaching.call(school.orlova, "DELETE", f"/homework/{task}/files/{one}")).status_code == 204
    again = await teaching.call(school.orlova, "DELETE", f"/homework/{task}/files/{one}")
    assert (again.status_code, again.json()["code"]) == (404, "homework_file_not_found")
    assert (await teaching.get(school.mother, f"/homework/{task}/files/{one}")).status_code == 404
    assert (await teaching.get(school.mother, f"/homework/{task}/files/{two}")).status_code == 200
    assert (await teaching.call(school.orlova, "DELETE", f"/homework/{task}", params={"version": 1})).status_code == 204
    assert (await teaching.get(school.mother, f"/homework/{task}/files/{two}")).status_code == 404
    async with teaching.container.database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM homework_files")) == 0


@pytest.mark.parametrize(
    ("who", "attaches", "saves"),
    [
        ("orlova", 201, 200),
        ("gusev", 403, 200),
        ("gromov", 403, 200),
        ("mother", 404, 200),
        ("misha_himself", 404, 200),
        ("administrator", 404, 404),
        ("stranger", 404, 404),
    ],
)
async def test_who_attaches_and_who_saves(teaching: Any, who: str, attaches: int, saves: int) -> None:
    """J-1: the subject teacher keeps it; staff of the class and its families read it."""
    task = await give(teaching)
    file = (await attach(teaching, task)).json()["file_id"]
    somebody = getattr(teaching.school, who)
    assert (await attach(teaching, task, who=somebody)).status_code == attaches
    assert (await teaching.get(somebody, f"/homework/{task}/files/{file}")).status_code == saves
    removed = await teaching.call(somebody, "DELETE", f"/homework/{task}/files/{file}")
    assert removed.status_code == (204 if attaches == 201 else attaches)


async def test_families_of_other_classes_do_not_save_it(teaching: Any) -> None:
    """J-1: the file goes the way of the homework."""
    task = await give(teaching)
    file = (await attach(teaching, task)).json()["file_id"]
    school = teaching.school
    await teaching.hears(school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил"))
    assert (await teaching.get(school.mother, f"/homework/{task}/files/{file}")).status_code == 404
    assert (await teaching.get(school.orlova, f"/homework/{uuid4()}/files/{file}")).status_code == 404


async def test_lists_ask_once_for_all_files(teaching: Any) -> None:
    task = await give(teaching)
    await listed(teaching)  # the first look of a day is written down before the answer (J-2)
    with teaching.counting() as few:
        await listed(teaching)
    for another in (task, await give(teaching), await give(teaching)):
        await attach(teaching, another)
        await attach(teaching, another)
    with teaching.counting() as many:
        await listed(teaching)
    assert len(few) == len(many)
    assert not any("homework_files.content" in statement for statement in many)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("лист.pdf", "лист.pdf"),
        ("Лист.PDF", "Лист.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Документы\\лист.pdf", "лист.pdf"),
        ("", "файл.pdf"),
        ("...", "файл.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("я" * 500, "я" * 120 + ".pdf"),
    ],
)
def test_names_are_made_harmless(sent: str, name: str) -> None:
    assert file_name(sent, "pdf") == name
