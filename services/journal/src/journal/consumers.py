"""Binds the handlers of all rooms to the events that journal listens to, by importing them."""

from journal.access import consumers as access
from journal.events import subscriptions
from journal.marks import consumers as marks
from journal.roster import consumers as roster

ROOMS = (roster, access, marks)

__all__ = ["ROOMS", "subscriptions"]
