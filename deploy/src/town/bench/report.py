"""Rows of the table, and `.local/bench.json`."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing. `ratio` is value/baseline of rounds run in turn, their median."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""
    note: str = ""


async def in_turn(
    ours: Callable[[], Awaitable[float]], theirs: Callable[[], Awaitable[float]], *, rounds: int
) -> tuple[float, float, float]:
    """Measure both in turn; answers the medians of ours, of theirs, and of the ratio round by round."""
    pairs = [(await ours(), await theirs()) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(title="make bench", title_justify="left")
    for column in ("what", "value", "unit", "baseline", "ratio", "goal", "baseline is"):
        table.add_column(column, justify="right" if column in {"value", "baseline", "ratio"} else "left")
    for row in rows:
        table.add_row(
            row.name,
            _number(row.value),
            row.unit,
            _number(row.baseline),
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.goal,
            row.note,
        )
    Console().print(table)


def save(rows: Sequence[Row], file: Path) -> None:
    """Write `{name: {value, unit, baseline, ratio, goal}}`; rows of a partial run replace their namesakes."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for row in rows:
        known[row.name] = {key: value for key, value in asdict(row).items() if key != "name"}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
