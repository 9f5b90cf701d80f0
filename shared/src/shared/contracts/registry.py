"""All events of the town, found by walking the modules of the producers."""

from functools import cache
from importlib import import_module
from types import MappingProxyType

from shared.contracts.event import Event

PRODUCERS = ("identity", "journal", "delegation", "notifications", "support")
"""The services. Each writes to its own exchange `<name>.events` and reads its own queue `<name>.inbox`."""


@cache
def catalogue() -> MappingProxyType[str, type[Event]]:
    """Every event class by its wire type, in the order of the services and of their modules."""
    found: dict[str, type[Event]] = {}
    for producer in PRODUCERS:
        module = import_module(f"shared.contracts.{producer}")
        for value in vars(module).values():
            if not (isinstance(value, type) and issubclass(value, Event) and value.__module__ == module.__name__):
                continue
            if value.producer != producer:
                raise TypeError(f"{value.__name__} stands in {module.__name__} but is of {value.producer}")
            if value.type in found:
                raise TypeError(f"{value.type} is defined twice")
            found[value.type] = value
    return MappingProxyType(found)


def events_of(producer: str) -> tuple[type[Event], ...]:
    """The events that one service publishes."""
    return tuple(event for event in catalogue().values() if event.producer == producer)


def find(type_: str) -> type[Event] | None:
    """The class of a wire type; None for a type this release does not know."""
    return catalogue().get(type_)
