"""J-25 without a database."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.backpack.rules import Thing, norm_grams, weight_of

MATHS, HISTORY = uuid4(), uuid4()
things = st.lists(
    st.builds(Thing, st.sampled_from([MATHS, HISTORY]), st.sampled_from(["Учебник", "Атлас"]), st.integers(0, 2000))
)


@pytest.mark.parametrize(
    ("grades", "grams"), [((1, 2), 1500), ((3, 4), 2000), ((5, 6), 2500), ((7, 8), 3500), ((9, 10, 11), 4000)]
)
def test_norms(grades: tuple[int, ...], grams: int) -> None:
    """J-25."""
    assert {norm_grams(grade) for grade in grades} == {grams}


def test_a_double_lesson_needs_its_book_once() -> None:
    book = Thing(MATHS, "Учебник", 600)
    assert weight_of(7, [book, Thing(MATHS, "учебник", 650), Thing(HISTORY, "Учебник", 400)]).grams == 1050


def test_over_the_norm() -> None:
    assert not weight_of(1, [Thing(MATHS, "Ранец", 1500)]).over
    assert weight_of(1, [Thing(MATHS, "Ранец", 1501)]).over


@given(things, things)
def test_more_things_never_weigh_less(one: list[Thing], more: list[Thing]) -> None:
    assert weight_of(5, [*one, *more]).grams >= weight_of(5, one).grams


@given(things)
def test_order_does_not_matter(some: list[Thing]) -> None:
    assert weight_of(5, some) == weight_of(5, list(reversed(some)))


def test_subjects_are_told_apart() -> None:
    some: list[UUID] = [MATHS, HISTORY]
    assert weight_of(5, [Thing(subject, "Тетрадь", 50) for subject in some]).grams == 100
