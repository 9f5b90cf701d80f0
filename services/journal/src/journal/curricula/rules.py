"""Curricula and thematic plans (J-7). Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
