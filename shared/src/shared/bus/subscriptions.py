"""What a service listens to, and which function of which room takes it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.contracts import Envelope, Event, catalogue

if TYPE_CHECKING:
    from shared.db.uow import Tx

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """An event with the envelope it came in."""

    event: E
    envelope: Envelope


One = Callable[["Tx", E], Awaitable[None]]
Many = Callable[["Tx", Sequence[Received[E]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """A room's function for an event; `many` takes all that are due at once."""

    call: Callable[["Tx", Any], Awaitable[None]]
    many: bool

    @property
    def name(self) -> str:
        """Where to find it: `notifications.inbox.consumers.grade_posted`."""
        return f"{self.call.__module__}.{self.call.__qualname__}"


class Subscriptions:
    """The listening side of a service.

    `listens` stands on the service's `events.py`; the rooms' `consumers.py` bind a handler to each event with
    `@subscriptions.on(PupilEnrolled)`. Several rooms may take the same event: their handlers run one after the
    other in one transaction.

    A stream is *ordered*: each event waits for the one before it. A stream named in `latest`
    carries whole states, and the newest one wins over any that is late. Only for streams whose every event is the whole
    state: of several types the newest event would void the others'.
    """

    def __init__(self, service: str, *, listens: Iterable[type[Event]], latest: Iterable[str] = ()) -> None:
        self.service = service
        self.listens: tuple[type[Event], ...] = tuple(listens)
        self.latest = frozenset(latest)
        self._handlers: dict[str, list[Handler]] = {event.type: [] for event in self.listens}
        for event in self.listens:
            if event.producer == service:
                raise ValueError(f"{service} listens to its own {event.__name__}")
        unknown = self.latest - {f"{event.producer}.{event.stream}" for event in self.listens}
        if unknown:
            raise ValueError(f"{service}: no event listened to is of the stream {', '.join(sorted(unknown))}")

    def on(self, event: type[E]) -> Callable[[One[E]], One[E]]:
        """Bind a handler to an event of `listens`: `async def enrol(tx, event)`, touching nothing but `tx`."""

        def bind(handler: One[E]) -> One[E]:
            self._bind(event, Handler(handler, many=False))
            return handler

        return bind

    def on_many(self, event: type[E]) -> Callable[[Many[E]], Many[E]]:
        """Bind a handler that takes events in batches: `async def notify(tx, received)`, in set-based statements.

        For what comes in by the thousand. The batch is in the order of each stream, and may be of one event;
        `tx.cause` is not set: each event brings its envelope.
        """

        def bind(handler: Many[E]) -> Many[E]:
            self._bind(event, Handler(handler, many=True))
            return handler

        return bind

    def _bind(self, event: type[Event], handler: Handler) -> None:
        if event.type not in self._handlers:
            raise ValueError(f"{event.__name__} is not among what {self.service} listens to: add it to events.py")
        self._handlers[event.type].append(handler)

    def handlers(self, type_: str) -> tuple[Handler, ...]:
        """The handlers of a wire type; none for a type that this service does not care about."""
        return tuple(self._handlers.get(type_, ()))

    def complete(self) -> None:
        """Check that every event has a handler; called when a worker starts, after the rooms were imported."""
        missing = [event.__name__ for event in self.listens if not self._handlers[event.type]]
        if missing:
            raise ValueError(f"{self.service} listens to {', '.join(missing)} but no room handles them")

    def is_latest(self, producer: str, partition_key: str) -> bool:
        """Whether the newest event of this stream wins, instead of each in its turn."""
        return f"{producer}.{partition_key.partition(':')[0]}" in self.latest

    def routing_keys(self) -> dict[str, tuple[str, ...]]:
        """Exchange → routing keys that the service's queue is bound to.

        All types of a stream that any listened event is of: an ordered stream must arrive without gaps.
        """
        streams = {(event.producer, event.stream) for event in self.listens}
        keys: dict[str, set[str]] = {}
        for event in catalogue().values():
            if (event.producer, event.stream) in streams:
                keys.setdefault(f"{event.producer}.events", set()).add(event.routing_key)
        for exchange, found in keys.items():
            producer = exchange.removesuffix(".events")
            found.add(f"replay.{self.service}.{producer}")
        return {exchange: tuple(sorted(found)) for exchange, found in sorted(keys.items())}
