"""Files of homework over HTTP: attached by the teacher, saved by the families of the class (J-23)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from journal.container import Wired
from journal.errors import (
    HomeworkFileNotFound,
    HomeworkFileTooLarge,
    HomeworkFileTypeRefused,
    HomeworkNotFound,
    NotYourLesson,
    TooManyHomeworkFiles,
)
from journal.homework.answers import FileOut
from journal.homework.attach_file import NewFile, attach_file, detach_file
from journal.homework.open_file import open_file
from journal.homework.rules import LARGEST_FILE
from shared.files import ENDINGS
from shared.http import CurrentCaller, download, responses

router = APIRouter(tags=["homework"])

UPLOADS = {r"/api/journal/v1/homework/[^/]+/files": LARGEST_FILE + 64 * 1024}
"""Where a larger body is taken: a file and its multipart wrapping."""


@router.post(
    "/homework/{homework_id}/files",
    status_code=201,
    responses=responses(
        HomeworkNotFound, NotYourLesson, TooManyHomeworkFiles, HomeworkFileTooLarge, HomeworkFileTypeRefused
    ),
)
async def post_file(
    homework_id: UUID,
    caller: CurrentCaller,
    wired: Wired,
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG, DOCX, XLSX, PPTX or ODT, up to 10 MB")],
) -> FileOut:
    """Attach a file to a task, five at most; for the subject teacher. What it is is judged by what is inside."""
    content = await file.read(LARGEST_FILE + 1)
    new = NewFile(file.filename or "", content)
    return FileOut.model_validate(await attach_file(wired.database.uow, caller, homework_id, new))


@router.get(
    "/homework/{homework_id}/files/{file_id}",
    response_class=Response,
    responses={**responses(HomeworkFileNotFound), 200: {"content": {kind: {} for kind in ENDINGS}}},
)
async def get_file(homework_id: UUID, file_id: UUID, caller: CurrentCaller, wired: Wired) -> Response:
    """A file to save, never shown in place; for the staff of the class and for families that may read its homework."""
    async with wired.database.read() as session:
        file, content = await open_file(session, caller.account_id, homework_id, file_id, wired.database.clock())
    return download(content, file.media_type, file.name, f"homework.{ENDINGS[file.media_type]}")


@router.delete(
    "/homework/{homework_id}/files/{file_id}",
    status_code=204,
    responses=responses(HomeworkNotFound, NotYourLesson, HomeworkFileNotFound),
)
async def delete_file(homework_id: UUID, file_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Take a file off a task; for the subject teacher."""
    await detach_file(wired.database.uow, caller, homework_id, file_id)
