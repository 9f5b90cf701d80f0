"""Cursor paging: `?after=&limit=`, the next cursor in the body."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.http.common_problems import InvalidCursor

MAX_LIMIT = 100
DEFAULT_LIMIT = 50
_MAX_CURSOR = 512

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the `after` of the next page, null on the last."""

    items: list[T]
    next: str | None = None


def cursor_of(*values: str | int) -> str:
    """Write the sort values of a page's last item as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked for."""

    after: str | None
    limit: int
    """1 … 100; more is capped."""

    def position(self, *kinds: Callable[[Any], Any]) -> tuple[Any, ...] | None:
        """Read the cursor back, each value by its kind (`int`, `str`, `UUID`, `datetime.fromisoformat` …).

        Raises:
            InvalidCursor: not a cursor of this list.
        """
        if self.after is None:
            return None
        try:
            padded = self.after + "=" * (-len(self.after) % 4)
            values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if not isinstance(values, list) or len(values) != len(kinds):
                raise InvalidCursor
            return tuple(kind(value) for kind, value in zip(kinds, values, strict=True))
        except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
            raise InvalidCursor from None


async def paging(
    after: Annotated[str | None, Query(max_length=_MAX_CURSOR, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, description=f"At most {MAX_LIMIT}; more is capped")] = DEFAULT_LIMIT,
) -> Paging:
    """Read `?after=&limit=`."""
    return Paging(after=after, limit=min(limit, MAX_LIMIT))


PageQuery = Annotated[Paging, Depends(paging)]
"""Paging of a list route."""
