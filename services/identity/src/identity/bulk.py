"""Many rows in one statement: `INSERT … SELECT FROM unnest(…) ON CONFLICT … DO UPDATE … WHERE it differs`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession


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
