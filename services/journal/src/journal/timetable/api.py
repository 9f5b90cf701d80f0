"""The timetable over HTTP: a school's staff bring it by a file, and list the rooms."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from pydantic import Field, StringConstraints

from journal.access.check import schools_of_staff
from journal.container import Wired
from journal.errors import NotYoursToPlan, SchoolNotFound, TimetableRefused
from journal.timetable.import_timetable import import_timetable
from journal.timetable.read_file import read_file
from journal.timetable.rooms import Room, list_rooms, rooms_of_school
from shared.http import Answer, Body, CurrentCaller, responses

router = APIRouter(tags=["timetable"])


class ImportedOut(Answer):
    """What the file brought, in lessons."""

    added: int
    changed: int
    unchanged: int


class RoomIn(Body):
    """A room by the name on its door."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    seats: Annotated[int, Field(ge=1, le=2000)] | None = None
    purpose: Annotated[str, StringConstraints(max_length=100)] = ""
    """«Кабинет химии», «спортзал»."""


class RoomList(Body):
    """All rooms of a school."""

    rooms: Annotated[list[RoomIn], Field(max_length=500)]


class RoomOut(Answer):
    """A room."""

    name: str
    seats: int | None
    purpose: str


class RoomsOut(Answer):
    """The rooms of a school by name; empty: it has not listed them, and any name goes."""

    items: list[RoomOut]

    @classmethod
    def of(cls, found: list[Room]) -> Self:
        return cls(items=[RoomOut.model_validate(one, from_attributes=True) for one in found])


@router.get("/schools/{school_id}/rooms", responses=responses(SchoolNotFound))
async def get_rooms(school_id: UUID, caller: CurrentCaller, wired: Wired) -> RoomsOut:
    """The school's rooms, for those who work there."""
    async with wired.database.read() as session:
        if school_id not in await schools_of_staff(session, caller.account_id, wired.database.clock()):
            raise SchoolNotFound
        return RoomsOut.of(await rooms_of_school(session, school_id))


@router.put("/schools/{school_id}/rooms", responses=responses(SchoolNotFound, NotYoursToPlan))
async def put_rooms(school_id: UUID, body: RoomList, caller: CurrentCaller, wired: Wired) -> RoomsOut:
    """List the school's rooms; for deputies, the director and the administrator."""
    listed = [Room(one.name, one.seats, one.purpose) for one in body.rooms]
    return RoomsOut.of(await list_rooms(wired.database.uow, caller, school_id, listed))


@router.post("/schools/{school_id}/timetable", responses=responses(SchoolNotFound, TimetableRefused))
async def post_timetable(
    school_id: UUID,
    file: Annotated[UploadFile, File(description="CSV, UTF-8 or Windows-1251; columns as in the service's README")],
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
