"""The engine of cells without a database: whatever rows come, in whatever order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from journal.class_journal.rules import Cell, Form, Row, Setting, Work
from journal.marks.rules import NO_MARKS, VALUES, Weighted

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FORMS = [Form(UUID(int=900), "Контрольная", "control", 5), Form(UUID(int=901), "Ответ", "class", 3)]
OLD = Form(UUID(int=902), "Диктант", "control", 5, archived=True)
PUPILS = [UUID(int=1), UUID(int=2)]
STRANGER = UUID(int=3)
some = settings(max_examples=40)
"""Requests are big: some are as many rows as elsewhere a hundred."""


def setting(grade: int = 7) -> Setting:
    forms = {form.control_form_id: form for form in (*FORMS, OLD)}
    return Setting(
        grade, forms, timedelta(days=7), counts=True, today=TODAY, lesson_date=TODAY, now=NOW, author_name="О"
    )


rows = st.builds(
    Row,
    pupil_id=st.sampled_from([*PUPILS, STRANGER]),
    operation=st.sampled_from(["set", "add", "clear", "absent", "late", "present", "point", "unpoint"]),
    version=st.sampled_from([None, 1, 2]),
    value=st.sampled_from(VALUES),
    control_form_id=st.sampled_from([FORMS[0].control_form_id, FORMS[1].control_form_id, OLD.control_form_id, None]),
    comment=st.sampled_from([None, "Решил"]),
    reason=st.sampled_from([None, "Апелляция"]),
    absence_reason=st.sampled_from([None, "б"]),
    kind=st.sampled_from(["debt", "retake", "planned"]),
    due_on=st.sampled_from([TODAY, TODAY + timedelta(days=3), TODAY - timedelta(days=1)]),
    settles_point=st.sampled_from([None, True, False]),
)


def worked(batches: list[list[Row]], grade: int = 7) -> list[Work]:
    """Requests one after another, each on what the one before left."""
    cells, done = {pupil: Cell(pupil) for pupil in PUPILS}, []
    for number, batch in enumerate(batches):
        ids = [UUID(int=10_000 * (number + 1) + n) for n in range(len(batch))]
        work = Work(setting(grade), cells, ids)
        work.off(batch)
        cells = work.cells
        done.append(work)
    return done


batches = st.lists(st.lists(rows, max_size=8), max_size=4)


@some
@given(batches)
def test_every_row_is_done_or_refused(requests: list[list[Row]]) -> None:
    """J-10"""
    for work, batch in zip(worked(requests), requests, strict=True):
        answered = sorted([one.row for one in work.saved] + [one.row for one in work.refused])
        assert answered == list(range(len(batch)))
        assert all(one.problem.code for one in work.refused)
        assert all(saved.pupil_id in PUPILS for saved in work.saved)


@some
@given(batches)
def test_sums_and_counts_are_those_of_what_stands(requests: list[list[Row]]) -> None:
    """J-12: whatever was added, corrected and removed."""
    for work in worked(requests):
        for cell in work.cells.values():
            sums = NO_MARKS
            for mark in cell.marks:
                sums = sums.plus(Weighted(mark.value, mark.form.weight))
            assert cell.sums == sums
            assert cell.absences == int(cell.absence is not None and cell.absence.kind == "absent")


@some
@given(batches)
def test_a_mark_stands_beside_an_absence_only_with_a_reason(requests: list[list[Row]]) -> None:
    """J-13"""
    for work in worked(requests):
        for cell in work.cells.values():
            if cell.marks and cell.absence and cell.absence.kind == "absent":
                assert cell.absence.explanation or any(mark.reason for mark in cell.marks)


@some
@given(batches)
def test_what_is_written_is_what_stands_and_nothing_twice(requests: list[list[Row]]) -> None:
    """J-10, J-11: each thing is changed once in a request, and versions grow by one."""
    for work in worked(requests):
        changes = work.changes
        changed = [new.mark_id for _, _, new, _ in changes.marks_changed]
        removed = [mark.mark_id for _, mark, _ in changes.marks_removed]
        added = [mark.mark_id for _, mark in changes.marks_added]
        touched = changed + removed + added
        assert len(touched) == len(set(touched))
        standing = {mark.mark_id: mark for cell in work.cells.values() for mark in cell.marks}
        assert all(standing[id_].version for id_ in changed + added)
        assert not standing.keys() & set(removed)
        for _, old, new, _ in changes.marks_changed:
            assert new.version == old.version + 1
        for pupil, old_absence, new_absence, _ in changes.absences_set:
            assert work.cells[pupil].absence == new_absence
            assert new_absence.version > (old_absence.version if old_absence else 0)


@some
@given(batches)
def test_archived_forms_are_not_given_and_points_are_not_due_in_the_past(requests: list[list[Row]]) -> None:
    """J-9, J-14"""
    for work in worked(requests):
        for cell in work.cells.values():
            assert all(mark.form != OLD for mark in cell.marks)
            if cell.point:
                assert cell.point.form != OLD
                assert cell.point.due_on >= TODAY


@some
@given(batches)
def test_grade_one_never_gets_a_mark(requests: list[list[Row]]) -> None:
    """J-8"""
    for work in worked(requests, grade=1):
        assert not any(cell.marks for cell in work.cells.values())


@some
@given(st.lists(rows, max_size=8), st.data())
def test_the_order_of_pupils_does_not_matter(batch: list[Row], data: st.DataObject) -> None:
    """Rows of one pupil keep their order; how they are mixed with another's changes nothing."""
    by_pupil = [[row for row in batch if row.pupil_id == pupil] for pupil in PUPILS]
    mixed: list[Row] = []
    left = [list(own) for own in by_pupil]
    while any(left):
        own = data.draw(st.sampled_from([own for own in left if own]))
        mixed.append(own.pop(0))
    one, other = worked([by_pupil[0] + by_pupil[1]])[0], worked([mixed])[0]
    for pupil in PUPILS:
        assert _without_ids(one.cells[pupil]) == _without_ids(other.cells[pupil])


def _without_ids(cell: Cell) -> Cell:
    none = UUID(int=0)
    point = replace(cell.point, point_id=none) if cell.point else None
    return replace(cell, marks=tuple(replace(mark, mark_id=none) for mark in cell.marks), point=point)
