"""J-11: corrections and removals keep history."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.contracts.journal import GradeChanged, GradePosted, GradeRemoved


class Posted:
    """A mark «5» of Миша with the comment «Решил»."""

    def __init__(self, journal: Any, mark: dict[str, Any]) -> None:
        self.journal = journal
        self.mark_id: str = mark["mark_id"]

    async def patch(self, who: Any = None, **body: Any) -> Any:
        who = who or self.journal.school.orlova
        return await self.journal.call(who, "PATCH", f"/marks/{self.mark_id}", json={"version": 1} | body)

    async def delete(self, who: Any = None, *, version: int = 1, **body: Any) -> Any:
        who = who or self.journal.school.orlova
        said = {"json": body} if body else {}
        return await self.journal.call(who, "DELETE", f"/marks/{self.mark_id}", params={"version": version}, **said)

    async def grow_old(self) -> None:
        async with self.journal.container.database.uow.begin() as tx:
            await tx.session.execute(text("UPDATE marks SET posted_at = posted_at - interval '7 days 1 minute'"))

    async def history(self) -> list[Any]:
        async with self.journal.container.database.read() as session:
            return list(await session.execute(text("SELECT * FROM mark_history ORDER BY version")))


@pytest_asyncio.fixture
async def posted(teaching: Any) -> Posted:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    answer = await teaching.post_mark(teaching.school.orlova, lesson_id, comment="Решил")
    return Posted(teaching, answer.json()["mark"])


async def test_a_correction_is_told_and_what_was_is_kept(posted: Posted, emitted: Any) -> None:
    answer = await posted.patch(value="4", reason="Описка")
    assert answer.status_code == 200, answer.text
    mark = answer.json()["mark"]
    assert (mark["value"], mark["version"], mark["comment"]) == ("4", 2, "Решил")
    assert answer.json()["averages"]["weighted"] == "4.00"
    _, told = await emitted(posted.journal.container.database)
    assert isinstance(told, GradeChanged)
    assert (told.old_value, told.value, told.mark_version) == ("5", "4", 2)
    (old,) = await posted.history()
    assert (old.value, old.version, old.comment, old.operation, old.reason) == ("5", 1, "Решил", "changed", "Описка")
    assert old.author_id == old.replaced_by == posted.journal.school.orlova.person_id
    assert old.written_at <= old.replaced_at


async def test_what_is_not_named_stays_and_null_takes_the_comment_away(posted: Posted) -> None:
    form = await posted.journal.form("Контрольная работа")
    changed = (await posted.patch(control_form_id=form)).json()["mark"]
    assert (changed["value"], changed["comment"], changed["control_form"]["weight"]) == ("5", "Решил", 5)
    cleared = (await posted.patch(version=2, comment=None)).json()["mark"]
    assert (cleared["comment"], cleared["version"]) == (None, 3)


async def test_a_correction_that_changes_nothing_says_nothing(posted: Posted, emitted: Any) -> None:
    answer = await posted.patch(value="5")
    assert answer.json()["mark"]["version"] == 1
    assert len(await emitted(posted.journal.container.database)) == 1
    assert not await posted.history()


async def test_a_stale_correction_is_told_how_it_stands(posted: Posted) -> None:
    await posted.patch(value="4")
    for answer in (await posted.patch(value="3"), await posted.delete()):
        assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
        assert answer.json()["current"] == {
            "mark_id": posted.mark_id,
            "version": 2,
            "value": "4",
            "comment": "Решил",
        }


async def test_a_removed_mark_counts_no_more_and_its_history_stays(posted: Posted, emitted: Any) -> None:
    answer = await posted.delete(reason="Другой ученик")
    assert (answer.status_code, answer.json()) == (200, {"weighted": None, "simple": None, "absences": 0})
    first, told = await emitted(posted.journal.container.database)
    assert isinstance(first, GradePosted)
    assert isinstance(told, GradeRemoved)
    assert (told.mark_id, told.old_value) == (UUID(posted.mark_id), "5")
    (old,) = await posted.history()
    assert (old.value, old.operation, old.reason) == ("5", "removed", "Другой ученик")
    for again in (await posted.delete(version=2), await posted.patch(version=2, value="4")):
        assert (again.status_code, again.json()["code"]) == (404, "mark_not_found")


async def test_after_the_edit_window_a_reason_is_needed(posted: Posted) -> None:
    await posted.grow_old()
    for refused in (await posted.patch(value="4"), await posted.delete()):
        assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")
    assert (await posted.patch(value="4", reason="Апелляция")).status_code == 200
    assert (await posted.delete(version=2, reason="Ошибка")).status_code == 200


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("gusev", 403, "not_your_lesson"), ("gromov", 403, "not_your_lesson"), ("mother", 404, "mark_not_found"),
     ("misha_himself", 404, "mark_not_found"), ("stranger", 404, "mark_not_found")],
)  # fmt: skip
async def test_only_the_subject_teacher_changes(posted: Posted, emitted: Any, who: str, status: int, code: str) -> None:
    """J-1"""
    somebody = getattr(posted.journal.school, who)
    for answer in (await posted.patch(somebody, value="2"), await posted.delete(somebody)):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(await emitted(posted.journal.container.database)) == 1


async def test_an_unknown_mark_is_not_found(posted: Posted) -> None:
    posted.mark_id = str(uuid4())
    assert (await posted.patch(value="2")).status_code == 404


@pytest.mark.parametrize("body", [{"version": 0}, {"version": "1"}, {"value": "6"}, {"why": "?"}, {"version": 2**40}])
async def test_bad_corrections_are_named(posted: Posted, body: dict[str, Any]) -> None:
    answer = await posted.patch(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
