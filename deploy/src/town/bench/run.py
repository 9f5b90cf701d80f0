"""Run all benchmarks, or one by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import typer

from town.bench import bus
from town.bench.ground import Ground
from town.bench.report import Row, save, show

BENCHES: Mapping[str, Callable[[Ground], Awaitable[list[Row]]]] = {
    "relay": bus.relay,
    "inbox": bus.inbox,
}


def measure(home: Path, only: str | None = None) -> None:
    """Measure, print the table, write `.local/bench.json`."""
    if only and only not in BENCHES:
        raise typer.BadParameter(f"no benchmark {only}; there are {', '.join(BENCHES)}")
    wanted = [only] if only else list(BENCHES)
    rows: list[Row] = []
    with Ground(home / "bench") as ground:
        for name in wanted:
            typer.echo(f"measuring {name} …")
            rows += asyncio.run(_one(BENCHES[name], ground))
    show(rows)
    save(rows, home / "bench.json")


async def _one(bench: Callable[[Ground], Awaitable[list[Row]]], ground: Ground) -> list[Row]:
    return await bench(ground)
