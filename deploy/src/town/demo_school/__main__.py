"""`python -m town.demo_school`: write the demo school to a directory."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from town.demo_school.model import Week
from town.demo_school.people import KNOWN_PEOPLE
from town.demo_school.write import write_demo_school


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _this_week() -> str:
    year, number, _ = datetime.now(ZoneInfo("Europe/Moscow")).isocalendar()
    return f"{year}-W{number:02}"


def main(
    out: Annotated[Path, typer.Option(help="Directory for school.zip and timetable.csv.")],
    week: Annotated[str, typer.Option(help="ISO week such as 2026-W48; default: this week.")] = "",
    seed: Annotated[int, typer.Option(help="Another seed is another school.")] = 1,
    size: Annotated[str, typer.Option(help="full: 22 classes. tiny: 7А with five pupils.")] = "full",
) -> None:
    """Write the demo school: school.zip (OneRoster 1.2 CSV) and timetable.csv."""
    if size not in ("full", "tiny"):
        raise typer.BadParameter("full or tiny", param_hint="--size")
    bundle, timetable = write_demo_school(
        out, week=_week(week or _this_week()), seed=seed, size="tiny" if size == "tiny" else "full"
    )
    print(bundle, timetable, sep="\n")
    for person in KNOWN_PEOPLE:
        print(f"{person.role:14} {person.full_name:32} {person.login}")


if __name__ == "__main__":
    typer.run(main)
