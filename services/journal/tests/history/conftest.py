"""The little school on its Monday evening, and files of history for it."""

import csv
import io
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from journal.errors import HistoryRefused
from journal.history.desk import Brought
from journal.history.import_history import import_history, read_history

EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)

Row = dict[str, str]


@pytest.fixture
def monday(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(teaching.container.database, "clock", lambda: EVENING)
    monkeypatch.setattr(teaching.container.database.uow, "_clock", lambda: EVENING)
    return teaching


@pytest.fixture
def bring(monday: Any) -> Callable[..., Awaitable[Brought]]:
    """Bring a file of some rows; its columns are those that the rows have."""

    async def brought(*rows: Row) -> Brought:
        columns = list(dict.fromkeys(name for row in rows for name in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        read = read_history("history.csv", text.getvalue().encode())
        return await import_history(
            monday.container.database.uow, monday.container.vault, monday.school.school_id, read
        )

    return brought


@pytest.fixture
def refusals(bring: Any) -> Callable[..., Awaitable[list[tuple[int | None, str | None, str]]]]:
    """What is wrong with a file: line, column, rule."""

    async def refused(*rows: Row) -> list[tuple[int | None, str | None, str]]:
        with pytest.raises(HistoryRefused) as caught:
            await bring(*rows)
        return [(one.line, one.column, one.rule.code) for one in caught.value.mistakes]

    return refused
