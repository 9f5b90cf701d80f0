"""What a block says to PostgreSQL: through SQLAlchemy, and beneath it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

Heard = tuple[str, tuple[Any, ...]]
"""A statement with `$1`, and its parameters."""

# Of SQLAlchemy's statements the driver logs only the frame, and what both ask by themselves about types and settings.
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "WITH RECURSIVE typeinfo_tree")
_NOBODYS = re.compile("|".join(map(re.escape, (*_FRAME, "current_setting('jit')", "pg_notify"))))


@contextmanager
def heard_by(engine: AsyncEngine) -> Iterator[list[Heard]]:
    """The statements of all connections of an engine meanwhile, but for the call that wakes the relay.

    That one comes after a commit, beside it, and not for every transaction.
    """
    statements: list[Heard] = []
    listening = True

    def note(statement: str, parameters: Any) -> None:
        # A connection that is still out when the block ends keeps its listener for a while.
        if listening and not _NOBODYS.search(statement):
            statements.append((statement, tuple(parameters)))

    def note_session(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        note(statement, parameters)

    def note_driver(record: Any) -> None:
        note(record.query, record.args)

    def listen(connection: Any, *_: Any) -> None:
        connection.driver_connection.add_query_logger(note_driver)

    def stop(connection: Any, *_: Any) -> None:
        connection.driver_connection.remove_query_logger(note_driver)

    listeners = (("before_cursor_execute", note_session), ("checkout", listen), ("checkin", stop))
    for name, listener in listeners:
        event.listen(engine.sync_engine, name, listener)
    try:
        yield statements
    finally:
        listening = False
        for name, listener in listeners:
            event.remove(engine.sync_engine, name, listener)


@contextmanager
def asked_of(engine: AsyncEngine) -> Iterator[list[str]]:
    """Their texts alone, to be counted and compared when the block has ended."""
    texts: list[str] = []
    with heard_by(engine) as heard:
        yield texts
    texts += [statement for statement, _ in heard]
