"""`<service> bus …`: the operator's commands."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from shared.bus import operations
from shared.db.database import Database

Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept in the audit.")]


def bus_cli(  # noqa: C901, PLR0915 -- a list of commands, each a few lines
    service: str, settings: Callable[[], Any]
) -> typer.Typer:
    """The commands of one service. `settings` reads its environment when a command runs."""
    app = typer.Typer(no_args_is_help=True, help="Look at the bus of this service and mend it.")
    console = Console()

    def run(work: Callable[[Database], Awaitable[None]]) -> None:
        async def with_database() -> None:
            database = Database.open(settings().database_url, source=service)
            try:
                await work(database)
            finally:
                await database.close()

        try:
            asyncio.run(with_database())
        except operations.NothingToDo as nothing:
            console.print(f"[yellow]{nothing}[/]")
            raise typer.Exit(1) from None

    def show(rows: list[dict[str, Any]], nothing: str) -> None:
        if not rows:
            console.print(nothing)
            return
        table = Table(*rows[0])
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        console.print(table)

    @app.command()
    def status() -> None:
        """Counts and lags of outbox and inbox."""

        async def work(database: Database) -> None:
            for name, value in asdict(await operations.status(database.engine)).items():
                console.print(f"{name:<14} {value:>10.1f} s" if name.endswith("_lag") else f"{name:<14} {value:>8}")

        run(work)

    @app.command()
    def dead() -> None:
        """Events that failed for good, how many wait behind each; and streams that wait for a missing event."""

        async def work(database: Database) -> None:
            show(await operations.dead(database.engine), "no dead events")
            show(await operations.gaps(database.engine), "no gaps")

        run(work)

    @app.command()
    def redrive(
        reason: Reason,
        event_id: Annotated[UUID | None, typer.Argument(help="One event; all dead ones without it.")] = None,
    ) -> None:
        """Try dead events again."""

        async def work(database: Database) -> None:
            async with database.sessions.begin() as session:
                count = await operations.redrive(session, event_id=event_id, operator=getpass.getuser(), reason=reason)
            console.print(f"{count} tried again")

        run(work)

    @app.command()
    def skip(
        reason: Reason,
        event_id: Annotated[UUID | None, typer.Argument(help="A dead event.")] = None,
        gap: Annotated[str | None, typer.Option(help="A stream key: give up its missing events instead.")] = None,
    ) -> None:
        """Give up a dead event, or the missing events of a stream, so that the stream goes on."""
        if (event_id is None) == (gap is None):
            raise typer.BadParameter("name either an event or --gap STREAM")

        async def work(database: Database) -> None:
            async with database.sessions.begin() as session:
                if event_id is not None:
                    await operations.skip(session, event_id=event_id, operator=getpass.getuser(), reason=reason)
                    console.print("skipped")
                elif gap is not None:
                    goes_on = await operations.skip_gap(
                        session, stream_key=gap, operator=getpass.getuser(), reason=reason
                    )
                    console.print(f"goes on from #{goes_on}")

        run(work)

    @app.command()
    def quarantine(
        discard: Annotated[int | None, typer.Option(help="Throw this one away; needs --reason.")] = None,
        reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the audit.")] = "",
    ) -> None:
        """Deliveries that could not be read."""
        if discard is not None and not reason:
            raise typer.BadParameter("--discard needs --reason")

        async def work(database: Database) -> None:
            if discard is None:
                show(await operations.quarantine(database.engine), "nothing in quarantine")
                return
            async with database.sessions.begin() as session:
                await operations.discard(session, quarantine_id=discard, operator=getpass.getuser(), reason=reason)
            console.print("discarded")

        run(work)

    @app.command()
    def replay(
        to: Annotated[str, typer.Option(help="The consumer.")],
        since: Annotated[datetime, typer.Option(help="Events stored from this instant on (UTC).")],
        until: Annotated[datetime | None, typer.Option(help="Events stored before this instant (UTC).")] = None,
    ) -> None:
        """Send archived events to one consumer again."""

        async def work(database: Database) -> None:
            url = settings().rabbitmq_url
            if url is None:
                raise operations.NothingToDo("ZVONOK_RABBITMQ_URL is missing: replay talks to RabbitMQ")
            sent = 0
            with console.status("replaying") as line:
                async for sent in operations.replay(
                    database.engine,
                    rabbitmq_url=url,
                    producer=service,
                    to=to,
                    since=since.replace(tzinfo=UTC),
                    until=until.replace(tzinfo=UTC) if until else None,
                ):
                    line.update(f"{sent} events sent")
            console.print(f"{sent} events sent to {to}")

        run(work)

    return app
