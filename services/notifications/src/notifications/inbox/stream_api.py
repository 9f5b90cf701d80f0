"""The event stream of the notification centre (N-2): for clients that show what happens while it happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from notifications.container import Wired
from notifications.errors import TooManyStreams
from notifications.inbox.answers import counted, shown
from notifications.inbox.rules import Position
from notifications.inbox.stream import news_of
from shared.http import CurrentCaller, InvalidCursor, Paging, cursor_of, responses
from shared.http.texts import choose_language
from shared.http.tokens import VerifiedToken

router = APIRouter(tags=["inbox"])

COME_BACK_AFTER_MS = 3000


@dataclass(frozen=True, slots=True)
class Listening:
    """A place among the listeners, for as long as the answer lasts."""

    token: VerifiedToken
    changed: asyncio.Event


async def _listen(
    request: Request, response: Response, wired: Wired, caller: CurrentCaller
) -> AsyncIterator[Listening]:
    # Its end is the stream's: `CurrentCaller` has judged the token, and does not say how long it is good.
    token = await wired.tokens.verify(request.headers["authorization"].partition(" ")[2].strip())
    response.headers["Cache-Control"] = "no-store"
    async with wired.watch.listen(caller.account_id) as changed:
        yield Listening(token, changed)


def _place(last_event_id: Annotated[str | None, Header(max_length=512)] = None) -> int | None:
    try:
        position = Paging(after=last_event_id, limit=1).position(Position) if last_event_id else None
    except InvalidCursor:
        # A client would send it again for ever: what it missed it finds in the list.
        return None
    return position[0] if position else None


@router.get(
    "/inbox/stream",
    response_class=EventSourceResponse,
    responses=responses(TooManyStreams),
    summary="What happens, while it happens",
)
async def stream_inbox(
    request: Request,
    wired: Wired,
    listening: Annotated[Listening, Depends(_listen)],
    place: Annotated[int | None, Depends(_place)],
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `counts` first and whenever they change, `item` for each new item, `reload` when more came
    than is worth saying one by one. After a break `Last-Event-ID` brings what was missed; an item may come twice, with
    the same `id`. The stream ends with the access token; come back with a new one.
    """
    language = choose_language(request.headers.get("accept-language"))
    async for news in news_of(wired.database, listening.token, listening.changed, after=place):
        position = cursor_of(news.place) if news.place else None
        if news.reload:
            yield ServerSentEvent(event="reload", raw_data="{}", id=position)
        for item in news.items:
            yield ServerSentEvent(event="item", data=shown(item, language), id=position)
        yield ServerSentEvent(event="counts", data=counted(news.counts), id=position, retry=COME_BACK_AFTER_MS)
