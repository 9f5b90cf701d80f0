"""`town up | down | clean | status | demo | bench | alone`: what the Makefile calls."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from shared.localstack.errors import LocalStackError

app = typer.Typer(help="The whole town on one machine.", no_args_is_help=True, pretty_exceptions_enable=False)

CHECKOUT = Path(__file__).resolve().parents[3]
Only = Annotated[str | None, typer.Option(help="One benchmark by its name; all without it.")]


def home() -> Path:
    """Where the local town keeps its data."""
    return Path(os.environ.get("ZVONOK_HOME", CHECKOUT / ".local")).resolve()


def port_offset() -> int:
    """Added to every port of a service."""
    stated = os.environ.get("ZVONOK_PORT_OFFSET") or "0"
    try:
        return int(stated)
    except ValueError:
        raise LocalStackError(
            f"ZVONOK_PORT_OFFSET={stated}: нужно целое число.", f"ZVONOK_PORT_OFFSET={stated}: not a whole number."
        ) from None


@contextmanager
def plain_errors() -> Iterator[None]:
    """What is wrong with the machine is said in two sentences, not by a traceback."""
    try:
        yield
    except LocalStackError as error:
        sys.stderr.write(f"\n{error}\n")
        raise typer.Exit(1) from None


@app.command()
def up(
    size: Annotated[
        Literal["full", "large"] | None,
        typer.Option(help="Of the demo school: full has 22 classes, large 55. Default: full."),
    ] = None,
    marks: Annotated[
        int | None,
        typer.Option(min=0, help="About as many in its year so far. Default: 60 thousand, a million in a large one."),
    ] = None,
) -> None:
    """Start the town, load the demo school, show where everything is. What runs already is left alone."""
    from town.up import Town
    from town.up.demo import load_demo_school
    from town.up.show import progress, show_town

    began = time.monotonic()
    with plain_errors():
        town = Town(home(), offset=port_offset())
        with town.runner.alone():
            with progress() as report:
                town.up(report)
                load_demo_school(town, report, size=size, marks=marks)
            show_town(town, time.monotonic() - began)


@app.command()
def down() -> None:
    """Stop exactly what `up` started; data stays."""
    from town.up import Town
    from town.up.show import console, said

    with plain_errors():
        town = Town(home(), offset=port_offset())
        with town.runner.alone():
            stopped = town.down()
        console.print(
            said("Остановлено: ", "Stopped: ") + (", ".join(stopped) or said("ничего не работало", "nothing ran"))
        )


@app.command()
def clean() -> None:
    """Stop the town and delete its data."""
    from town.up import Town
    from town.up.show import console, said

    with plain_errors():
        town = Town(home(), offset=port_offset())
        with town.runner.alone():
            town.clean()
        console.print(said("Данные города удалены.", "The town's data is deleted."))


@app.command()
def status() -> None:
    """Show which processes run."""
    from town.up import Town

    with plain_errors():
        town = Town(home(), offset=port_offset())
        running = town.runner.running()
        for name in town.processes:
            process = running.get(name)
            print(f"{name:<22} {process.pid if process else '—'}")
        print(f"{'postgresql':<22} {'+' if town.postgres.alive else '—'}")
        print(f"{'rabbitmq':<22} {'+' if town.rabbitmq.alive else '—'}")


@app.command()
def alone() -> None:
    """Install each service in an environment of its own and load it: fails if one needs another."""
    from town.up.alone import check_all_alone

    with plain_errors():
        for line in check_all_alone(CHECKOUT):
            print(line)


@app.command()
def demo() -> None:
    """Play the story of one mark over HTTP, with the time of each step."""
    from town.demo import play
    from town.up import Town

    with plain_errors():
        play(Town(home(), offset=port_offset()))


@app.command()
def bench(
    only: Only = None,
    marks: Annotated[
        int, typer.Option(help="Of the great city of week_flat. Ten million: a quarter of an hour, 10 GB.")
    ] = 1_000_000,
) -> None:
    """Measure, print a table, write .local/bench.json."""
    from town.bench import measure

    with plain_errors():
        measure(home(), only, marks)


@app.command()
def deployment(
    out: Annotated[Path, typer.Option(help="Where the secrets go.")] = CHECKOUT / "deploy" / ".secrets",
    postgres: Annotated[str, typer.Option(help="host:port as the services reach it.")] = "postgres:5432",
    rabbitmq: Annotated[str, typer.Option(help="host:port as the services reach it.")] = "rabbitmq:5672",
    smtp: Annotated[str, typer.Option(help="host:port of the mail server.")] = "mail:25",
    sms: Annotated[str, typer.Option(help="Address of the SMS gateway.")] = "http://sms/messages",
    portal: Annotated[str, typer.Option(help="Address of the portal frontend.")] = "https://portal.zvonok.example",
) -> None:
    """Write keys, passwords and RabbitMQ's definitions for deploy/compose.yaml or Kubernetes."""
    from town.deployment.prepare import prepare

    for path in prepare(out, postgres=postgres, rabbitmq=rabbitmq, smtp=smtp, sms=sms, portal=portal):
        print(path)


@app.command()
def docs(
    *, check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if a file is stale.")] = False
) -> None:
    """Generate docs/EVENTS.md, schemas, AsyncAPI and RabbitMQ's definitions from the code."""
    from town import documents

    if check:
        found = documents.stale(CHECKOUT)
        for diff in found:
            print(diff)
        if found:
            sys.stderr.write("Generated files are stale: run `make docs` and commit them.\n")
            raise typer.Exit(1)
        return
    for path in (*documents.write(CHECKOUT), *documents.release(CHECKOUT)):
        print(path)
