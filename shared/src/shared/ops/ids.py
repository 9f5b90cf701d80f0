"""Ids are UUIDv7: they sort by the time they were made, which keeps B-tree inserts together."""

from collections.abc import Callable
from uuid import UUID

from uuid_utils import compat

Ids = Callable[[], UUID]
"""Makes a new id that nobody has used before."""


def new_id() -> UUID:
    """Make a UUIDv7."""
    return compat.uuid7()
