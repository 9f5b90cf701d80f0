"""Many rows in one statement: written where they differ, found, deleted; the values travel as arrays for `unnest`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, ColumnElement, Table, Uuid, any_, bindparam, literal, text
from sqlalchemy.ext.asyncio import AsyncSession


def among(column: Column[UUID], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """`column = ANY(ids)`: one parameter however many ids; IN would have one each, and 32,767 is the most."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))


async def upsert(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose primary key exists are updated, unless they are equal already.

    Args:
        session: an open session; nothing is committed.
        table: where to.
        rows: all with the same columns, the primary key among them.
    """
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    key = [column.name for column in table.primary_key]
    others = [column.name for column in columns if column.name not in key]
    listed = ", ".join(column.name for column in columns)
    on_conflict = "DO NOTHING"
    if others:
        assignments = ", ".join(f"{name} = excluded.{name}" for name in others)
        old = ", ".join(f"t.{name}" for name in others)
        new = ", ".join(f"excluded.{name}" for name in others)
        on_conflict = f"DO UPDATE SET {assignments} WHERE ROW({old}) IS DISTINCT FROM ROW({new})"
    statement = text(
        f"INSERT INTO {table.name} AS t ({listed}) "  # noqa: S608 -- names of our own tables and columns only
        f"SELECT * FROM unnest({', '.join(f':{column.name}' for column in columns)}) "
        f"ON CONFLICT ({', '.join(key)}) {on_conflict}"
    ).bindparams(*(bindparam(column.name, type_=ARRAY(column.type)) for column in columns))
    await session.execute(statement, {column.name: [row[column.name] for row in rows] for column in columns})


async def remove(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Delete rows by the columns given, which are those of a key; one statement however many."""
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    listed = ", ".join(column.name for column in columns)
    statement = text(
        f"DELETE FROM {table.name} AS t USING unnest({', '.join(f':{column.name}' for column in columns)}) "  # noqa: S608 -- names of our own tables and columns only
        f"AS gone ({listed}) WHERE {' AND '.join(f't.{column.name} = gone.{column.name}' for column in columns)}"
    ).bindparams(*(bindparam(column.name, type_=ARRAY(column.type)) for column in columns))
    await session.execute(statement, {column.name: [row[column.name] for row in rows] for column in columns})
