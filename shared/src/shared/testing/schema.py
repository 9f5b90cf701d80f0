"""The test "migrations equal models": two databases, one by the migrations, one by the models, compared by catalog."""

import asyncio
import difflib
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:
    from shared.testing.stack import Stack

CONDITIONS = {
    "ours(n)": "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'",
    "not_alembic(c)": "c.relname NOT IN ('alembic_version', 'alembic_version_pkc')",
}
"""Abbreviations in the queries below."""

SNAPSHOT = {
    "table": """
        SELECT format('%I.%I kind=%s options=%s partition=%s', n.nspname, c.relname, c.relkind,
                      (SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o), pg_get_partkeydef(c.oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ours(n) AND not_alembic(c)""",
    "column": """
        SELECT format('%I.%I %s %s default=%s generated=%s identity=%s collation=%s', c.relname, a.attname,
                      format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' ELSE 'NULL' END,
                      pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity,
                      (SELECT collname FROM pg_collation WHERE oid = a.attcollation))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
          AND ours(n) AND not_alembic(c)""",
    "constraint": """
        SELECT format('%I.%I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype <> 'n' AND ours(n) AND not_alembic(c)""",
    "index": """
        SELECT pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE ours(n) AND not_alembic(c)""",
    "trigger": """
        SELECT pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND ours(n) AND not_alembic(c)""",
    "function": """
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'p') AND ours(n)
          AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')""",
    "type": """
        SELECT format('%I %s', t.typname, (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder)
                      FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ours(n)""",
    "extension": "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'",
}
"""What a database consists of, one line per thing (columns without their order)."""


async def snapshot(url: str) -> list[str]:
    """A database's schema as sorted lines."""
    connection: Any = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        lines = []
        for kind, query in SNAPSHOT.items():
            for short, condition in CONDITIONS.items():
                query = query.replace(short, condition)  # noqa: PLW2901 -- spelt out
            lines += [f"{kind} {' '.join(str(row[0]).split())}" for row in await connection.fetch(query)]
        return sorted(lines)
    finally:
        await connection.close()


async def assert_migrations_equal_models(stack: "Stack", service: str, metadata: MetaData) -> None:
    """Fail with a readable difference unless `alembic upgrade head` and `metadata.create_all` build the same schema."""
    by_migrations = await stack.fresh_database(service)
    by_models = await stack.empty_database(service)
    try:
        engine = create_async_engine(by_models)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
        finally:
            await engine.dispose()
        migrated, modelled = await asyncio.gather(snapshot(by_migrations), snapshot(by_models))
    finally:
        await stack.drop_database(by_migrations)
        await stack.drop_database(by_models)
    difference = list(difflib.unified_diff(migrated, modelled, "migrations", "models", lineterm="", n=0))
    assert not difference, f"{service}: the migrations and the models differ\n" + "\n".join(difference)
