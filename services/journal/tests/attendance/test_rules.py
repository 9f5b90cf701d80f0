"""J-22 without a database."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from journal.attendance.rules import Missed, PeriodOfCalendar, calendar

MONDAY = date(2026, 11, 23)
SUBJECTS = [UUID(int=number) for number in range(100, 103)]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Missed], list[tuple[date, UUID]]]:
    """Some days with lessons, some of which were missed or come to late."""
    lessons, missed = [], []
    for number in range(draw(st.integers(0, 25))):
        day, lesson_id = MONDAY + timedelta(days=draw(st.integers(0, 4))), UUID(int=number)
        lessons.append((day, lesson_id))
        kind = draw(st.sampled_from(["present", "absent", "late"]))
        if kind != "present":
            reason = draw(st.sampled_from(["у", "б", "нп", "осв", None]))
            missed.append(Missed(day, lesson_id, draw(st.sampled_from(SUBJECTS)), kind, reason, number))  # type: ignore[arg-type]  # drawn from the literals
    return sorted(missed, key=lambda one: one.date), lessons


@given(weeks())
def test_a_day_is_missed_if_all_its_lessons_are(week: tuple[list[Missed], list[tuple[date, UUID]]]) -> None:
    missed, lessons = week
    absent = {one.lesson_id for one in missed if one.kind == "absent"}
    found = calendar(missed, lessons)
    days = {day for day, _ in lessons}
    whole = {day for day in days if all(lesson in absent for at, lesson in lessons if at == day)}
    assert {day.date for day in found.days if day.whole_day} == whole
    assert found.days_missed == len(whole)


@given(weeks())
def test_every_lesson_missed_is_counted_once(week: tuple[list[Missed], list[tuple[date, UUID]]]) -> None:
    missed, lessons = week
    found = calendar(missed, lessons)
    assert [one for day in found.days for one in day.missed] == missed
    assert found.total.absent + found.total.late == len(missed)
    assert sum(counts.absent for _, counts in found.by_subject) == found.total.absent
    assert sum(counts.late for _, counts in found.by_subject) == found.total.late
    for _, counts in (*found.by_subject, (None, found.total)):
        assert sum(number for _, number in counts.by_reason) == counts.absent


def test_being_late_is_not_missing() -> None:
    lesson = UUID(int=1)
    found = calendar([Missed(MONDAY, lesson, SUBJECTS[0], "late", None, 1)], [(MONDAY, lesson)])
    assert (found.days[0].whole_day, found.total.absent, found.total.late) == (False, 0, 1)


@given(weeks())
def test_periods_share_out_what_was_missed(week: tuple[list[Missed], list[tuple[date, UUID]]]) -> None:
    """J-22: counts per period."""
    missed, lessons = week
    wednesday = MONDAY + timedelta(days=2)
    first = PeriodOfCalendar(UUID(int=1), "I четверть", MONDAY - timedelta(days=80), wednesday)
    second = PeriodOfCalendar(UUID(int=2), "II четверть", wednesday + timedelta(days=1), MONDAY + timedelta(days=40))
    found = calendar(missed, lessons, [first, second])
    parts = found.by_period
    assert [part.period for part in parts] == [first, second]
    assert parts[0].counts.absent == sum(one.kind == "absent" and one.date <= wednesday for one in missed)
    assert sum(part.counts.absent for part in parts) == found.total.absent
    assert sum(part.days_missed for part in parts) == found.days_missed
