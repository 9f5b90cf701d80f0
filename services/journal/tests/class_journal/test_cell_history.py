"""J-11, J-15: nothing is silently deleted, and what was can be read."""

from typing import Any

import pytest


async def history(lesson: Any, who: Any = None, pupil: int = 0) -> Any:
    school = lesson.journal.school
    path = f"/lessons/{lesson.lesson_id}/pupils/{lesson.pupils[pupil]}/history"
    return await lesson.journal.get(who or school.deputy, path)


async def test_a_cell_tells_what_ever_stood_in_it(lesson: Any) -> None:
    """J-11: old value, author, time, reason, of what was changed and of what was removed; J-15: what vanished."""
    await lesson.put(lesson.add(0, "2", comment="Не готов"))
    await lesson.put(lesson.row("set", 0, value="3", version=1, reason="Описка"))
    await lesson.put(lesson.row("clear", 0, version=2, reason="Не тот ученик"))
    await lesson.put(lesson.row("absent", 0, absence_reason="б"))
    await lesson.put(lesson.row("late", 0, version=1, minutes=5))
    await lesson.point(0, comment="Сдать")
    await lesson.put(lesson.row("unpoint", 0, version=1))
    answer = await history(lesson)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [(one["what"], one["version"], one["value"], one["then"], one["because"]) for one in items] == [
        ("mark", 1, "2", "changed", "Описка"),
        ("mark", 2, "3", "removed", "Не тот ученик"),
        ("absence", 1, "absent", "changed", None),
        ("absence", 2, "late", None, None),
        ("point", 1, "debt", "withdrawn", None),
    ]
    two, three, absent, late, point = items
    assert (two["comment"], two["control_form"], two["author"]) == (
        "Не готов",
        "Ответ на уроке",
        "Орлова Марина Сергеевна",
    )
    assert two["id"] == three["id"] != point["id"]
    assert (two["by"], two["at"]) == ("Орлова Марина Сергеевна", three["written_at"])
    assert (absent["absence_reason"], late["minutes"], late["by"]) == ("б", 5, None)
    assert (point["due_on"], point["comment"]) == ("2099-05-20", "Сдать")
    assert (await history(lesson, pupil=1)).json() == {"items": []}


@pytest.mark.parametrize(
    ("who", "status"),
    [("orlova", 200), ("gromov", 200), ("gusev", 404), ("administrator", 404), ("mother", 404), ("stranger", 404)],
)
async def test_it_is_for_who_may_read_the_page(lesson: Any, who: str, status: int) -> None:
    """J-1: no family reads it, not even of the own child: it names who erred."""
    assert (await history(lesson, getattr(lesson.journal.school, who))).status_code == status
