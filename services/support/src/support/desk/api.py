"""Routes of agents."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from shared.http import Body, Page, PageQuery, cursor_of, responses
from support.access.callers import CurrentAgent
from support.container import Wired
from support.desk.answer_ticket import answer_ticket
from support.desk.change_status import change_status
from support.desk.queries import waiting_tickets
from support.desk.read_ticket import read_ticket
from support.errors import (
    AgentsOnly,
    AnswerRequired,
    HoldNotWanted,
    HoldOutOfRange,
    HoldRequired,
    MoveNotAllowed,
    NoSuchNumber,
    StaleTicket,
    TicketNotAnswerable,
    TicketNotFound,
)
from support.tickets.api import ThreadMessage, language_of
from support.tickets.contacts import masked_email, masked_phone
from support.tickets.new_ticket import LongText, Subject
from support.tickets.rules import AT_WORK, Hold, Status
from support.tickets.words import STATUS_TITLES, TicketType

router = APIRouter(prefix="/desk", tags=["desk"])

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Settable = Literal["new", "open", "pending_user", "on_hold", "resolved", "closed", "spam"]
"""All but merged: merging needs another ticket."""


class DeskTicket(BaseModel):
    """A ticket in the list of the desk."""

    number: str
    type: TicketType
    subject: str
    status: Status
    status_title: str
    status_since: datetime
    version: int
    opened_at: datetime
    requester_name: str | None
    """Of the account it was filed from, once identity has told it."""


class DeskTicketWithThread(DeskTicket):
    """A ticket as an agent sees it."""

    email_masked: str
    phone_masked: str | None
    account_id: UUID | None
    hold_reason: str | None
    hold_until: datetime | None
    allowed: list[Status]
    """Statuses it can be moved to now."""
    messages: list[ThreadMessage]


class HoldBody(Body):
    """Why a ticket pauses, and until when."""

    reason: Subject
    until: AwareDatetime


class StatusChange(Body):
    """A move."""

    status: Settable
    version: Version
    """Of the ticket as it was read."""
    hold: HoldBody | None = None
    """For `on_hold` alone."""


class TicketMoved(BaseModel):
    """How the ticket stands after a move."""

    number: str
    status: Status
    status_title: str
    version: int
    status_since: datetime


class NewAnswer(Body):
    """A public answer."""

    text: LongText
    version: Version
    """Of the ticket as it was read."""


class TicketAnswer(BaseModel):
    """The answer, and how the ticket stands after it."""

    message_id: UUID
    number: str
    status: Status
    version: int
    written_at: datetime


@router.get("/tickets", responses=responses(AgentsOnly))
async def list_tickets(
    request: Request,
    caller: CurrentAgent,  # noqa: ARG001 -- being an agent is what is asked
    container: Wired,
    paging: PageQuery,
    status: Annotated[list[Status] | None, Query(max_length=8, description="Default: all at work")] = None,
) -> Page[DeskTicket]:
    """Tickets, who waits longest first."""
    position = paging.position(UUID)
    async with container.database.read() as session:
        rows = await waiting_tickets(
            session, status or AT_WORK, after=position[0] if position else None, limit=paging.limit + 1
        )
    shown = rows[: paging.limit]
    return Page(
        items=[DeskTicket(**_facts(row, request)) for row in shown],
        next=cursor_of(str(shown[-1].ticket_id)) if len(rows) > len(shown) else None,
    )


@router.get("/tickets/{number}", responses=responses(AgentsOnly, NoSuchNumber, TicketNotFound))
async def read(request: Request, number: str, caller: CurrentAgent, container: Wired) -> DeskTicketWithThread:
    """A ticket with its thread; contacts are masked, and the reading is kept."""
    found = await read_ticket(container.database.uow, caller.account_id, number)
    phone = container.contacts.phone_of(found.row)
    return DeskTicketWithThread(
        **_facts(found.row, request),
        email_masked=masked_email(container.contacts.email_of(found.row)),
        phone_masked=masked_phone(phone) if phone else None,
        account_id=found.row.account_id,
        hold_reason=found.row.hold_reason,
        hold_until=found.row.hold_until,
        allowed=found.allowed,
        messages=[ThreadMessage.model_validate(message, from_attributes=True) for message in found.messages],
    )


@router.post(
    "/tickets/{number}/status",
    responses=responses(
        AgentsOnly,
        NoSuchNumber,
        TicketNotFound,
        StaleTicket,
        MoveNotAllowed,
        AnswerRequired,
        HoldRequired,
        HoldNotWanted,
        HoldOutOfRange,
    ),
)
async def move(
    request: Request, number: str, change: StatusChange, caller: CurrentAgent, container: Wired
) -> TicketMoved:
    """Move a ticket; the requester is told by e-mail."""
    moved = await change_status(
        container.database.uow,
        container.contacts,
        caller.account_id,
        number,
        to=Status(change.status),
        version=change.version,
        hold=Hold(change.hold.reason, change.hold.until) if change.hold else None,
    )
    return TicketMoved(
        number=moved.number,
        status=moved.status,
        status_title=STATUS_TITLES[moved.status].format(language_of(request)),
        version=moved.version,
        status_since=moved.status_since,
    )


@router.post(
    "/tickets/{number}/answer",
    status_code=201,
    responses=responses(AgentsOnly, NoSuchNumber, TicketNotFound, StaleTicket, TicketNotAnswerable),
)
async def answer(number: str, new: NewAnswer, caller: CurrentAgent, container: Wired) -> TicketAnswer:
    """Answer the requester; the status stays as it is."""
    answered = await answer_ticket(
        container.database.uow, caller.account_id, number, text=new.text, version=new.version
    )
    return TicketAnswer.model_validate(answered, from_attributes=True)


def _facts(row: Any, request: Request) -> dict[str, Any]:
    names = (row.surname, row.given_name, row.patronymic)
    return {
        "number": row.number,
        "type": row.type,
        "subject": row.subject,
        "status": row.status,
        "status_title": STATUS_TITLES[Status(row.status)].format(language_of(request)),
        "status_since": row.status_since,
        "version": row.version,
        "opened_at": row.opened_at,
        "requester_name": " ".join(filter(None, names)) or None,
    }
