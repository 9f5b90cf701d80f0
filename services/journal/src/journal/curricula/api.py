"""Curricula and thematic plans over HTTP."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from journal.access.actions import READ_CLASS
from journal.access.check import knows_school
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.container import Wired
from journal.curricula.plan_curriculum import add_curriculum, change_curriculum, remove_curriculum
from journal.curricula.plan_topics import apply_topics, plan_topics
from journal.curricula.queries import (
    curricula_of_class,
    curricula_of_school,
    hours_passed,
    thematic_plan_of,
    titles_of_subjects_of,
)
from journal.curricula.rules import Curriculum, CurriculumPlan, Hours, ThematicPlan, Topic
from journal.errors import (
    CurriculumNotFound,
    CurriculumRefused,
    NotYourLesson,
    NotYoursToPlan,
    PupilNotFound,
    SchoolClassNotFound,
    SchoolNotFound,
    StaleVersion,
    SubjectUnknown,
)
from journal.roster.queries import find_school
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["curricula"])

Version = Annotated[int, Field(ge=1, le=2**31 - 2)]
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 2, description="The version that was seen")]


class SubjectIn(Body):
    """A subject, and its hours of a school year."""

    subject_id: UUID
    hours: Annotated[int, Field(ge=1, le=2000)]


class NewCurriculum(Body):
    """What some classes of a grade are taught in a year."""

    grade: Annotated[int, Field(ge=1, le=11)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    description: Annotated[str, StringConstraints(max_length=4000)] = ""
    profile: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """«Технологический»; from grade 10 only."""
    class_ids: Annotated[list[UUID], Field(max_length=50)]
    """Who learns by it; classes of the grade."""
    subjects: Annotated[list[SubjectIn], Field(max_length=60)]

    def plan(self) -> CurriculumPlan:
        return CurriculumPlan(
            self.grade,
            self.name,
            self.description,
            self.profile,
            tuple(self.class_ids),
            tuple(Hours(one.subject_id, one.hours) for one in self.subjects),
        )


class ChangedCurriculum(NewCurriculum):
    """The whole curriculum as it shall be."""

    version: Version


class HoursOut(Answer):
    """A subject, and its hours of a school year."""

    subject_id: UUID
    hours: int


class CurriculumOut(Answer):
    """A curriculum as it stands."""

    curriculum_id: UUID
    grade: int
    name: str
    description: str
    profile: str | None
    class_ids: list[UUID]
    subjects: list[HoursOut]
    version: int

    @classmethod
    def of(cls, curriculum: Curriculum) -> Self:
        plan = curriculum.plan
        return cls(
            curriculum_id=curriculum.curriculum_id,
            grade=plan.grade,
            name=plan.name,
            description=plan.description,
            profile=plan.profile,
            class_ids=list(plan.class_ids),
            subjects=[HoursOut.model_validate(one, from_attributes=True) for one in plan.subjects],
            version=curriculum.version,
        )


class CurriculaOut(Answer):
    """All curricula of a school, by grade and name."""

    items: list[CurriculumOut]


class SubjectInDiary(Answer):
    """A subject, as far as it has come."""

    subject_id: UUID
    title: str
    hours_passed: int
    """Lessons of the class that were held this year."""
    hours_total: int


class CurriculumInDiary(Answer):
    """A curriculum as a family reads it."""

    curriculum_id: UUID
    name: str
    description: str
    profile: str | None
    subjects: list[SubjectInDiary]


class DiaryCurriculaOut(Answer):
    """The curricula that the pupil's class learns by."""

    items: list[CurriculumInDiary]


class TopicIn(Body):
    """A topic, and how many lessons it takes."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    hours: Annotated[int, Field(ge=1, le=100)] = 1


class NewTopics(Body):
    """All topics of one subject in one class, in their order."""

    version: Annotated[int, Field(ge=0, le=2**31 - 2)]
    """Of the plan that was seen; 0: there was none."""
    topics: Annotated[list[TopicIn], Field(max_length=500)]


class TopicOut(Answer):
    """A topic, and how many lessons it takes."""

    title: str
    hours: int


class ThematicPlanOut(Answer):
    """The topics of one subject in one class, in their order."""

    topics: list[TopicOut]
    hours: int
    version: int

    @classmethod
    def of(cls, plan: ThematicPlan) -> Self:
        return cls(
            topics=[TopicOut.model_validate(one, from_attributes=True) for one in plan.topics],
            hours=sum(one.hours for one in plan.topics),
            version=plan.version,
        )


class AppliedOut(Answer):
    """How many lessons have another topic now."""

    changed: int


@router.get("/schools/{school_id}/curricula", responses=responses(SchoolNotFound))
async def get_curricula(school_id: UUID, caller: CurrentCaller, wired: Wired) -> CurriculaOut:
    """The curricula of a school, for everybody who has to do with it."""
    async with wired.database.read() as session:
        if not await knows_school(session, caller.account_id, school_id, wired.database.clock()):
            raise SchoolNotFound
        found = await curricula_of_school(session, school_id)
    return CurriculaOut(items=[CurriculumOut.of(one) for one in found])


@router.post(
    "/schools/{school_id}/curricula",
    status_code=201,
    responses=responses(SchoolNotFound, NotYoursToPlan, CurriculumRefused),
)
async def post_curriculum(school_id: UUID, body: NewCurriculum, caller: CurrentCaller, wired: Wired) -> CurriculumOut:
    """Add a curriculum; for deputies and the director."""
    return CurriculumOut.of(await add_curriculum(wired.database.uow, caller, school_id, body.plan()))


@router.put(
    "/schools/{school_id}/curricula/{curriculum_id}",
    responses=responses(SchoolNotFound, NotYoursToPlan, CurriculumNotFound, StaleVersion, CurriculumRefused),
)
async def put_curriculum(
    school_id: UUID, curriculum_id: UUID, body: ChangedCurriculum, caller: CurrentCaller, wired: Wired
) -> CurriculumOut:
    """Replace a curriculum; for deputies and the director."""
    uow = wired.database.uow
    return CurriculumOut.of(await change_curriculum(uow, caller, school_id, curriculum_id, body.version, body.plan()))


@router.delete(
    "/schools/{school_id}/curricula/{curriculum_id}",
    status_code=204,
    responses=responses(SchoolNotFound, NotYoursToPlan, CurriculumNotFound, StaleVersion),
)
async def delete_curriculum(
    school_id: UUID, curriculum_id: UUID, caller: CurrentCaller, wired: Wired, version: SeenVersion
) -> None:
    """Remove a curriculum; for deputies and the director."""
    await remove_curriculum(wired.database.uow, caller, school_id, curriculum_id, version)


@router.get("/diaries/{pupil_id}/curricula", responses=responses(PupilNotFound))
async def get_curricula_of_pupil(pupil_id: UUID, caller: CurrentCaller, wired: Wired) -> DiaryCurriculaOut:
    """What the pupil's class is taught this year, and how many hours of it have passed (J-7)."""
    now = wired.database.clock()
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        school = await find_school(session, diary.pupil.school_id)
        if "timetable" not in diary.sections or school is None:
            raise PupilNotFound
        found = await curricula_of_class(session, school.school_id, diary.pupil.class_id)
        passed = await hours_passed(session, school, diary.pupil.class_id, now)
        titles = await titles_of_subjects_of(session, school.school_id)
    return DiaryCurriculaOut(
        items=[
            CurriculumInDiary(
                curriculum_id=one.curriculum_id,
                name=one.plan.name,
                description=one.plan.description,
                profile=one.plan.profile,
                subjects=[
                    SubjectInDiary(
                        subject_id=subject.subject_id,
                        title=titles[subject.subject_id],
                        hours_passed=passed.get(subject.subject_id, 0),
                        hours_total=subject.hours,
                    )
                    for subject in one.plan.subjects
                ],
            )
            for one in found
        ]
    )


@router.get("/classes/{class_id}/thematic-plan", responses=responses(SchoolClassNotFound))
async def get_topics(class_id: UUID, subject: UUID, caller: CurrentCaller, wired: Wired) -> ThematicPlanOut:
    """The topics of one subject in one class, for the class's staff."""
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        return ThematicPlanOut.of(await thematic_plan_of(session, school_class.school_id, class_id, subject))


@router.put(
    "/classes/{class_id}/thematic-plan",
    responses=responses(SchoolClassNotFound, NotYourLesson, SubjectUnknown, StaleVersion),
)
async def put_topics(
    class_id: UUID, subject: UUID, body: NewTopics, caller: CurrentCaller, wired: Wired
) -> ThematicPlanOut:
    """Write the topics of one subject in one class; for its teacher, deputies and the director."""
    topics = [Topic(one.title, one.hours) for one in body.topics]
    return ThematicPlanOut.of(await plan_topics(wired.database.uow, caller, class_id, subject, body.version, topics))


@router.post("/classes/{class_id}/thematic-plan/apply", responses=responses(SchoolClassNotFound, NotYourLesson))
async def post_apply(class_id: UUID, subject: UUID, caller: CurrentCaller, wired: Wired) -> AppliedOut:
    """Give lessons their topics in order: empty ones, and from today on those that had theirs from the plan."""
    return AppliedOut(changed=await apply_topics(wired.database.uow, caller, class_id, subject))
