"""Routes of requesters."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from shared.http import CurrentCaller, Language, Page, PageQuery, cursor_of, responses
from shared.http.failures import LANGUAGE_KEY
from support.access.callers import CallerIfSignedIn
from support.container import Wired
from support.errors import NoSuchNumber, NumbersExhausted, TicketNotFound, TooManyTickets
from support.tickets.file_ticket import Requester, file_ticket
from support.tickets.links import path_of
from support.tickets.new_ticket import NewTicket
from support.tickets.queries import find_readable, own_tickets, thread_of
from support.tickets.rules import Status
from support.tickets.words import STATUS_TITLES, TYPE_TITLES, TicketType

router = APIRouter(tags=["tickets"])


class TicketTypeChoice(BaseModel):
    """One type to choose from."""

    code: TicketType
    title: str


class TicketTypes(BaseModel):
    """All types, in the order of the form."""

    items: list[TicketTypeChoice]


class FiledTicket(BaseModel):
    """What the requester is told at once; the same comes by e-mail."""

    number: str
    status: Status
    status_title: str
    opened_at: datetime
    link: str
    """Path of the ticket's page, for whoever has no account."""
    token: str
    """The `token` of that link, for `GET /tickets/{number}?token=`."""


class OwnTicket(BaseModel):
    """A ticket in the list of its owner."""

    number: str
    type: TicketType
    subject: str
    status: Status
    status_title: str
    opened_at: datetime
    status_since: datetime


class ThreadMessage(BaseModel):
    """One entry of the thread."""

    author: Literal["requester", "agent"]
    text: str
    written_at: datetime


class TicketWithThread(OwnTicket):
    """A ticket as its requester sees it."""

    type_title: str
    messages: list[ThreadMessage]


@router.get("/ticket-types")
async def ticket_types(request: Request, response: Response) -> TicketTypes:
    """Types to choose from, in the caller's language."""
    language = language_of(request)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Vary"] = "Accept-Language"
    return TicketTypes(
        items=[TicketTypeChoice(code=code, title=title.format(language)) for code, title in TYPE_TITLES.items()]
    )


@router.post("/tickets", status_code=201, responses=responses(TooManyTickets, NumbersExhausted))
async def file(request: Request, new: NewTicket, caller: CallerIfSignedIn, container: Wired) -> FiledTicket:
    """File a ticket; an account is not needed. The answer has its number, its status and a link to it."""
    language = language_of(request)
    requester = Requester(caller.account_id if caller else None, address_of(request), language)
    filed = await file_ticket(container.database.uow, container.contacts, requester, new)
    token = container.links.token(filed.ticket_id, container.database.clock())
    return FiledTicket(
        number=filed.number,
        status=filed.status,
        status_title=STATUS_TITLES[filed.status].format(language),
        opened_at=filed.opened_at,
        link=path_of(filed.number, token),
        token=token,
    )


@router.get("/tickets")
async def list_own(request: Request, caller: CurrentCaller, container: Wired, paging: PageQuery) -> Page[OwnTicket]:
    """The caller's tickets, newest first."""
    position = paging.position(UUID)
    async with container.database.read() as session:
        rows = await own_tickets(
            session, caller.account_id, before=position[0] if position else None, limit=paging.limit + 1
        )
    shown = rows[: paging.limit]
    language = language_of(request)
    return Page(
        items=[OwnTicket(**_facts(row, language)) for row in shown],
        next=cursor_of(str(shown[-1].ticket_id)) if len(rows) > len(shown) else None,
    )


@router.get("/tickets/{number}", responses=responses(NoSuchNumber, TicketNotFound))
async def read(
    request: Request,
    number: str,
    caller: CallerIfSignedIn,
    container: Wired,
    token: Annotated[str | None, Query(max_length=200, description="Of the signed link")] = None,
) -> TicketWithThread:
    """A ticket, for its signed-in owner or through its signed link."""
    async with container.database.read() as session:
        row = await find_readable(
            session, container.links, number, caller.account_id if caller else None, token, container.database.clock()
        )
        messages = await thread_of(session, row.ticket_id)
    language = language_of(request)
    return TicketWithThread(
        **_facts(row, language),
        type_title=TYPE_TITLES[TicketType(row.type)].format(language),
        messages=[ThreadMessage.model_validate(message, from_attributes=True) for message in messages],
    )


def language_of(request: Request) -> Language:
    """The language that the caller asked for."""
    language: Language = request.scope[LANGUAGE_KEY]
    return language


def address_of(request: Request) -> str | None:
    """The caller's network address: uvicorn takes it from X-Forwarded-For behind a gateway it is told to trust."""
    return request.client.host if request.client else None


def _facts(row: Any, language: Language) -> dict[str, Any]:
    return {
        "number": row.number,
        "type": row.type,
        "subject": row.subject,
        "status": row.status,
        "status_title": STATUS_TITLES[Status(row.status)].format(language),
        "opened_at": row.opened_at,
        "status_since": row.status_since,
    }
