"""The route that says why somebody did, or did not, get something (N-12)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from notifications.container import Wired
from notifications.dispatch.why import Result, one_reason, ways_of
from shared.http import CurrentCaller

router = APIRouter(tags=["why"])


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class WayOut(_Answer):
    """What became of an event on one way to the caller."""

    channel: Literal["inbox", "email", "sms", "push"]
    result: Result
    reason: str
    """`delivered`, `waiting`, or why not: `already_read`, `no_address`, `superseded`, `access_lost` …"""
    at: datetime


class WhyOut(_Answer):
    """Why the caller got something, or did not."""

    event_id: UUID
    reason: str
    """One code for all ways together; `not_addressed` if nothing of it was for the caller."""
    ways: list[WayOut]


@router.get("/why", summary="Why did I (not) get this?")
async def read_why(
    wired: Wired,
    caller: CurrentCaller,
    event: Annotated[UUID, Query(description="The event; an item of the notification centre has its id")],
) -> WhyOut:
    """What became of one event for the caller. An event of others is answered like one that does not exist."""
    database = wired.database
    async with database.read() as session:
        ways = await ways_of(session, caller.account_id, event, database.clock())
    return WhyOut(
        event_id=event,
        reason=one_reason(ways),
        ways=[WayOut.model_validate(way, from_attributes=True) for way in ways],
    )
