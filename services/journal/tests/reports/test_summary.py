"""J-18: a class's marks of periods and the year side by side, and what to look at."""

from datetime import date
from typing import Any

import pytest

from journal.reports.rules import year_anomalies
from shared.ops.ids import new_id


async def summary(made: Any, who: Any = None) -> dict[str, Any]:
    school = made.journal.school
    answer = await made.get(who or school.orlova, f"/classes/{school.class_7a}/attestation/summary")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def give(made: Any, pupil: Any, period: Any, value: str) -> None:
    school = made.journal.school
    await made.sql(
        """
        INSERT INTO attestation_marks (school_id, attestation_mark_id, pupil_id, class_id, subject_id, year_starts_on,
                                       period_id, value, author_id, set_at)
        VALUES (:school, :id, :pupil, :class, :subject, '2026-09-01', :period, :value, :author, now())
        """,
        school=school.school_id,
        id=new_id(),
        pupil=pupil,
        subject=school.maths,
        period=period,
        value=value,
        author=school.orlova.person_id,
        **{"class": school.class_7a},
    )


async def test_j_18_periods_and_year_side_by_side(half_year: Any, at: Any) -> None:
    at("2027-06-01 12:00")
    school, second = half_year.journal.school, new_id()
    await half_year.sql(
        """
        INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade, number,
                             title, starts_on, ends_on)
        VALUES (:school, :period, '2026/27', '2026-09-01', 'half_year', 5, 9, 2, 'II полугодие', :first, :last)
        """,
        school=school.school_id,
        period=second,
        first=date(2027, 1, 11),
        last=date(2027, 5, 31),
    )
    for pupil, periods in (
        (school.misha, {half_year.period: "4", second: "5", None: "4"}),
        (school.olya, {second: "3"}),
    ):
        for period, value in periods.items():
            await give(half_year, pupil, period, value)
    sheet = await summary(half_year)
    assert [period["title"] for period in sheet["periods"]] == ["I полугодие", "II полугодие"]
    assert [one["subject"] for one in sheet["subjects"]] == ["Математика"]
    cells = {line["pupil_id"]: line["cells"][0] for line in sheet["items"]}
    misha, olya = cells[str(school.misha)], cells[str(school.olya)]
    assert (misha["period_marks"], misha["year_mark"], misha["of_year"]["proposed"]) == (["4", "5"], "4", 5)
    assert misha["anomalies"] == ["against_period_marks"]
    assert (olya["period_marks"], olya["year_mark"]) == ([None, "3"], None)
    assert olya["anomalies"] == ["period_mark_missing", "year_mark_missing"]


async def test_what_is_not_over_misses_nothing(half_year: Any, at: Any) -> None:
    at("2026-11-27 12:00")
    assert all(not cell["anomalies"] for line in (await summary(half_year))["items"] for cell in line["cells"])


async def test_the_sheet_takes_the_same_queries_however_large_the_class(half_year: Any) -> None:
    school = half_year.journal.school
    with half_year.journal.counting() as small:
        await half_year.get(school.deputy, f"/classes/{school.class_7b}/attestation/summary")
    with half_year.journal.counting() as large:
        await summary(half_year, school.deputy)
    assert len(small) == len(large)


@pytest.mark.parametrize(
    ("period_marks", "over", "year_mark", "proposed", "found"),
    [
        (["4", "5"], [True, True], "5", 5, []),
        (["4", "5"], [True, True], "4", 5, ["against_period_marks"]),
        (["4", None], [True, False], None, 4, []),
        (["4", None], [True, True], None, 4, ["period_mark_missing", "year_mark_missing"]),
        (["зачёт", "зачёт"], [True, True], "зачёт", None, []),
        (["4", "4"], [True, True], "осв", 4, []),
        ([], [], None, None, []),
    ],
)
def test_anomalies_of_a_year(
    period_marks: list[str | None], over: list[bool], year_mark: str | None, proposed: int | None, found: list[str]
) -> None:
    """J-18."""
    assert year_anomalies(period_marks, over, year_mark, proposed) == found
