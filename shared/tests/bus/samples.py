"""Events as identity would have stored them."""

import json
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from shared.bus.receive import Delivery
from shared.contracts import Envelope
from shared.contracts.identity import PupilLeft, SchoolOpened


def delivery_of(body: bytes) -> Delivery:
    envelope = json.loads(body)
    exchange = envelope["source"][1:] + ".events"
    return Delivery(body, exchange, envelope["type"], envelope["id"], envelope["type"])


def left(pupil_id: UUID, seq: int, event_id: UUID | None = None) -> bytes:
    """A PupilLeft as identity would have stored it."""
    event = PupilLeft(school_id=uuid4(), pupil_id=pupil_id, left_on=date(2026, 9, 1))
    return Envelope.to_bytes(
        event,
        event.payload(),
        event_id=event_id or uuid4(),
        time=datetime(2026, 9, 1, tzinfo=UTC),
        sequence=seq,
        correlation_id=uuid4(),
        causation_id=None,
        traceparent=None,
    )


def opened(school_id: UUID, seq: int) -> bytes:
    """A SchoolOpened, of a stream where the newest wins."""
    event = SchoolOpened(
        school_id=school_id,
        source_id="1",
        name=f"Школа, {seq}",
        city="Тверь",
        time_zone="Europe/Moscow",
        year_title="2026/2027",
        year_starts_on=date(2026, 9, 1),
        year_ends_on=date(2027, 5, 31),
    )
    return Envelope.to_bytes(
        event,
        event.payload(),
        event_id=uuid4(),
        time=datetime(2026, 9, 1, tzinfo=UTC),
        sequence=seq,
        correlation_id=uuid4(),
        causation_id=None,
        traceparent=None,
    )
