"""J-34: class journal and performance as XLSX and PDF, opened and read back."""

import asyncio
import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import openpyxl
import pypdf
import pytest

from journal.errors import TooBusyToPrint
from journal.press import Press
from journal.reports.journal_paper import Column, JournalPaper, Line
from journal.reports.prints import COLUMNS_ON_PAGE, journal_print

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NASTY = ('=HYPERLINK("http://e.org")', "+7", "-1+1", "@SUM(A1)", '#eval("1") $x$ *a* _b_ \\ `c`')  # fmt: skip


async def of_class(made: Any, ending: str, who: Any = None, **params: Any) -> Any:
    school = made.journal.school
    asked = {"subject": str(school.maths), "period": str(made.period)} | params
    return await made.get(who or school.deputy, f"/classes/{school.class_7a}/journal.{ending}", params=asked)


async def of_pupil(made: Any, ending: str, who: Any = None, **params: Any) -> Any:
    school = made.journal.school
    asked = {"period": str(made.period)} | params
    return await made.get(who or school.mother, f"/diaries/{school.misha}/performance.{ending}", params=asked)


def book(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def pages(answer: Any, keep_as: str | None = None) -> list[str]:
    assert answer.status_code == 200, answer.text
    if keep_as is not None and (kept := Path(".local/papers")).is_dir():
        (kept / keep_as).write_bytes(answer.content)  # to be looked at
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]


async def test_j_34_the_class_journal_as_a_workbook(half_year: Any) -> None:
    """The workbook says what the grid says."""
    school = half_year.journal.school
    answer = await of_class(half_year, "xlsx")
    marks, topics = book(answer).worksheets
    rows = list(marks.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "№")
    assert rows[0][0] == "Школа № 1"
    assert rows[1][0] == "Классный журнал: 7А, Математика"
    assert rows[2][0] == "I полугодие: 01.09.2026 – 30.12.2026"
    assert rows[3][0] == "Учитель: Орлова Марина Сергеевна"
    asked = {"subject": str(school.maths), "period": str(half_year.period)}
    grid = (await half_year.get(school.deputy, f"/classes/{school.class_7a}/journal", params=asked)).json()
    assert len(rows[head]) == 2 + len(grid["columns"]) + 3
    for line, pupil in zip(rows[head + 1 :], grid["pupils"], strict=True):
        assert line[1] == f"{pupil['surname']} {pupil['given_name']} {pupil['patronymic']}"
        cells = {cell["lesson_id"]: cell for cell in pupil["cells"]}
        for value, column in zip(line[2:-3], grid["columns"], strict=True):
            cell = cells.get(column["lesson_id"], {"marks": [], "absence": None})
            written = "/".join(mark["value"] for mark in cell["marks"])
            if cell["absence"]:
                written = ({"absent": "н", "late": "оп"}[cell["absence"]["kind"]] + " " + written).strip()
            assert ("" if value is None else str(value)) == written
        assert f"{line[-3]:.2f}" == pupil["weighted"]
        assert line[-2] == pupil["absences"]
    themes = list(topics.iter_rows(values_only=True))
    assert themes[0] == ("Дата", "Урок", "Тема урока", "Задание к уроку")
    assert [f"{row[0]:%Y-%m-%d}" for row in themes[1:]] == [column["date"] for column in grid["columns"]]
    assert themes[2][2:] == ("Линейная функция и её график", "№ 123, 124; правило на с. 41 наизусть")


async def test_j_34_the_class_journal_as_pages(half_year: Any) -> None:
    found = pages(await of_class(half_year, "pdf"), "journal.pdf")
    assert len(half_year.lessons) > COLUMNS_ON_PAGE, "more than a page holds"
    for page in found[:2]:
        assert "Классный журнал: 7А, Математика" in page
        assert "Яковлева Александра Дмитриевич" in page
    assert "01.09" in found[0]
    assert "Средневзв." not in found[0]
    assert "Средневзв." in found[1]
    topics = "\n".join(found[2:])
    assert "Степень с натуральным показателем и её свойства" in topics
    assert "правило на с. 41 наизусть" in topics
    assert "Заместитель директора" in topics


async def test_j_34_performance_as_a_workbook(half_year: Any) -> None:
    school = half_year.journal.school
    (sheet,) = book(await of_pupil(half_year, "xlsx")).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "Табель успеваемости: Соколов Михаил Дмитриевич, 7А"
    line = next(row for row in rows if row[0] == "Математика")
    outlook = await half_year.get(school.deputy, f"/classes/{school.class_7a}/journal", params={
        "subject": str(school.maths), "period": str(half_year.period)})  # fmt: skip
    pupil = next(one for one in outlook.json()["pupils"] if one["pupil_id"] == str(school.misha))
    assert line[1] == " ".join(mark["value"] for cell in pupil["cells"] for mark in cell["marks"])
    assert (f"{line[2]:.2f}", f"{line[3]:.2f}") == (pupil["simple"], pupil["weighted"])
    assert line[4] + line[5] == 1, "one absence or late"


async def test_j_34_performance_as_a_page(half_year: Any) -> None:
    (page,) = pages(await of_pupil(half_year, "pdf"), "performance.pdf")
    assert "Соколов Михаил Дмитриевич" in page
    assert "Математика" in page
    assert "I полугодие: 01.09.2026 – 30.12.2026" in page


async def test_the_papers_speak_english_too(half_year: Any) -> None:
    answer = await half_year.get(
        half_year.journal.school.mother,
        f"/diaries/{half_year.journal.school.misha}/performance.pdf",
        headers={"Accept-Language": "en"},
    )
    (page,) = pages(answer)
    assert "Performance" in page
    assert "Соколов Михаил Дмитриевич" in page


async def test_formulas_and_markup_stay_text(half_year: Any) -> None:
    """J-34: nothing that people wrote is carried out, by a spreadsheet or by the typesetter."""
    for number, (lesson_id, _) in enumerate(half_year.lessons):
        topic = NASTY[number % len(NASTY)]
        await half_year.sql("UPDATE lessons SET topic = :topic WHERE lesson_id = :id", topic=topic, id=lesson_id)
    answer = await of_class(half_year, "xlsx")
    _, topics = book(answer).worksheets
    written = [row[2] for row in topics.iter_rows(min_row=2)]
    assert {cell.value for cell in written} == set(NASTY)
    assert {cell.data_type for cell in written} == {"s"}, "no formula among them"
    assert all(cell.quotePrefix for cell in written if cell.value[0] in "=+-@")
    text = "\n".join(pages(await of_class(half_year, "pdf"))).replace("\n", " ")
    for nasty in NASTY:
        assert nasty.replace(" ", "") in text.replace(" ", "")


async def test_lessons_that_were_not_held_are_not_on_paper(half_year: Any) -> None:
    """J-4: nothing stands in a cancelled lesson."""
    lesson_id, day = half_year.lessons[-1]
    for table in ("marks", "absences", "homework"):
        await half_year.sql(f"DELETE FROM {table} WHERE lesson_id = :id", id=lesson_id)  # noqa: S608 -- names from here
    await half_year.sql(
        "UPDATE lessons SET cancelled_at = now(), cancelled_because = 'мороз' WHERE lesson_id = :id", id=lesson_id
    )
    _, topics = book(await of_class(half_year, "xlsx")).worksheets
    held = [row[0].date() for row in topics.iter_rows(min_row=2, values_only=True)]
    assert held == [other for _, other in half_year.lessons[:-1]]
    assert day not in held


async def test_it_is_saved_under_a_name_that_every_program_reads(half_year: Any) -> None:
    answer = await of_class(half_year, "xlsx")
    assert answer.headers["content-type"] == XLSX
    name = quote("7А Математика I полугодие.xlsx")
    assert answer.headers["content-disposition"] == f"attachment; filename=\"journal.xlsx\"; filename*=UTF-8''{name}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
@pytest.mark.parametrize(
    ("who", "journal_status", "performance_status"),
    [
        ("orlova", 200, 200),
        ("gromov", 200, 200),
        ("deputy", 200, 200),
        ("gusev", 404, 404),
        ("administrator", 404, 404),
        ("mother", 404, 200),
        ("misha_himself", 404, 200),
        ("stranger", 404, 404),
    ],
)
async def test_who_exports_what(
    teaching: Any, who: str, journal_status: int, performance_status: int, ending: str
) -> None:
    """J-1: the page of a subject for who may read it, performance for who may open the diary."""
    school, somebody = teaching.school, getattr(teaching.school, who)
    path = f"/classes/{school.class_7a}/journal.{ending}"
    answer = await teaching.get(somebody, path, params={"subject": str(school.maths)})
    assert answer.status_code == journal_status
    answer = await teaching.get(somebody, f"/diaries/{school.misha}/performance.{ending}")
    assert answer.status_code == performance_status
    if performance_status == 200 and who in {"mother", "misha_himself"}:
        assert (await teaching.get(somebody, f"/diaries/{school.olya}/performance.{ending}")).status_code == 404


async def test_a_trusted_person_exports_what_was_granted(half_year: Any) -> None:
    """J-1: marks and attendance are sections of their own."""
    with_marks, without = await half_year.trust("marks"), await half_year.trust("homework")
    (sheet,) = book(await of_pupil(half_year, "xlsx", who=with_marks)).worksheets
    line = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Математика")
    assert line[3] is not None
    assert line[4:6] == (None, None), "attendance was not granted"
    assert (await of_pupil(half_year, "xlsx", who=without)).status_code == 404


async def test_a_period_of_elsewhere_is_not_found(half_year: Any) -> None:
    for answer in (
        await of_class(half_year, "pdf", period=str(uuid4())),
        await of_pupil(half_year, "pdf", period=str(uuid4())),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "period_not_found")


async def test_an_empty_journal_is_a_paper_too(journal: Any) -> None:
    school = journal.school
    params = {"subject": str(school.literature)}
    (page,) = pages(await journal.get(school.deputy, f"/classes/{school.class_7b}/journal.pdf", params=params))
    assert "уроков не было" in page
    (page,) = pages(await journal.get(school.mother, f"/diaries/{school.misha}/performance.pdf"))
    assert "записей нет" in page
    assert book(await journal.get(school.mother, f"/diaries/{school.misha}/performance.xlsx")).worksheets


async def test_papers_take_the_same_queries_however_long_they_are(half_year: Any) -> None:
    school = half_year.journal.school
    empty = {"subject": str(school.literature), "period": str(half_year.period)}
    with half_year.journal.counting() as few:
        await half_year.get(school.deputy, f"/classes/{school.class_7a}/journal.xlsx", params=empty)
    with half_year.journal.counting() as many:
        await of_class(half_year, "xlsx")
    assert len(few) == len(many)
    with half_year.journal.counting() as performance:
        await of_pupil(half_year, "xlsx")
    assert len(performance) <= 13


async def test_the_press_is_asked_after_the_reading(half_year: Any) -> None:
    """A full press refuses a paper with Retry-After; who may not read it does not learn that."""
    press = half_year.journal.container.press
    before, press._asked = press._asked, 10_000
    try:
        for answer in (await of_class(half_year, "pdf"), await of_pupil(half_year, "xlsx")):
            assert (answer.status_code, answer.json()["code"]) == (503, "too_busy_to_print")
            assert answer.headers["retry-after"] == "30"
        assert (await of_class(half_year, "pdf", who=half_year.journal.school.stranger)).status_code == 404
    finally:
        press._asked = before


async def test_no_endless_queue_before_the_press() -> None:
    """Few at once, some wait, the rest is sent away with Retry-After."""
    press, running, most = Press(at_once=2, longest_queue=1), 0, 0
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)
        running -= 1
        return "made"

    making = [asyncio.create_task(press.make(work)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusyToPrint) as refused:
        await press.make(work)
    assert refused.value.headers == {"Retry-After": "30"}
    go.set()
    assert await asyncio.gather(*making) == ["made"] * 3
    assert most <= 2
    assert await press.make(lambda: "again") == "again"


def test_j_34_long_names_stay_on_the_paper() -> None:
    """Official names of schools are long, and several teachers share a subject: nothing is set above the page."""
    school = (
        "Государственное бюджетное общеобразовательное учреждение города Москвы «Школа с углублённым изучением "
        "иностранных языков № 1234 имени Героя Советского Союза Константина Константиновича Рокоссовского»"
    )
    teachers = ["Рахматуллина-Константинопольская Александра Константиновна", "Орлова Марина Сергеевна"]
    day = date(2026, 9, 1)
    paper = JournalPaper(
        school=school,
        class_name="11Б (физико-математический профиль)",
        subject="Вероятность и статистика (углублённый уровень)",
        period="II полугодие",
        first_day=day,
        last_day=date(2027, 5, 31),
        teachers=teachers,
        columns=[Column(day, 1, "Тема", "Задание")],
        lines=[Line("Соколов Михаил Дмитриевич", ["5"], "5.00", 0, "")],
        made_on=day,
    )
    page = pypdf.PdfReader(io.BytesIO(journal_print(paper, "ru"))).pages[0]
    heights: dict[str, float] = {}

    def note(said: str, cm: list[float], tm: list[float], *_: Any) -> None:
        # Where the text's own origin comes to lie: its matrix, then that of the page.
        heights[said.strip()] = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]

    page.extract_text(visitor_text=note)
    assert any("Рокоссовского" in said for said in heights)
    top = float(page.mediabox.height) - 15  # a capital letter of the title is 12 points high
    assert {said: at for said, at in heights.items() if said and not 0 < at < top} == {}
