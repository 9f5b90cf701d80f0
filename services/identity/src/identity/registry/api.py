"""The public directory of schools."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from identity.container import Wired
from identity.registry.queries import schools_found
from shared.http import InvalidCursor, Page, PageQuery, cursor_of, responses

router = APIRouter(prefix="/schools", tags=["schools"])


class ConnectedSchool(BaseModel):
    """A school that keeps its diary here."""

    school_id: UUID
    name: str
    city: str


@router.get("", summary="Connected schools", responses=responses(InvalidCursor))
async def get_schools(
    wired: Wired,
    paging: PageQuery,
    city: Annotated[str | None, Query(max_length=100, description="How its name begins")] = None,
    name: Annotated[str | None, Query(max_length=100, description="Any part of its name or number")] = None,
) -> Page[ConnectedSchool]:
    """Which schools are connected, by city and name; nobody has to sign in for it (I-12)."""
    after = paging.position(str, str, UUID)
    async with wired.database.read() as session:
        rows = await schools_found(session, _searchable(city), _searchable(name), after, paging.limit)
    shown = rows[: paging.limit]
    last = shown[-1] if len(rows) > len(shown) else None
    return Page(
        items=[ConnectedSchool(school_id=row.school_id, name=row.name, city=row.city) for row in shown],
        next=cursor_of(last.searched_city, last.searched_name, str(last.school_id)) if last else None,
    )


def _searchable(written: str | None) -> str | None:
    """Without spaces around it, and without NUL, which PostgreSQL cannot look for."""
    return (written or "").replace("\0", "").strip() or None
