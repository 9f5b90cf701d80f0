"""J-1 as a table: every relation, every action; what is not listed is refused."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from journal.access.actions import CHANGE_LESSONS, IMPORT_TIMETABLE, KEEP_MARKS, OPEN_DIARY, PLAN_LESSONS, READ_CLASS
from journal.timetable.substitute import lesson_object, substitute_edge
from shared.access import Action, Edge, EdgeState, Object, Relation, decide

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT, PUPIL, CLASS, SCHOOL, SUBJECT, OTHER = (UUID(int=number) for number in range(1, 7))
OF_CLASS = Object("class", CLASS, within=(Object("school", SCHOOL),), part=str(SUBJECT))
OF_PUPIL = Object("pupil", PUPIL, within=(OF_CLASS,))
OF_SCHOOL = Object("school", SCHOOL)

ON = {
    Relation.SELF: ("pupil", PUPIL),
    Relation.REPRESENTATIVE: ("pupil", PUPIL),
    Relation.TRUSTED: ("pupil", PUPIL),
    Relation.SUBJECT_TEACHER: ("class", CLASS),
    Relation.CLASS_TEACHER: ("class", CLASS),
    Relation.DEPUTY: ("school", SCHOOL),
    Relation.DIRECTOR: ("school", SCHOOL),
    Relation.SCHOOL_ADMINISTRATOR: ("school", SCHOOL),
    Relation.AGENT: ("school", SCHOOL),
}
ALLOWED = {
    (OPEN_DIARY.name, Relation.SELF),
    (OPEN_DIARY.name, Relation.REPRESENTATIVE),
    (OPEN_DIARY.name, Relation.TRUSTED),
    (OPEN_DIARY.name, Relation.CLASS_TEACHER),
    (OPEN_DIARY.name, Relation.DEPUTY),
    (OPEN_DIARY.name, Relation.DIRECTOR),
    (READ_CLASS.name, Relation.SUBJECT_TEACHER),
    (READ_CLASS.name, Relation.CLASS_TEACHER),
    (READ_CLASS.name, Relation.DEPUTY),
    (READ_CLASS.name, Relation.DIRECTOR),
    (KEEP_MARKS.name, Relation.SUBJECT_TEACHER),
}
ALLOWED |= {
    (action.name, relation)
    for action in (IMPORT_TIMETABLE, PLAN_LESSONS, CHANGE_LESSONS)
    for relation in (Relation.SCHOOL_ADMINISTRATOR, Relation.DEPUTY, Relation.DIRECTOR)
}
ACTIONS = (
    (OPEN_DIARY, OF_PUPIL),
    (READ_CLASS, OF_CLASS),
    (KEEP_MARKS, OF_CLASS),
    (IMPORT_TIMETABLE, OF_SCHOOL),
    (PLAN_LESSONS, OF_SCHOOL),
    (CHANGE_LESSONS, OF_SCHOOL),
)


def edge(relation: Relation, **changes: object) -> Edge:
    object_type, object_id = ON[relation]
    told: dict[str, object] = {
        "source": "identity",
        "edge_id": "1",
        "account_id": ACCOUNT,
        "relation": relation,
        "object_type": object_type,
        "object_id": object_id,
        "version": 1,
        "school_id": SCHOOL,
        "scope": frozenset({str(SUBJECT)}) if relation is Relation.SUBJECT_TEACHER else frozenset(),
        "level": 1,
    }
    return Edge(**(told | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize(("action", "obj"), ACTIONS, ids=lambda value: getattr(value, "name", ""))
def test_each_relation_may_what_the_table_says(action: Action, obj: Object, relation: Relation) -> None:
    decision = decide([edge(relation)], action, obj, NOW)
    assert decision.allowed == ((action.name, relation) in ALLOWED)
    if decision:
        assert decision.relation is relation


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize(("action", "obj"), ACTIONS, ids=lambda value: getattr(value, "name", ""))
@pytest.mark.parametrize(
    "changes",
    [
        {"state": EdgeState.REVOKED},
        {"object_id": OTHER},
        {"valid_until": NOW},
        {"valid_from": NOW + timedelta(seconds=1)},
    ],
    ids=["revoked", "elsewhere", "over", "not yet"],
)
def test_no_edge_counts_that_is_not_in_force_here(
    action: Action, obj: Object, relation: Relation, changes: dict[str, object]
) -> None:
    assert not decide([edge(relation, **changes)], action, obj, NOW)


@pytest.mark.parametrize(("action", "obj"), ACTIONS, ids=lambda value: getattr(value, "name", ""))
def test_without_edges_nothing_is_allowed(action: Action, obj: Object) -> None:
    assert not decide([], action, obj, NOW)


def test_a_subject_teacher_keeps_marks_of_the_own_subject_only() -> None:
    assert not decide([edge(Relation.SUBJECT_TEACHER, scope=frozenset({str(OTHER)}))], KEEP_MARKS, OF_CLASS, NOW)


def test_who_is_more_than_one_is_the_widest() -> None:
    """A grandmother who became guardian reads all, not only what she was trusted with."""
    edges = [edge(Relation.TRUSTED, edge_id="2", scope=frozenset({"marks"})), edge(Relation.REPRESENTATIVE, level=2)]
    decision = decide(edges, OPEN_DIARY, OF_PUPIL, NOW)
    assert (decision.relation, decision.level) == (Relation.REPRESENTATIVE, 2)


def test_a_substitute_is_the_subject_teacher_of_one_lesson_alone() -> None:
    """J-4."""
    lesson, other = (lesson_object(SCHOOL, CLASS, SUBJECT, UUID(int=number)) for number in (7, 8))
    edges = [substitute_edge(ACCOUNT, lesson)]
    assert decide(edges, KEEP_MARKS, lesson, NOW).relation is Relation.SUBJECT_TEACHER
    assert not decide(edges, KEEP_MARKS, other, NOW)
    assert not decide(edges, KEEP_MARKS, OF_CLASS, NOW)
    assert not decide(edges, READ_CLASS, lesson, NOW)
    assert not decide(edges, CHANGE_LESSONS, lesson, NOW)
    assert decide([edge(Relation.SUBJECT_TEACHER)], KEEP_MARKS, lesson, NOW)
