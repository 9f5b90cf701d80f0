"""Binds the handlers of all rooms to the events that notifications listens to, by importing them.

The rooms say themselves whose handlers come before theirs: audience, inbox, dispatch.
"""

from notifications.audience import consumers as audience
from notifications.channels import consumers as channels
from notifications.classes import consumers as classes
from notifications.dispatch import consumers as dispatch
from notifications.events import subscriptions
from notifications.inbox import consumers as inbox
from notifications.school_day import consumers as school_day

ROOMS = (audience, inbox, school_day, classes, channels, dispatch)

__all__ = ["ROOMS", "subscriptions"]
