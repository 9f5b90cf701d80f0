"""Binds the handlers of all rooms to the events that delegation listens to, by importing them.

Several rooms take one event, in one transaction and in the order of binding: what people are must be known
before grants and invitations draw their conclusions from it. An ordinary block of imports would be sorted by name.
"""

from importlib import import_module

from delegation.events import subscriptions

ROOMS = ("people", "grants", "invitations")

for _room in ROOMS:
    import_module(f"delegation.{_room}.consumers")

__all__ = ["ROOMS", "subscriptions"]
