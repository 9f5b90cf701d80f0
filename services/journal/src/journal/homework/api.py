"""Homework over HTTP."""

from collections import defaultdict
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, HttpUrl, StringConstraints

from journal.access.actions import READ_CLASS
from journal.access.open_class import open_class
from journal.access.read_diary import read_diary
from journal.container import Wired
from journal.days import require_days
from journal.errors import (
    DateOutsideYear,
    DaysOutOfRange,
    GroupUnknown,
    HomeworkNotFound,
    LessonNotFound,
    NotYourLesson,
    PupilNotFound,
    PupilsOwn,
    SchoolClassNotFound,
    StaleVersion,
    SubjectUnknown,
)
from journal.homework.answers import HomeworkOut, LoadOut
from journal.homework.assign_homework import Assigned, Task, assign_for_day, assign_for_lesson
from journal.homework.edit_homework import Edit, edit_homework, withdraw_homework
from journal.homework.queries import Wanted, count_done, homework_of_class, homework_of_pupil
from journal.homework.rules import Estimate, Kind, load_of
from journal.homework.tick_off import tick_off
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["homework"])

TaskText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Links = Annotated[list[Annotated[HttpUrl, Field(max_length=500)]], Field(max_length=10)]
Minutes = Annotated[int, Field(ge=1, le=600)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewTask(Body):
    """Something to do at home."""

    text: TaskText
    kind: Kind = "homework"
    """Homework, or a task for self-study."""
    mandatory: bool = True
    links: Links = Field(default=[])
    minutes: Minutes | None = None
    """How long it should take; counted against the day's norm."""

    def task(self) -> Task:
        return Task(self.text, self.kind, self.mandatory, tuple(str(link) for link in self.links), self.minutes)


class NewTaskOfDay(NewTask):
    """Something to do at home for a day, whatever lessons it has."""

    subject_id: UUID
    due_on: date
    group_id: UUID | None = None
    """Only for this part of the class; null: for all of it."""


class ChangeTask(Body):
    """A change: what is not named stays, `minutes: null` takes the estimate away."""

    version: Version
    text: TaskText | None = None
    kind: Kind | None = None
    mandatory: bool | None = None
    links: Links | None = None
    minutes: Minutes | None = None


class AssignedOut(Answer):
    """The task, and what its day has become."""

    homework: HomeworkOut
    load: LoadOut

    @classmethod
    def of(cls, assigned: Assigned) -> Self:
        return cls(homework=HomeworkOut.of(assigned.homework), load=LoadOut.of(assigned.load))


class HomeworkOfClassOut(HomeworkOut):
    """A task, and how many have ticked it off."""

    done: int


class DayLoadOut(LoadOut):
    """The load of one day."""

    date: date


class ClassHomeworkOut(Answer):
    """A class's tasks by the day they are due, and the load of each day."""

    items: list[HomeworkOfClassOut]
    loads: list[DayLoadOut]


class HomeworkInDiary(HomeworkOut):
    """A task as the family sees it."""

    done_at: datetime | None
    """When the pupil ticked it off."""


class DiaryHomeworkOut(Answer):
    """A pupil's tasks by the day they are due."""

    items: list[HomeworkInDiary]


@router.post("/lessons/{lesson_id}/homework", status_code=201, responses=responses(LessonNotFound, NotYourLesson))
async def post_homework_of_lesson(lesson_id: UUID, body: NewTask, caller: CurrentCaller, wired: Wired) -> AssignedOut:
    """Give a task that is due in this lesson; for the subject teacher of the class."""
    return AssignedOut.of(await assign_for_lesson(wired.database.uow, caller, lesson_id, body.task()))


@router.post(
    "/classes/{class_id}/homework",
    status_code=201,
    responses=responses(SchoolClassNotFound, NotYourLesson, SubjectUnknown, GroupUnknown, DateOutsideYear),
)
async def post_homework_of_day(class_id: UUID, body: NewTaskOfDay, caller: CurrentCaller, wired: Wired) -> AssignedOut:
    """Give a task that is due on a day; for the subject teacher of the class."""
    return AssignedOut.of(
        await assign_for_day(
            wired.database.uow, caller, class_id, body.subject_id, body.due_on, body.task(), body.group_id
        )
    )


@router.patch("/homework/{homework_id}", responses=responses(HomeworkNotFound, NotYourLesson, StaleVersion))
async def patch_homework(homework_id: UUID, body: ChangeTask, caller: CurrentCaller, wired: Wired) -> AssignedOut:
    """Change a task; the family sees when it was last edited."""
    edit = Edit(
        text=body.text,
        kind=body.kind,
        mandatory=body.mandatory,
        links=None if body.links is None else tuple(str(link) for link in body.links),
        minutes=body.minutes,
        clear_minutes="minutes" in body.model_fields_set and body.minutes is None,
    )
    return AssignedOut.of(await edit_homework(wired.database.uow, caller, homework_id, body.version, edit))


@router.delete(
    "/homework/{homework_id}",
    status_code=204,
    responses=responses(HomeworkNotFound, NotYourLesson, StaleVersion),
)
async def delete_homework(
    homework_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was seen")],
) -> None:
    """Take a task back."""
    await withdraw_homework(wired.database.uow, caller, homework_id, version)


@router.get("/classes/{class_id}/homework", responses=responses(SchoolClassNotFound, DaysOutOfRange))
async def get_homework_of_class(
    class_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    subject: UUID | None = None,
) -> ClassHomeworkOut:
    """A class's tasks, how many ticked them off, and each day's load against the norm; for its teachers."""
    require_days(first, last)
    wanted = Wanted(first, last, subject_id=subject)
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        # The load of a day is of all subjects, whichever was asked for.
        tasks = await homework_of_class(session, school_class, Wanted(wanted.first, wanted.last))
        shown = [task for task in tasks if subject in {None, task.subject_id}]
        done = await count_done(session, school_class.school_id, [task.homework_id for task in shown])
    days: dict[date, list[Estimate]] = defaultdict(list)
    for task in tasks:
        if task.mandatory:
            days[task.due_on].append(Estimate(task.minutes, task.subject_id, task.group_id))
    return ClassHomeworkOut(
        items=[HomeworkOfClassOut.of(task, done=done.get(task.homework_id, 0)) for task in shown],
        loads=[
            DayLoadOut(date=day, **LoadOut.of(load_of(school_class.grade, estimates)).model_dump())
            for day, estimates in days.items()
        ],
    )


@router.get("/diaries/{pupil_id}/homework", responses=responses(PupilNotFound, DaysOutOfRange))
async def get_homework_of_pupil(
    pupil_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    subject: UUID | None = None,
    mandatory: Annotated[bool | None, Query(description="Only mandatory, or only voluntary tasks")] = None,
    kind: Kind | None = None,
) -> DiaryHomeworkOut:
    """A pupil's tasks of some days, filtered by subject, kind, mandatory or voluntary (J-23)."""
    require_days(first, last)
    wanted = Wanted(first, last, subject_id=subject, mandatory=mandatory, kind=kind)
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if "homework" not in diary.sections:
            raise PupilNotFound
        tasks = await homework_of_pupil(session, diary.pupil, wanted)
    return DiaryHomeworkOut(items=[HomeworkInDiary.of(task, done_at=task.done_at) for task in tasks])


@router.put(
    "/diaries/{pupil_id}/homework/{homework_id}/done",
    status_code=204,
    responses=responses(PupilNotFound, PupilsOwn, HomeworkNotFound),
)
async def put_done(pupil_id: UUID, homework_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Tick a task off; the pupil alone does it."""
    await tick_off(wired.database.uow, caller, pupil_id, homework_id, done=True)


@router.delete(
    "/diaries/{pupil_id}/homework/{homework_id}/done",
    status_code=204,
    responses=responses(PupilNotFound, PupilsOwn, HomeworkNotFound),
)
async def delete_done(pupil_id: UUID, homework_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Take the tick back."""
    await tick_off(wired.database.uow, caller, pupil_id, homework_id, done=False)
