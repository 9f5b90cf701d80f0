"""An event, and the CloudEvents envelope it travels in.

The bytes that `Envelope.to_bytes` makes are stored in the outbox and sent as they are: redelivery and replay
never make new ones, so an event keeps its id for ever.
"""

import json
import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, TypedDict, Unpack
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MAX_DATA_BYTES = 256 * 1024
"""Largest payload, in bytes of JSON (messaging.md §2)."""

Sealed = Annotated[str, StringConstraints(min_length=16, max_length=4096)]
"""A P3 value encrypted for one consumer (`shared.crypto.sealed`); everybody else sees noise."""

_TYPE = re.compile(r"(?P<producer>[a-z]+)\.(?P<name>[a-z][a-z_]*)\.v(?P<version>[1-9][0-9]*)")


class EventTooLarge(ValueError):
    """The payload is over 256 KiB: send a reference and the fields that consumers need, not a document."""


class UnusableMessage(ValueError):
    """The bytes are no CloudEvent of ours; the receive step puts them into quarantine."""


class Event(BaseModel):
    """Something that happened, in the past tense, frozen.

    A subclass names itself on the bus::

        class GradePosted(Event, type="journal.grade_posted.v1", stream="pupil", key="pupil_id"): ...

    `stream` and `key` say whose story the event belongs to: the events of one stream are numbered from 1
    without a gap and take effect in that order. Readers ignore fields that they do not know.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="iso8601")

    type: ClassVar[str]
    stream: ClassVar[str]
    key: ClassVar[str]
    producer: ClassVar[str]
    routing_key: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, *, type: str, stream: str, key: str, **config: Any) -> None:  # noqa: A002 -- the CloudEvents name
        super().__init_subclass__(**config)
        match = _TYPE.fullmatch(type)
        if match is None:
            raise TypeError(f"{cls.__name__}: type {type!r} is not '<producer>.<past_tense>.v<n>'")
        cls.type = type
        cls.stream = stream
        cls.key = key
        cls.producer = match["producer"]
        cls.routing_key = f"{match['producer']}.{match['name']}"
        cls.version = int(match["version"])

    @property
    def stream_id(self) -> UUID:
        """The aggregate this event belongs to."""
        value: UUID = getattr(self, type(self).key)
        return value

    def payload(self) -> bytes:
        """The event's own fields as JSON.

        Raises:
            EventTooLarge: they are over 256 KiB.
        """
        data = self.model_dump_json().encode()
        if len(data) > MAX_DATA_BYTES:
            raise EventTooLarge(f"{self.type}: {len(data)} bytes of data, at most {MAX_DATA_BYTES}")
        return data


class Head(TypedDict):
    """What an envelope says beside the event and its number."""

    event_id: UUID
    time: datetime
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None


class Envelope(BaseModel):
    """CloudEvents 1.0, structured JSON. `data` stays a plain object until a handler wants it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Annotated[str, StringConstraints(pattern=r"^1\.0$")] = "1.0"
    id: UUID
    source: Annotated[str, StringConstraints(pattern=r"^/[a-z]+$")]
    type: Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z][a-z_]*\.v[1-9][0-9]*$")]
    subject: UUID
    time: AwareDatetime
    partitionkey: Annotated[str, StringConstraints(pattern=r"^[a-z_]+:[0-9a-f-]{36}$")]
    sequence: Annotated[int, Field(ge=1, le=2**62)]
    correlationid: UUID
    causationid: UUID | None = None
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def producer(self) -> str:
        return self.source[1:]

    @property
    def stream_key(self) -> str:
        """`journal/pupil:<id>`: two services may both have a stream about one pupil."""
        return f"{self.producer}/{self.partitionkey}"

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read an envelope from the wire.

        Raises:
            UnusableMessage: the bytes are not JSON, or not an envelope of ours.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            # Only places and kinds: the input itself may hold personal data and must not reach a log.
            faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['type']}" for e in error.errors()[:5])
            raise UnusableMessage(faults) from None

    @classmethod
    def to_bytes(cls, event: Event, data: bytes, *, sequence: int, **head: Unpack[Head]) -> bytes:
        """Write `event`, whose payload is `data`, as the exact bytes that will travel."""
        before, after = cls.around_sequence(event, data, **head)
        return b"%b%d%b" % (before, sequence, after)

    @staticmethod
    def around_sequence(event: Event, data: bytes, **head: Unpack[Head]) -> tuple[bytes, bytes]:
        """The same bytes without the number, in two halves: what numbers a stream's events need not come back first."""
        # Ids, instants and names of ours, and a header of another's writing, which alone may need escaping.
        causation, traceparent = head["causation_id"], head["traceparent"]
        cause = "" if causation is None else f', "causationid": "{causation}"'
        trace = "" if traceparent is None else f', "traceparent": {json.dumps(traceparent)}'
        before = (
            f'{{"specversion": "1.0", "id": "{head["event_id"]}", "source": "/{event.producer}", '
            f'"type": "{event.type}", "subject": "{event.stream_id}", '
            f'"time": "{head["time"].isoformat().replace("+00:00", "Z")}", '
            f'"partitionkey": "{event.stream}:{event.stream_id}", "sequence": '
        )
        after = (
            f', "correlationid": "{head["correlation_id"]}", "datacontenttype": "application/json"'
            f'{cause}{trace}, "data": '
        )
        return before.encode(), after.encode() + data + b"}"
