"""Curricula and thematic plans (J-7). Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

FIRST_GRADE_WITH_PROFILES = 10


@dataclass(frozen=True, slots=True)
class Hours:
    """A subject, and its hours of a school year."""

    subject_id: UUID
    hours: int


@dataclass(frozen=True, slots=True)
class CurriculumPlan:
    """What some classes of a grade are taught in a year."""

    grade: int
    name: str
    description: str
    profile: str | None
    """«Технологический»; from grade 10."""
    class_ids: tuple[UUID, ...]
    subjects: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A curriculum that a school has."""

    school_id: UUID
    curriculum_id: UUID
    version: int
    plan: CurriculumPlan


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and how many lessons it takes."""

    title: str
    hours: int


@dataclass(frozen=True, slots=True)
class ThematicPlan:
    """The topics of one subject in one class, in their order; version 0: none was written yet."""

    version: int
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class HeldLesson:
    """A lesson that is not cancelled, and its topic."""

    class_id: UUID
    subject_id: UUID
    lesson_id: UUID
    date: date
    topic: str
    from_plan: bool
    """Its topic follows the thematic plan; nobody wrote another."""
    group_id: UUID | None = None
    """The part of the class that it is for; None: all of it."""


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A lesson, and the topic that it is to have."""

    lesson: HeldLesson
    topic: str


def new_topics(
    held: Iterable[HeldLesson], topics: Mapping[tuple[UUID, UUID], Sequence[Topic]], today: date
) -> list[NewTopic]:
    """Which lessons get another topic: the n-th hour of a plan belongs to the n-th lesson of the year that is held.

    Each group of a class goes through the plan by itself. Lessons that are over, and topics that a teacher wrote, stay
    as they are; an empty topic is always filled, and what lies beyond the plan has none.

    Args:
        held: the lessons of the year, in their order.
        topics: by class and subject.
        today: at the school.
    """
    hours = {page: [one.title for one in plan for _ in range(one.hours)] for page, plan in topics.items()}
    counts: Counter[tuple[UUID, UUID, UUID | None]] = Counter()
    given = []
    for lesson in held:
        page = lesson.class_id, lesson.subject_id
        of_page = hours.get(page, [])
        learners = (*page, lesson.group_id)
        title = of_page[counts[learners]] if counts[learners] < len(of_page) else ""
        counts[learners] += 1
        may_change = not lesson.topic or (lesson.from_plan and lesson.date >= today)
        if may_change and title != lesson.topic:
            given.append(NewTopic(lesson, title))
    return given


def faults_of(
    plan: CurriculumPlan, classes_of_grade: Collection[UUID], subjects: Collection[UUID]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a curriculum: field and fault, all of them."""
    if plan.profile is not None and plan.grade < FIRST_GRADE_WITH_PROFILES:
        yield "profile", "profile_too_early"
    for index, class_id in enumerate(plan.class_ids):
        if class_id not in classes_of_grade:
            yield f"class_ids[{index}]", "class_unknown"
    seen = set()
    for index, one in enumerate(plan.subjects):
        if one.subject_id not in subjects:
            yield f"subjects[{index}].subject_id", "subject_unknown"
        if one.subject_id in seen:
            yield f"subjects[{index}].subject_id", "subject_twice"
        seen.add(one.subject_id)
