"""J-30: the own average against the class's."""

from typing import Any

import pytest

from journal.diary.answers import ChartOut


async def points(diary: Any, who: Any = None, **params: Any) -> list[dict[str, Any]]:
    chart = await diary.seen(who or diary.school.mother, "chart", params=params)
    found: list[dict[str, Any]] = chart["points"]
    return found


async def test_the_own_average_over_time_by_subject(diary: Any) -> None:
    """J-30; the default: by subject and week."""
    await diary.quarters()
    for value in ("5", "4", "4", "зачёт"):
        await diary.mark(value)
    chart = await diary.seen(diary.school.mother, "chart")
    (point,) = chart["points"]
    assert point == {
        "subject_id": str(diary.school.maths),
        "subject": "Математика",
        "category": None,
        "starts_on": "2026-11-23",
        "own_marks": 3,
        "own_average": "4.33",
        "class_average": None,
    }
    assert ChartOut.model_validate(chart).model_dump(mode="json", by_alias=True) == chart


@pytest.mark.parametrize(
    ("by", "starts_on"),
    [("week", "2026-11-23"), ("month", "2026-11-01"), ("period", "2026-11-05"), ("year", "2026-09-01")],
)
async def test_criteria_combine(diary: Any, by: str, starts_on: str) -> None:
    """J-30: category of the control form within each step."""
    await diary.quarters()
    await diary.mark("3", "Контрольная работа")
    await diary.mark("5")
    found = await points(diary, by=[by, "category"])
    assert [(one["category"], one["own_average"], one["starts_on"], one["subject"]) for one in found] == [
        ("class", "5.00", starts_on, None),
        ("control", "3.00", starts_on, None),
    ]
    assert [one["category"] for one in await points(diary, by=[by, "category"], category="control")] == ["control"]
    assert await points(diary, by=[by], subject=str(diary.school.literature)) == []


async def test_the_class_average_needs_five_pupils_with_marks(diary: Any) -> None:
    """J-1, J-30: with fewer, somebody's mark could be reckoned from it."""
    await diary.mark("5")
    mates = await diary.enrol(4)
    for mate in mates[:3]:
        await diary.mark("2", pupil_id=mate)
    await diary.mark("зачёт", pupil_id=mates[3])  # no number, so no fifth pupil
    assert [one["class_average"] for one in await points(diary)] == [None]
    await diary.mark("3", pupil_id=mates[3])
    # (5 + 2 + 2 + 2 + 3) / 5 = 2.8
    assert [one["class_average"] for one in await points(diary)] == ["2.8"]


async def test_choosing_days_does_not_cut_the_class_average(diary: Any) -> None:
    """J-30, J-31: two charts that differ by a day would give away the marks of that day."""
    await diary.mark("5")
    for mate in await diary.enrol(4):
        await diary.mark("3", pupil_id=mate)
    (point,) = await points(diary, **{"from": "2026-11-24", "to": "2026-11-25"})
    assert (point["own_marks"], point["own_average"], point["class_average"]) == (0, None, "3.4")


async def test_the_chart_names_nobody(diary: Any) -> None:
    """J-1"""
    await diary.mark("5")
    mates = await diary.enrol(4)
    for mate in mates:
        await diary.mark("3", pupil_id=mate)
    answer = await diary.get(diary.school.mother, "chart")
    assert not any(word in answer.text for word in ("Яшин", *map(str, mates)))


async def test_a_chart_has_one_step_in_time(diary: Any) -> None:
    answer = await diary.get(diary.school.mother, "chart", params={"by": ["week", "month"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "steps_unclear")
    answer = await diary.get(diary.school.mother, "chart", params={"by": "hour"})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_two_statements_however_many_marks(diary: Any) -> None:
    await diary.seen(diary.school.mother, "chart")
    for mate in await diary.enrol(5):
        await diary.mark("3", pupil_id=mate)
    with diary.journal.counting() as statements:
        await diary.seen(diary.school.mother, "chart")
    assert len(statements) == 2
