"""The bus's tables: SQL files, one per released version, run by migrations and by `create_all` alike."""

from collections.abc import Callable
from importlib.resources import files

from sqlalchemy import DDL, MetaData, event

VERSIONS = (1,)
"""Released versions of the bus schema, oldest first."""


def statements(version: int) -> str:
    """The SQL that takes the bus from `version - 1` to `version`."""
    return (files("shared.bus") / "sql" / f"v{version}.sql").read_text(encoding="utf-8")


def migrate(execute: Callable[[str], object], version: int) -> None:
    """Take the bus to `version` inside a migration: `bus_schema.migrate(op.execute, 1)`."""
    for statement in split(statements(version)):
        execute(statement)


def attach(metadata: MetaData) -> None:
    """Make `metadata.create_all` create the bus as well."""
    for version in VERSIONS:
        for statement in split(statements(version)):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(metadata, "before_create", ddl)


def split(script: str) -> list[str]:
    """The statements of a SQL file."""
    # asyncpg runs one statement at a time; a function's body has semicolons of its own between its $$.
    found: list[str] = []
    current: list[str] = []
    in_body = False
    for line in script.splitlines():
        if line.strip().startswith("--") or not line.strip():
            continue
        current.append(line)
        if line.count("$$") % 2:
            in_body = not in_body
        if line.rstrip().endswith(";") and not in_body:
            found.append("\n".join(current))
            current = []
    return found
