"""The feed of the city's events over HTTP."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query

from journal.city_events.queries import Event, Wanted, coming_events
from journal.container import Wired
from shared.http import Answer, CurrentCaller, Page, PageQuery, cursor_of

router = APIRouter(tags=["city events"])

Kind = Literal["contest", "olympiad", "conference", "seminar", "other"]


class EventOut(Answer):
    """Something the city's education has planned."""

    event_id: UUID
    city: str
    starts_on: date
    ends_on: date
    kind: Kind
    title: str
    description: str
    place: str
    subject: str | None
    organiser: str
    contact: str
    """Of the organisation."""

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls.model_validate(event, from_attributes=True)


@router.get("/city-events")
async def get_events(
    caller: CurrentCaller,
    wired: Wired,
    page: PageQuery,
    first: Annotated[date | None, Query(alias="from", description="Left out: from today on")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    kind: Kind | None = None,
    subject: Annotated[str | None, Query(max_length=300)] = None,
    city: Annotated[str | None, Query(max_length=300)] = None,
) -> Page[EventOut]:
    """What is to come, soonest first; filters by days, kind, subject and city."""
    del caller  # for everybody who is signed in
    position = page.position(date.fromisoformat, date.fromisoformat, UUID)
    wanted = Wanted(first or wired.database.clock().date(), last, kind, subject, city)
    async with wired.database.read() as session:
        found = await coming_events(session, wanted, position, page.limit + 1)
    shown = found[: page.limit]
    following = None
    if len(found) > page.limit:
        end = shown[-1]
        following = cursor_of(end.ends_on.isoformat(), end.starts_on.isoformat(), str(end.event_id))
    return Page(items=[EventOut.of(event) for event in shown], next=following)
