"""Routes of the notification centre. Texts come in the language of `Accept-Language`, Russian by default."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from notifications.container import Wired
from notifications.errors import ItemNotFound
from notifications.inbox.answers import CountsOut, ItemOut, counted, shown
from notifications.inbox.mark_items import mark_all_read, mark_item
from notifications.inbox.queries import Filters, counts_of, items_of
from notifications.inbox.rules import Category, Position, State
from shared.http import (
    Answer,
    Body,
    CurrentCaller,
    InvalidCursor,
    Language,
    Page,
    PageQuery,
    Paging,
    cursor_of,
    responses,
)
from shared.http.texts import choose_language

router = APIRouter(tags=["inbox"])


class StateOut(Answer):
    """An item's state after the call."""

    id: UUID
    state: State


class ReadAllIn(Body):
    """Up to where to mark read."""

    upto: Annotated[str, StringConstraints(min_length=1, max_length=512)]
    """`cursor` of the newest item that was seen."""


class ReadAllOut(Answer):
    """How many items were unread."""

    marked: int


def _language(request: Request) -> Language:
    return choose_language(request.headers.get("accept-language"))


def _filters(
    unread: Annotated[bool, Query(description="Only what is unread")] = False,
    archived: Annotated[bool, Query(description="The archive instead of what is current")] = False,
    child: Annotated[UUID | None, Query(description="Only about this pupil")] = None,
    category: Annotated[Category | None, Query(description="Only of this category")] = None,
    actionable: Annotated[bool, Query(description="Only what waits for an action")] = False,
) -> Filters:
    return Filters(unread=unread, archived=archived, child=child, category=category, actionable=actionable)


@router.get("/inbox", responses={304: {"description": "Nothing new since `If-None-Match`"}, **responses(InvalidCursor)})
async def read_inbox(
    request: Request,
    wired: Wired,
    caller: CurrentCaller,
    page: PageQuery,
    filters: Annotated[Filters, Depends(_filters)],
    language: Annotated[Language, Depends(_language)],
) -> Page[ItemOut]:
    """The caller's items, newest arrival first. Poll with `If-None-Match`."""
    position = page.position(Position)
    database = wired.database
    async with database.read() as session:
        found = await items_of(
            session,
            caller.account_id,
            database.clock(),
            filters,
            before=position[0] if position else None,
            limit=page.limit + 1,
        )
    items = [shown(item, language) for item in found[: page.limit]]
    more = cursor_of(found[page.limit - 1].seq) if len(found) > page.limit else None
    return _tagged(request, Page[ItemOut](items=items, next=more))  # type: ignore[return-value]  # a rendered Page


@router.get("/inbox/counts", responses={304: {"description": "Nothing new since `If-None-Match`"}})
async def count_inbox(request: Request, wired: Wired, caller: CurrentCaller) -> CountsOut:
    """Unread and actionable items, together and by category. Poll with `If-None-Match`."""
    database = wired.database
    async with database.read() as session:
        counts = await counts_of(session, caller.account_id, database.clock())
    return _tagged(request, counted(counts))  # type: ignore[return-value]  # a rendered CountsOut


@router.post("/inbox/{item_id}/read", responses=responses(ItemNotFound))
async def read_item(item_id: UUID, wired: Wired, caller: CurrentCaller) -> StateOut:
    """Mark an item read; also takes it back out of the archive."""
    await mark_item(wired.database.uow, caller, item_id, "read")
    return StateOut(id=item_id, state="read")


@router.post("/inbox/{item_id}/unread", responses=responses(ItemNotFound))
async def unread_item(item_id: UUID, wired: Wired, caller: CurrentCaller) -> StateOut:
    """Keep an item as new."""
    await mark_item(wired.database.uow, caller, item_id, "unread")
    return StateOut(id=item_id, state="unread")


@router.post("/inbox/{item_id}/archive", responses=responses(ItemNotFound))
async def archive_item(item_id: UUID, wired: Wired, caller: CurrentCaller) -> StateOut:
    """Put an item away; it stays in the archive."""
    await mark_item(wired.database.uow, caller, item_id, "archived")
    return StateOut(id=item_id, state="archived")


@router.post("/inbox/read-all", responses=responses(InvalidCursor))
async def read_all(body: ReadAllIn, wired: Wired, caller: CurrentCaller) -> ReadAllOut:
    """Mark read what had arrived up to a cursor; what came after the caller looked stays unread."""
    position = Paging(after=body.upto, limit=1).position(Position)
    assert position is not None
    return ReadAllOut(marked=await mark_all_read(wired.database.uow, caller, position[0]))


def _tagged(request: Request, answer: BaseModel) -> Response:
    body = answer.model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Vary": "Accept-Language, Authorization"}
    asked = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in asked:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
