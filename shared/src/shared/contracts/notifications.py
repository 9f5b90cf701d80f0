"""What notifications tells: what became of messages to people."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from shared.contracts.event import Event

Reason = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$", max_length=60)]
"""A reason code; never an address, never a provider's text."""


class MessageDelivered(Event, type="notifications.message_delivered.v1", stream="recipient", key="recipient_id"):
    """A provider took a message over."""

    recipient_id: UUID
    """The account, or the ticket of somebody without one: streams grow with people, not with messages."""
    message_id: UUID
    cause_event_id: UUID
    channel: Literal["email", "sms", "push"]
    delivered_at: AwareDatetime


class MessageFailed(Event, type="notifications.message_failed.v1", stream="recipient", key="recipient_id"):
    """A message will not reach its recipient any more; the reason says why."""

    recipient_id: UUID
    """The account, or the ticket of somebody without one: streams grow with people, not with messages."""
    message_id: UUID
    cause_event_id: UUID
    channel: Literal["email", "sms", "push"]
    reason: Reason
    failed_at: AwareDatetime
