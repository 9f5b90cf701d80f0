"""The class journal over HTTP: writing into cells (J-10 … J-15, J-20), and the grid (J-35)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from journal.class_journal.answers import (
    AveragesOut,
    CellOut,
    CellsOut,
    ColumnOut,
    MarkPostedOut,
    PointInCell,
    PointSetOut,
    shown,
)
from journal.class_journal.bodies import ChangeMark, PostMark, RemoveMark, SaveColumn, SetPoint, TakeAttendance
from journal.class_journal.change_mark import Correction, change_mark
from journal.class_journal.grid import read_changes, read_grid
from journal.class_journal.grid_answers import ChangesOut, GridOut
from journal.class_journal.page import Wanted, open_page
from journal.class_journal.post_mark import NewMark, post_mark
from journal.class_journal.read_column import read_column
from journal.class_journal.remove_mark import remove_mark
from journal.class_journal.save_column import save_column
from journal.class_journal.set_point import NewPoint, set_point
from journal.class_journal.take_attendance import NotPresent, take_attendance
from journal.container import Wired
from journal.errors import (
    ColumnRefused,
    ControlFormUnknown,
    DueDatePassed,
    GradeOneHasNoMarks,
    LessonIsCancelled,
    LessonNotFound,
    MarkExcludesAbsence,
    MarkNotFound,
    NotYourLesson,
    PeriodClosed,
    PeriodNotForGrade,
    PeriodNotFound,
    PupilNotInClass,
    ReasonRequired,
    SchoolClassNotFound,
    StaleMark,
    SubjectHasNoMarks,
)
from journal.etags import conditional_bytes
from shared.http import BearerToken, responses
from shared.http.texts import choose_language

router = APIRouter(tags=["class journal"])

_PLACE = (LessonNotFound, NotYourLesson, PeriodClosed, LessonIsCancelled)


@router.get("/lessons/{lesson_id}/marks", responses=responses(LessonNotFound, NotYourLesson))
async def get_column(lesson_id: UUID, token: BearerToken, wired: Wired) -> CellsOut:
    """What stands in a lesson's column, with the versions to write by; for who holds the lesson.

    A substitute, who may not read the page, knows the class for this lesson alone.
    """
    cells = await read_column(wired.database.uow, token, lesson_id)
    return CellsOut(lesson_id=lesson_id, cells=[CellOut.of(cell) for cell in cells.values()])


@router.put("/lessons/{lesson_id}/marks", responses=responses(*_PLACE, ColumnRefused))
async def put_column(
    lesson_id: UUID,
    body: SaveColumn,
    token: BearerToken,
    wired: Wired,
    request: Request,
    all_or_nothing: Annotated[bool, Query(alias="all", description="Save all rows or none")] = False,
) -> ColumnOut:
    """Save any part of a lesson's column; for the subject teacher of its class and subject.

    Good rows are saved; each refused row answers why, and how its cell stands now: here as in `column_refused`, when
    all or nothing was asked for.
    """
    rows = [row.row() for row in body.rows]
    try:
        column = await save_column(wired.database.uow, token, lesson_id, rows, all_or_nothing=all_or_nothing)
    except ColumnRefused as refusal:
        raise ColumnRefused(refusal.refused, shown(refusal.cells)) from None
    return ColumnOut.of(column, choose_language(request.headers.get("accept-language")))


@router.post(
    "/lessons/{lesson_id}/marks",
    status_code=201,
    responses=responses(
        *_PLACE, PupilNotInClass, ControlFormUnknown, GradeOneHasNoMarks, SubjectHasNoMarks, MarkExcludesAbsence
    ),
)
async def post_one_mark(lesson_id: UUID, body: PostMark, token: BearerToken, wired: Wired) -> MarkPostedOut:
    """Post one mark; for the subject teacher of the lesson's class and subject."""
    new = NewMark(body.pupil_id, body.value, body.control_form_id, body.comment, body.reason, body.settles_point)
    return MarkPostedOut.of(await post_mark(wired.database.uow, token, lesson_id, new))


@router.patch(
    "/marks/{mark_id}",
    responses=responses(
        MarkNotFound, NotYourLesson, PeriodClosed, StaleMark, ReasonRequired, ControlFormUnknown, SubjectHasNoMarks
    ),
)
async def patch_mark(mark_id: UUID, body: ChangeMark, token: BearerToken, wired: Wired) -> MarkPostedOut:
    """Correct a mark; its history is kept."""
    correction = Correction(
        value=body.value,
        control_form_id=body.control_form_id,
        comment=body.comment,
        clear_comment="comment" in body.model_fields_set and body.comment is None,
    )
    return MarkPostedOut.of(
        await change_mark(wired.database.uow, token, mark_id, body.version, correction, body.reason)
    )


@router.delete(
    "/marks/{mark_id}", responses=responses(MarkNotFound, NotYourLesson, PeriodClosed, StaleMark, ReasonRequired)
)
async def delete_mark(
    mark_id: UUID,
    token: BearerToken,
    wired: Wired,
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was seen")],
    body: RemoveMark | None = None,
) -> AveragesOut:
    """Remove a mark; its history is kept. The reason goes in the body: an address is written into logs on its way."""
    reason = body.reason if body else None
    return AveragesOut.of(await remove_mark(wired.database.uow, token, mark_id, version, reason))


@router.get(
    "/classes/{class_id}/journal",
    response_model=GridOut,
    responses={
        **responses(SchoolClassNotFound, PeriodNotFound, PeriodNotForGrade),
        304: {"description": "The caller has it already"},
    },
)
async def get_grid(
    class_id: UUID,
    token: BearerToken,
    wired: Wired,
    request: Request,
    subject: UUID,
    period: Annotated[UUID | None, Query(description="Today's period if not given")] = None,
) -> Response:
    """The grid of a class in one subject; for its teacher, the class teacher and the school's direction."""
    now = wired.database.clock()
    async with wired.database.driver() as connection:
        page = await open_page(connection, token, Wanted(class_id, subject, period), now)
        body = await read_grid(connection, page, now)
    return conditional_bytes(request, body)


@router.get(
    "/classes/{class_id}/journal/changes",
    response_model=ChangesOut,
    responses={
        **responses(SchoolClassNotFound, PeriodNotFound, PeriodNotForGrade),
        304: {"description": "Nothing has changed"},
    },
)
async def get_changes(
    class_id: UUID,
    token: BearerToken,
    wired: Wired,
    request: Request,
    subject: UUID,
    after: Annotated[int, Query(ge=0, le=2**62, description="`revision` of the grid or of the last changes")],
    period: Annotated[UUID | None, Query(description="As for the grid")] = None,
) -> Response:
    """The columns that changed since a revision; cheap enough to ask every ten seconds."""
    now = wired.database.clock()
    async with wired.database.driver() as connection:
        page = await open_page(connection, token, Wanted(class_id, subject, period), now, after=after)
        etag = f'"{page.revision}"'
        if request.headers.get("if-none-match") in {etag, f"W/{etag}"}:
            return Response(status_code=304, headers={"ETag": etag})
        body = await read_changes(connection, page, now)
    return Response(body, media_type="application/json", headers={"ETag": etag})


@router.post(
    "/lessons/{lesson_id}/points",
    status_code=201,
    responses=responses(*_PLACE, PupilNotInClass, ControlFormUnknown, DueDatePassed, StaleMark),
)
async def post_point(lesson_id: UUID, body: SetPoint, token: BearerToken, wired: Wired) -> PointSetOut:
    """Set a point on a pupil's cell, or change the open one; for the subject teacher (J-14)."""
    new = NewPoint(body.pupil_id, body.kind, body.control_form_id, body.due_on, body.comment, body.version)
    point, cell = await set_point(wired.database.uow, token, lesson_id, new)
    return PointSetOut(pupil_id=cell.pupil_id, lesson_id=lesson_id, point=PointInCell.of(point))


@router.put("/lessons/{lesson_id}/attendance", responses=responses(*_PLACE))
async def put_attendance(
    lesson_id: UUID, body: TakeAttendance, token: BearerToken, wired: Wired, request: Request
) -> ColumnOut:
    """Everybody present but …; for the subject teacher and the class teacher (J-20)."""
    but = [NotPresent(one.pupil_id, one.kind, one.absence_reason, one.minutes, one.reason) for one in body.but]
    column = await take_attendance(wired.database.uow, token, lesson_id, but, body.reason)
    return ColumnOut.of(column, choose_language(request.headers.get("accept-language")))
