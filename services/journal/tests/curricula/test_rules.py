"""J-7: which lesson gets which topic."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from journal.curricula.rules import HeldLesson, Topic, new_topics

CLASS, SUBJECT = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 11, 23)


def lesson(number: int, topic: str = "", *, from_plan: bool = False) -> HeldLesson:
    return HeldLesson(CLASS, SUBJECT, UUID(int=number + 10), MONDAY + timedelta(days=number), topic, from_plan)


held = st.lists(st.tuples(st.sampled_from(["", "Старая", "Дроби"]), st.booleans()), max_size=12).map(
    lambda found: [lesson(number, topic, from_plan=planned) for number, (topic, planned) in enumerate(found)]
)
plans = st.lists(st.builds(Topic, st.sampled_from(["Дроби", "Проценты"]), st.integers(1, 3)), max_size=4)


@given(held, plans, st.integers(0, 12))
def test_only_empty_and_coming_planned_topics_change_and_twice_is_as_once(
    lessons: list[HeldLesson], plan: list[Topic], days: int
) -> None:
    today = MONDAY + timedelta(days=days)
    hours = [one.title for one in plan for _ in range(one.hours)]
    given_topics = {one.lesson.lesson_id: one.topic for one in new_topics(lessons, {(CLASS, SUBJECT): plan}, today)}
    after = []
    for number, one in enumerate(lessons):
        topic = given_topics.get(one.lesson_id)
        if topic is None:
            after.append(one)
            continue
        assert not one.topic or (one.from_plan and one.date >= today)
        assert topic == (hours[number] if number < len(hours) else "")
        after.append(lesson(number, topic, from_plan=True))
    assert not new_topics(after, {(CLASS, SUBJECT): plan}, today)


def test_hours_are_counted_by_class_and_subject() -> None:
    other = HeldLesson(UUID(int=3), SUBJECT, UUID(int=99), MONDAY, "", from_plan=False)
    found = new_topics([lesson(0), other, lesson(1)], {(CLASS, SUBJECT): [Topic("Дроби", 1)]}, MONDAY)
    assert [(one.lesson.lesson_id, one.topic) for one in found] == [(UUID(int=10), "Дроби")]
