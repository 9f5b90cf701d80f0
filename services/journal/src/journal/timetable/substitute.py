"""What a substitution allows: its teacher is the subject teacher of that one lesson, while it stands (J-4). Pure."""

from uuid import UUID

from journal.roster.queries import class_object
from shared.access import Edge, Object, Relation


def lesson_object(school_id: UUID, class_id: UUID, subject_id: UUID, lesson_id: UUID) -> Object:
    """A lesson within its class and school, for `decide`; its part is the subject."""
    return Object("lesson", lesson_id, within=(class_object(school_id, class_id),), part=str(subject_id))


def substitute_edge(account_id: UUID, lesson: Object) -> Edge:
    """The edge of who holds `lesson` in another's place.

    It is kept nowhere: the lesson itself says who that is, at the moment of the decision. The caller makes sure that
    the account still works at the school.
    """
    return Edge(
        source="journal",
        edge_id=str(lesson.id),
        account_id=account_id,
        relation=Relation.SUBJECT_TEACHER,
        object_type=lesson.type,
        object_id=lesson.id,
        version=1,
        scope=frozenset({lesson.part}) if lesson.part else frozenset(),
    )
