"""Instants in the JSON that PostgreSQL writes: `2026-11-23T09:00:00Z`, as every other answer of the town says them."""


def instant(column: str) -> str:
    """An expression. PostgreSQL itself would write `+00:00`: the time zone of all sessions is UTC."""
    return f"replace(to_json({column})::text, '+00:00', 'Z')::json"


def instants(*columns: str) -> str:
    """Keys and values of a JSON object, each under its column's name: `x.set_at` as `set_at`."""
    return ", ".join(f"'{column.rpartition('.')[2]}', {instant(column)}" for column in columns)
