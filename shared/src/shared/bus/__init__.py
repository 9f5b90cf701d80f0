"""Events between services: outbox, relay, inbox, pump (messaging.md). The part of the product that is ours."""

from shared.bus.errors import PermanentError
from shared.bus.subscriptions import Received, Subscriptions

__all__ = ["PermanentError", "Received", "Subscriptions"]
