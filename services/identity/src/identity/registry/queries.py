"""Reads of the registry."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from identity.registry.rules import searched_form
from identity.registry.tables import schools

Position = tuple[str, str, UUID]
"""City and name in their searched form, and the id: where a page of the directory ended."""


def directory(city: str | None, name: str | None, after: Position | None, limit: int) -> Select[Any]:
    """Connected schools by city and name. The city is meant from its beginning, the name by any part of it: «57»."""
    school = schools.c
    statement = select(school.school_id, school.name, school.city, school.searched_city, school.searched_name)
    if city:
        statement = statement.where(school.searched_city.startswith(searched_form(city), autoescape=True))
    if name:
        statement = statement.where(school.searched_name.contains(searched_form(name), autoescape=True))
    place = (school.searched_city, school.searched_name, school.school_id)
    if after:
        statement = statement.where(tuple_(*place) > tuple_(*after))
    return statement.order_by(*place).limit(limit)


async def schools_found(
    session: AsyncSession, city: str | None, name: str | None, after: Position | None, limit: int
) -> list[Row[Any]]:
    """One page of the directory, and one row more if there is a next page."""
    return list((await session.execute(directory(city, name, after, limit + 1))).all())
