"""What support tells: the life of a ticket. The requester's address travels sealed for notifications only."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from shared.contracts.event import Event, Sealed

TicketNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{6}-[0-9]$")]
"""YY-NNNNNN-C: year, counter, check digit (S-3)."""
TicketStatus = Literal["new", "open", "pending_user", "on_hold", "resolved", "closed", "merged", "spam"]


class TicketOpened(Event, type="support.ticket_opened.v1", stream="ticket", key="ticket_id"):
    """A ticket was filed and has its number; the requester is told at once (S-2)."""

    ticket_id: UUID
    number: TicketNumber
    ticket_type: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$", max_length=60)]
    account_id: UUID | None
    locale: Literal["ru", "en"]
    sealed_email: Sealed
    """For notifications; context `ticket:<ticket_id>`."""
    opened_at: AwareDatetime


class TicketStatusChanged(Event, type="support.ticket_status_changed.v1", stream="ticket", key="ticket_id"):
    """A ticket moved to another status (S-5)."""

    ticket_id: UUID
    number: TicketNumber
    account_id: UUID | None
    locale: Literal["ru", "en"]
    sealed_email: Sealed
    old_status: TicketStatus
    status: TicketStatus
    changed_at: AwareDatetime
