"""Run all benchmarks, or one by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

import typer

from town.bench import bus, diary, flat, identity, journal, matching, over_http
from town.bench.ground import Ground
from town.bench.report import Row, save, show
from town.up import Town

OF_THE_BUS: Mapping[str, Callable[[Ground], Awaitable[list[Row]]]] = {
    "relay": bus.relay,
    "inbox": bus.inbox,
    "import_1500": identity.import_1500,
    "week_flat": flat.week_flat,
}
"""On bare servers: nothing runs beside what is measured."""
OF_THE_TOWN: Mapping[str, Callable[[Town], Awaitable[list[Row]]]] = {
    "mark": over_http.mark,
    "latency": over_http.latency,
    "column": journal.column,
    "column_cpu": journal.column_cpu,
    "grid_cpu": journal.grid_cpu,
    "matching": matching.matching,
    "week": diary.week,
    "performance": diary.performance,
    "performance_cpu": diary.performance_cpu,
}
"""On a whole running town with the demo school."""


def measure(home: Path, only: str | None = None, marks: int = flat.GREAT) -> None:
    """Measure, print the table, write `<home>/bench.json`; `marks` are those of the great city of `week_flat`."""
    if marks < 2 * flat.LITTLE or marks % flat.LITTLE:
        raise typer.BadParameter(f"--marks: whole schools of {flat.LITTLE:,} marks, two or more; not {marks:,}")
    names = [*OF_THE_BUS, *OF_THE_TOWN]
    if only and only not in names:
        raise typer.BadParameter(f"no benchmark {only}; there are {', '.join(names)}")
    wanted = [only] if only else names
    on_ground: Mapping[str, Callable[[Ground], Awaitable[list[Row]]]] = {
        **OF_THE_BUS,
        "week_flat": partial(flat.week_flat, marks=marks),
    }
    rows: list[Row] = []
    if of_bus := [name for name in wanted if name in OF_THE_BUS]:
        with Ground(home / "bench") as ground:
            for name in of_bus:
                typer.echo(f"measuring {name} …")
                rows += asyncio.run(_finished(on_ground[name](ground)))
    if of_town := [name for name in wanted if name in OF_THE_TOWN]:
        typer.echo("starting a town …")
        with over_http.town_with_school(home) as town:
            for name in of_town:
                typer.echo(f"measuring {name} …")
                rows += asyncio.run(_finished(OF_THE_TOWN[name](town)))
    show(rows)
    save(rows, home / "bench.json")


async def _finished(rows: Awaitable[list[Row]]) -> list[Row]:
    return await rows
