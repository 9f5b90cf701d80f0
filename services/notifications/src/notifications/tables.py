"""All tables of the service: importing this fills the metadata."""

from notifications.audience import tables as audience
from notifications.channels import tables as channels
from notifications.classes import tables as classes
from notifications.dispatch import tables as dispatch
from notifications.inbox import tables as inbox
from notifications.schema import metadata

ROOMS = (audience, inbox, classes, channels, dispatch)

__all__ = ["ROOMS", "metadata"]
