"""Announcements over HTTP."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from journal.access.actions import READ_CLASS
from journal.access.open_class import open_class
from journal.announcements.edit_announcement import edit_announcement, withdraw_announcement
from journal.announcements.post_announcement import Posted, Words, announce_to_class, announce_to_parallel
from journal.announcements.queries import Announcement, OfClass, announcements_of_class, receipts_of_class
from journal.announcements.read_announcements import mark_read, read_announcements
from journal.container import Wired
from journal.errors import (
    AnnouncementNotFound,
    GroupUnknown,
    NotYoursToAnnounce,
    PupilNotInClass,
    SchoolClassNotFound,
    SchoolNotFound,
    StaleVersion,
)
from shared.http import Answer, Body, CurrentCaller, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["announcements"])

Audience = Literal["pupils", "families", "both"]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Content = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 2)]


class Announce(Body):
    """What is announced, and to whom of the family."""

    audience: Audience = "both"
    title: Title
    text: Content

    def words(self) -> Words:
        return Words(self.audience, self.title, self.text)


class AnnounceToClass(Announce):
    """To a class, to a group of it, or to some of its pupils."""

    pupil_ids: Annotated[list[UUID], Field(max_length=60)] = Field(default=[])
    """Only these pupils of the class and their families; empty: the whole class."""
    group_id: UUID | None = None
    """Only those who are in this group of the class now; not together with `pupil_ids`."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.group_id is not None and self.pupil_ids:
            raise PydanticCustomError(
                "group_or_pupils",
                "{en}",
                {"ru": "Укажите либо группу, либо учеников", "en": "Name either a group or pupils"},
            )
        return self


class AnnounceToParallel(Announce):
    """To a parallel, or to the whole school."""

    grade: Annotated[int, Field(ge=1, le=11)] | None = None
    """null: all classes."""


class Correct(Body):
    """What is not named stays as it is."""

    version: Version
    title: Title | None = None
    text: Content | None = None


class PostedOut(Answer):
    """An announcement that stands."""

    announcement_id: UUID
    posted_at: datetime
    class_ids: list[UUID]
    version: int

    @classmethod
    def of(cls, posted: Posted) -> Self:
        return cls.model_validate(posted, from_attributes=True)


class VersionOut(Answer):
    """The version, to be sent with the next change."""

    version: int


class AnnouncementOut(Answer):
    """An announcement as its reader has it."""

    announcement_id: UUID
    audience: Audience
    title: str
    text: str
    author: str
    posted_at: datetime
    edited_at: datetime
    pupil_ids: list[UUID]
    """The reader's own pupils that it concerns."""
    read_at: datetime | None

    @classmethod
    def of(cls, one: Announcement) -> Self:
        return cls(
            announcement_id=one.announcement_id,
            audience=one.audience,
            title=one.title,
            text=one.text,
            author=one.author_name,
            posted_at=one.posted_at,
            edited_at=one.edited_at,
            pupil_ids=one.pupil_ids,
            read_at=one.read_at,
        )


class AnnouncementOfClassOut(Answer):
    """An announcement as the teachers of a class have it."""

    announcement_id: UUID
    audience: Audience
    title: str
    text: str
    author: str
    posted_at: datetime
    edited_at: datetime
    version: int
    group_title: str | None
    """The group that it was said to; null: the class, or picked pupils."""
    read_by: int
    """Accounts of the class's pupils and families that have read it."""

    @classmethod
    def of(cls, one: OfClass) -> Self:
        return cls(
            announcement_id=one.announcement_id,
            audience=one.audience,
            title=one.title,
            text=one.text,
            author=one.author_name,
            posted_at=one.posted_at,
            edited_at=one.edited_at,
            version=one.version,
            group_title=one.group_title,
            read_by=one.read_by,
        )


class ReceiptOut(Answer):
    """Whether a pupil, and whether somebody of the pupil's family has read it."""

    pupil_id: UUID
    pupil: str
    read_by_pupil: datetime | None
    read_by_family: datetime | None
    """When the first of the representatives did."""


class ReceiptsOut(Answer):
    """Who of a class has read an announcement."""

    audience: Audience
    """`pupils` and `families`: of the others nobody is expected to."""
    items: list[ReceiptOut]
    """Everybody of the class whom it is for, by surname."""


@router.post(
    "/classes/{class_id}/announcements",
    status_code=201,
    responses=responses(SchoolClassNotFound, NotYoursToAnnounce, PupilNotInClass, GroupUnknown),
)
async def post_to_class(class_id: UUID, body: AnnounceToClass, caller: CurrentCaller, wired: Wired) -> PostedOut:
    """Tell a class or a group of it something; for its teachers, deputies and the director."""
    posted = await announce_to_class(wired.database.uow, caller, class_id, body.pupil_ids, body.words(), body.group_id)
    return PostedOut.of(posted)


@router.post(
    "/schools/{school_id}/announcements",
    status_code=201,
    responses=responses(SchoolNotFound, SchoolClassNotFound, NotYoursToAnnounce),
)
async def post_to_parallel(school_id: UUID, body: AnnounceToParallel, caller: CurrentCaller, wired: Wired) -> PostedOut:
    """Tell a parallel or the whole school something; for deputies and the director."""
    return PostedOut.of(await announce_to_parallel(wired.database.uow, caller, school_id, body.grade, body.words()))


@router.patch("/announcements/{announcement_id}", responses=responses(AnnouncementNotFound, StaleVersion))
async def patch_announcement(announcement_id: UUID, body: Correct, caller: CurrentCaller, wired: Wired) -> VersionOut:
    """Correct the words of an own announcement."""
    version = await edit_announcement(wired.database.uow, caller, announcement_id, body.version, body.title, body.text)
    return VersionOut(version=version)


@router.delete(
    "/announcements/{announcement_id}", status_code=204, responses=responses(AnnouncementNotFound, StaleVersion)
)
async def delete_announcement(
    announcement_id: UUID, caller: CurrentCaller, wired: Wired, version: Annotated[int, Query(ge=1, le=2**31 - 2)]
) -> None:
    """Take an own announcement back."""
    await withdraw_announcement(wired.database.uow, caller, announcement_id, version)


@router.get("/announcements")
async def get_announcements(caller: CurrentCaller, wired: Wired, page: PageQuery) -> Page[AnnouncementOut]:
    """What the caller is told as pupil or as representative, newest first."""
    before = page.position(UUID)
    async with wired.database.read() as session:
        found = await read_announcements(
            session, caller.account_id, wired.database.clock(), before[0] if before else None, page.limit + 1
        )
    shown = found[: page.limit]
    following = cursor_of(str(shown[-1].announcement_id)) if len(found) > page.limit else None
    return Page(items=[AnnouncementOut.of(one) for one in shown], next=following)


@router.put("/announcements/{announcement_id}/read", status_code=204, responses=responses(AnnouncementNotFound))
async def put_read(announcement_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Say that it was read."""
    await mark_read(wired.database.uow, caller, announcement_id)


@router.get("/classes/{class_id}/announcements", responses=responses(SchoolClassNotFound))
async def get_announcements_of_class(
    class_id: UUID, caller: CurrentCaller, wired: Wired, page: PageQuery
) -> Page[AnnouncementOfClassOut]:
    """What a class was told, newest first, and how many have read it; for its teachers and the direction."""
    before = page.position(UUID)
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        found = await announcements_of_class(
            session, school_class.school_id, class_id, before[0] if before else None, page.limit + 1
        )
    shown = found[: page.limit]
    following = cursor_of(str(shown[-1].announcement_id)) if len(found) > page.limit else None
    return Page(items=[AnnouncementOfClassOut.of(one) for one in shown], next=following)


@router.get(
    "/classes/{class_id}/announcements/{announcement_id}/receipts",
    responses=responses(SchoolClassNotFound, AnnouncementNotFound),
)
async def get_receipts(class_id: UUID, announcement_id: UUID, caller: CurrentCaller, wired: Wired) -> ReceiptsOut:
    """Who of a class has read an announcement, and who has not; for its teachers and the direction."""
    async with wired.database.read() as session:
        school_class = await open_class(session, caller.account_id, class_id, wired.database.clock(), READ_CLASS)
        found = await receipts_of_class(session, school_class.school_id, class_id, announcement_id)
    if found is None:
        raise AnnouncementNotFound
    return ReceiptsOut(
        audience=found.audience,
        items=[ReceiptOut.model_validate(one, from_attributes=True) for one in found.pupils],
    )
