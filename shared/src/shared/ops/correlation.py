"""Which story the present work belongs to: a request's id, handed on by every event it causes."""

from contextvars import ContextVar
from uuid import UUID

correlation_id: ContextVar[UUID | None] = ContextVar("correlation_id", default=None)
"""Set by the HTTP application for a request; the consumer side takes it from the event at hand."""
