"""Migrations: alembic, with an advisory lock and with timeouts, so that a deployment never freezes a school day.

A service's `migrations/env.py` is two lines::

    from journal.schema import metadata
    from shared.db.migrate import run

    run(metadata)
"""

import asyncio
from importlib import import_module
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

ADVISORY_LOCK = 0x5A564F4E
"""«ZVON»: replicas that start together migrate one after the other."""
LOCK_TIMEOUT = "5s"
"""How long a migration may queue behind readers before it gives way; it then can be tried again."""
STATEMENT_TIMEOUT = "120s"


def migrations_of(service: str) -> Path:
    """The folder of a service's migrations: inside the installed package, or beside `src` in a checkout.

    Raises:
        FileNotFoundError: the service is not installed, or was built without its migrations.
    """
    module = import_module(service)
    package = Path(str(module.__file__)).parent
    for folder in (package / "migrations", package.parent.parent / "migrations"):
        if (folder / "env.py").exists():
            return folder
    raise FileNotFoundError(f"{service} has no migrations folder beside {package}")


def alembic_config(service: str, url: str) -> Config:
    """Alembic's settings for one service's database, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(migrations_of(service)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(service: str, url: str, revision: str = "head") -> None:
    """Bring a database up to `revision`. Blocking; from a running loop call it in a thread."""
    command.upgrade(alembic_config(service, url), revision)


def run(metadata: MetaData) -> None:
    """What `env.py` calls."""
    asyncio.run(_run(str(context.config.attributes["url"]), metadata))


async def _run(url: str, metadata: MetaData) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            # Held by the session, not the transaction: alembic opens and ends transactions of its own.
            await connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_migrate, metadata)
            await connection.commit()
    finally:
        await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
