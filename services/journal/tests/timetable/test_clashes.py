"""J-4: teacher, room, class and pupils are never in two lessons at once; groups that share no pupil may be."""

from datetime import date, time
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from journal.timetable.clashes import Planned, clashes

ids = st.sampled_from([UUID(int=number) for number in range(3)])
PUPILS = {UUID(int=10): {1, 2}, UUID(int=11): {3}, UUID(int=12): {2, 4}}
MEMBERS = {group: frozenset(UUID(int=100 + pupil) for pupil in pupils) for group, pupils in PUPILS.items()}
"""The first and the third share a pupil."""
times = st.tuples(st.integers(0, 12), st.integers(1, 4)).map(lambda t: (time(8 + t[0] // 4, t[0] % 4 * 15), t[1]))


@st.composite
def lessons(draw: st.DrawFn) -> list[Planned]:
    found = []
    for line in range(draw(st.integers(0, 8))):
        starts_at, quarters = draw(times)
        minutes = starts_at.hour * 60 + starts_at.minute + quarters * 15
        found.append(
            Planned(
                line=draw(st.sampled_from([line + 2, None])),
                class_id=draw(ids),
                class_name="7А",
                teacher_id=draw(ids),
                room=draw(st.sampled_from(["", "101", "102"])),
                date=date(2026, 11, draw(st.integers(23, 24))),
                number=1,
                starts_at=starts_at,
                ends_at=time(minutes // 60, minutes % 60),
                group_id=draw(st.sampled_from([None, *PUPILS])),
            )
        )
    return found


def collide(one: Planned, other: Planned, who: str) -> bool:
    of_class = one.class_id == other.class_id
    whole = None in {one.group_id, other.group_id}
    same = {
        "class": of_class and whole,
        "group": of_class and not whole and bool(PUPILS[one.group_id] & PUPILS[other.group_id]),
        "teacher": one.teacher_id == other.teacher_id,
        "room": one.room == other.room != "",
    }
    together = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return same[who] and one.date == other.date and together


@given(lessons())
def test_a_clash_is_found_where_there_is_one_and_nowhere_else(plan: list[Planned]) -> None:
    found = list(clashes(plan, MEMBERS))
    for clash in found:
        assert clash.lesson.line is not None
        assert collide(clash.lesson, clash.other, clash.who)
    for who in ("class", "group", "teacher", "room"):
        has = any(
            collide(one, other, who)
            for place, one in enumerate(plan)
            for other in plan[:place]
            if one.line is not None and other.line is not None
        )
        if has:
            # Of one lesson only one such clash is told: whether class or group is the first that was met.
            alike = {"class", "group"} if who in {"class", "group"} else {who}
            assert any(clash.who in alike for clash in found)


def test_lessons_one_after_the_other_do_not_clash() -> None:
    first = Planned(2, UUID(int=1), "7А", UUID(int=2), "101", date(2026, 11, 23), 1, time(8, 30), time(9, 15))
    second = Planned(3, UUID(int=1), "7А", UUID(int=2), "101", date(2026, 11, 23), 2, time(9, 15), time(10, 0))
    assert not list(clashes([second, first], {}))


def test_a_clash_names_the_group() -> None:
    first = Planned(
        None, UUID(int=1), "7А", UUID(int=2), "101", date(2026, 11, 23), 1, time(8, 30), time(9, 15),
        UUID(int=10), "Английский 1",
    )  # fmt: skip
    (clash,) = clashes([Planned(2, UUID(int=1), "7А", UUID(int=3), "102", *_when(first)), first], MEMBERS)
    assert (clash.who, clash.rule.code, str(clash.other)) == (
        "class",
        "class_twice",
        "7А (Английский 1), № 1, 08:30–09:15",
    )
    third = Planned(2, UUID(int=1), "7А", UUID(int=3), "102", *_when(first), UUID(int=12), "Английский 3")
    (clash,) = clashes([third, first], MEMBERS)
    assert (clash.who, clash.rule.code) == ("group", "groups_share_pupils")
    again = Planned(2, UUID(int=1), "7А", UUID(int=3), "102", *_when(first), UUID(int=10), "Английский 1")
    (clash,) = clashes([again, first], MEMBERS)
    assert (clash.who, clash.rule.code) == ("group", "group_twice")
    beside = Planned(2, UUID(int=1), "7А", UUID(int=3), "102", *_when(first), UUID(int=11), "Английский 2")
    assert not list(clashes([beside, first], MEMBERS))


def _when(lesson: Planned) -> tuple[date, int, time, time]:
    return lesson.date, lesson.number, lesson.starts_at, lesson.ends_at
