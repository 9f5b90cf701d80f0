"""The events that services tell each other: one module per producing service, nothing else.

`catalogue()` is the registry that the topology, the schemas and `docs/EVENTS.md` are generated from.
"""

from shared.contracts.event import Envelope, Event, EventTooLarge, Sealed, UnusableMessage
from shared.contracts.registry import PRODUCERS, catalogue, events_of, find

__all__ = [
    "PRODUCERS",
    "Envelope",
    "Event",
    "EventTooLarge",
    "Sealed",
    "UnusableMessage",
    "catalogue",
    "events_of",
    "find",
]
