"""A pupil's points over HTTP (J-15); they are set through the class journal."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from journal.access.read_diary import read_diary
from journal.container import Wired
from journal.errors import PupilNotFound
from journal.points.queries import Point, open_points_of_pupil
from journal.points.rules import PointKind
from shared.http import Answer, CurrentCaller, responses

router = APIRouter(tags=["points"])


class OpenPointOut(Answer):
    """A debt, a needed retake, a planned work: until when, and for what."""

    point_id: UUID
    lesson_id: UUID
    lesson_date: date
    subject_id: UUID
    subject: str
    kind: PointKind
    control_form: str
    category: Literal["control", "class", "home"]
    weight: int
    due_on: date
    comment: str | None
    author: str
    set_at: datetime

    @classmethod
    def of(cls, point: Point) -> "OpenPointOut":
        return cls(
            point_id=point.point_id,
            lesson_id=point.lesson_id,
            lesson_date=point.date,
            subject_id=point.subject_id,
            subject=point.subject_title,
            kind=point.kind,
            control_form=point.form_name,
            category=point.category,
            weight=point.weight,
            due_on=point.due_on,
            comment=point.comment,
            author=point.author_name,
            set_at=point.set_at,
        )


class OpenPointsOut(Answer):
    """All that is open, the next due first."""

    items: list[OpenPointOut]


@router.get("/diaries/{pupil_id}/points", responses=responses(PupilNotFound))
async def get_points(pupil_id: UUID, caller: CurrentCaller, wired: Wired) -> OpenPointsOut:
    """All open points of a pupil in one place; for those who may read the marks."""
    async with wired.database.read() as session:
        diary = await read_diary(session, wired, caller, pupil_id)
        if "marks" not in diary.sections:
            raise PupilNotFound
        found = await open_points_of_pupil(session, diary.pupil.school_id, pupil_id)
    return OpenPointsOut(items=[OpenPointOut.of(point) for point in found])
