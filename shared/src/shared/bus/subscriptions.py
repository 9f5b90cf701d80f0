"""What a service listens to, and which function of which room takes it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from shared.contracts import Event, catalogue

if TYPE_CHECKING:
    from shared.db.uow import Tx

E = TypeVar("E", bound=Event)
Handler = Callable[["Tx", Any], Awaitable[None]]


class Subscriptions:
    """The listening side of a service.

    `listens` stands on the service's `events.py`; the rooms' `consumers.py` bind a handler to each event with
    `@subscriptions.on(PupilEnrolled)`. Several rooms may take the same event: their handlers run one after the
    other in one transaction.

    A stream is *ordered*: each event waits for the one before it. A stream named in `latest`
    («identity.school») carries whole states, and the newest one wins over any that is late.
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

    def on(
        self, event: type[E]
    ) -> Callable[[Callable[["Tx", E], Awaitable[None]]], Callable[["Tx", E], Awaitable[None]]]:
        """Bind a handler to an event of `listens`."""
        if event.type not in self._handlers:
            raise ValueError(f"{event.__name__} is not among what {self.service} listens to: add it to events.py")

        def bind(handler: Callable[["Tx", E], Awaitable[None]]) -> Callable[["Tx", E], Awaitable[None]]:
            self._handlers[event.type].append(handler)
            return handler

        return bind

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
