"""J-4: teacher, room and class are never in two lessons at once."""

from datetime import date, time
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from journal.timetable.clashes import Planned, clashes

ids = st.sampled_from([UUID(int=number) for number in range(3)])
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
            )
        )
    return found


def collide(one: Planned, other: Planned, who: str) -> bool:
    same = {
        "class": one.class_id == other.class_id,
        "teacher": one.teacher_id == other.teacher_id,
        "room": one.room == other.room != "",
    }
    together = one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return same[who] and one.date == other.date and together


@given(lessons())
def test_a_clash_is_found_where_there_is_one_and_nowhere_else(plan: list[Planned]) -> None:
    found = list(clashes(plan))
    for clash in found:
        assert clash.lesson.line is not None
        assert collide(clash.lesson, clash.other, clash.who)
    for who in ("class", "teacher", "room"):
        has = any(
            collide(one, other, who)
            for place, one in enumerate(plan)
            for other in plan[:place]
            if one.line is not None and other.line is not None
        )
        if has:
            assert any(clash.who == who for clash in found)


def test_lessons_one_after_the_other_do_not_clash() -> None:
    first = Planned(2, UUID(int=1), "7А", UUID(int=2), "101", date(2026, 11, 23), 1, time(8, 30), time(9, 15))
    second = Planned(3, UUID(int=1), "7А", UUID(int=2), "101", date(2026, 11, 23), 2, time(9, 15), time(10, 0))
    assert not list(clashes([second, first]))
