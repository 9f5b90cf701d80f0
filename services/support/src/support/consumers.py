"""Binds the handlers of all rooms to the events that support listens to, by importing them."""

from support.access import consumers as access
from support.accounts import consumers as accounts
from support.events import subscriptions

ROOMS = (accounts, access)

__all__ = ["ROOMS", "subscriptions"]
