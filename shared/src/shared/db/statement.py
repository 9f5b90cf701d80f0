"""SQL for the few statements that every lesson waits for: named parameters, and the driver's own execution."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession


class Statement:
    """A `text()` with typed parameters, written for the driver once: a third of what a session asks to execute it.

    Answers are asyncpg's records, failures are asyncpg's own. Run it on `Tx.driver` or `Database.driver`.
    """

    def __init__(self, statement: TextClause) -> None:
        compiled = statement.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call]
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())

    async def fetch(self, connection: Any, values: Mapping[str, object]) -> list[Any]:
        """All rows."""
        rows: list[Any] = await connection.fetch(self.sql, *(values[name] for name in self._names))
        return rows


async def driver_of(session: AsyncSession) -> Any:
    """The driver's connection under a session."""
    return (await (await session.connection()).get_raw_connection()).driver_connection
