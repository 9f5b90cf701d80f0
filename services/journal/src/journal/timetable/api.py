"""The timetable over HTTP: a school's staff bring it by a file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel

from journal.container import Wired
from journal.errors import SchoolNotFound, TimetableRefused
from journal.timetable.import_timetable import import_timetable
from journal.timetable.read_file import read_file
from shared.http import CurrentCaller, responses

router = APIRouter(tags=["timetable"])


class ImportedOut(BaseModel):
    """What the file brought, in lessons."""

    added: int
    changed: int
    unchanged: int


@router.post("/schools/{school_id}/timetable", responses=responses(SchoolNotFound, TimetableRefused))
async def post_timetable(
    school_id: UUID,
    file: Annotated[UploadFile, File(description="CSV, UTF-8; columns as in the service's README")],
    caller: CurrentCaller,
    wired: Wired,
) -> ImportedOut:
    """Import lessons from CSV: all or nothing; for the director, deputies and the school's administrator."""
    read = read_file(_name_of(file), await file.read())
    imported = await import_timetable(wired.database.uow, caller, school_id, read)
    return ImportedOut(added=imported.added, changed=imported.changed, unchanged=imported.unchanged)


def _name_of(file: UploadFile) -> str:
    """The file's name as the answer repeats it: somebody else wrote it, so only what prints, and not much of it."""
    name = "".join(character for character in file.filename or "" if character.isprintable())
    return name[-100:] or "timetable.csv"
