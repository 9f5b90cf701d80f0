"""Feeds over HTTP. The address itself needs no sign-in: calendar programs cannot; its secret is its key."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import select

from journal.container import Wired
from journal.errors import FeedNotFound, NotATeacher, PupilNotFound, TooManyFeeds
from journal.feeds.make_feed import NewFeed, make_feed, revoke_feed
from journal.feeds.read_feed import read_feed
from journal.feeds.tables import feeds
from shared.http import Answer, CurrentCaller, responses
from shared.http.texts import choose_language

router = APIRouter(tags=["feeds"])

MEDIA_TYPE = "text/calendar; charset=utf-8"


class NewFeedOut(Answer):
    """A feed. Its address is told once; whoever has it reads the timetable."""

    feed_id: UUID
    path: str
    """To be fetched by a calendar program: `/api/journal/v1/feeds/<secret>/timetable.ics`."""
    made_at: datetime


class FeedOut(Answer):
    """A feed that still answers."""

    feed_id: UUID
    pupil_id: UUID | None
    """Whose timetable; null: the own lessons of a teacher."""
    made_at: datetime


class FeedsOut(Answer):
    """All of them, the newest first."""

    items: list[FeedOut]


@router.post("/diaries/{pupil_id}/feeds", status_code=201, responses=responses(PupilNotFound, TooManyFeeds))
async def post_feed_of_pupil(pupil_id: UUID, caller: CurrentCaller, wired: Wired, request: Request) -> NewFeedOut:
    """Make a secret address of a pupil's timetable, for everybody who may open it."""
    return await _made(wired, caller, pupil_id, request)


@router.post("/feeds", status_code=201, responses=responses(NotATeacher, TooManyFeeds))
async def post_own_feed(caller: CurrentCaller, wired: Wired, request: Request) -> NewFeedOut:
    """Make a secret address of the own lessons, for teachers."""
    return await _made(wired, caller, None, request)


@router.get("/feeds")
async def get_feeds(caller: CurrentCaller, wired: Wired) -> FeedsOut:
    """The own addresses that still answer; secrets are not shown again."""
    async with wired.database.read() as session:
        found = await session.execute(
            select(feeds.c.feed_id, feeds.c.pupil_id, feeds.c.made_at)
            .where(feeds.c.account_id == caller.account_id, feeds.c.revoked_at.is_(None))
            .order_by(feeds.c.feed_id.desc())
        )
        return FeedsOut(items=[FeedOut.model_validate(row, from_attributes=True) for row in found])


@router.delete("/feeds/{feed_id}", status_code=204, responses=responses(FeedNotFound))
async def delete_feed(feed_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """Take an address back; calendar programs that have it find nothing any more."""
    await revoke_feed(wired.database.uow, caller, feed_id)


@router.get(
    "/feeds/{secret}/timetable.ics",
    responses={
        **responses(FeedNotFound),
        200: {"content": {"text/calendar": {}}, "description": "The timetable"},
        304: {"description": "The program has it already"},
    },
    response_class=Response,
)
async def get_timetable(secret: Annotated[str, Path(max_length=64)], wired: Wired, request: Request) -> Response:
    """The timetable as iCalendar: two weeks back, two months ahead."""
    async with wired.database.read() as session:
        content = await read_feed(session, secret, wired.database.clock())
    # DTSTAMP says when the file was made; it is no change.
    etag = f'"{sha256(_without_stamps(content)).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=900"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


async def _made(wired: Wired, caller: CurrentCaller, pupil_id: UUID | None, request: Request) -> NewFeedOut:
    language = choose_language(request.headers.get("accept-language"))
    made: NewFeed = await make_feed(wired.database.uow, caller, pupil_id, language)
    path = f"/api/journal/v1/feeds/{made.secret}/timetable.ics"
    return NewFeedOut(feed_id=made.feed_id, path=path, made_at=made.made_at)


def _without_stamps(content: bytes) -> bytes:
    return b"\n".join(line for line in content.splitlines() if not line.startswith(b"DTSTAMP"))
