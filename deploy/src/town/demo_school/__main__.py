"""`python -m town.demo_school`: write the demo school to a directory."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from town.demo_school.model import Week
from town.demo_school.people import KNOWN_PEOPLE
from town.demo_school.school import Size
from town.demo_school.write import write_demo_school, write_year


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("YYYY-MM-DD") from error


def _this_week() -> str:
    year, number, _ = datetime.now(ZoneInfo("Europe/Moscow")).isocalendar()
    return f"{year}-W{number:02}"


def main(
    out: Annotated[Path, typer.Option(help="Directory for school.zip and timetable.csv.")],
    week: Annotated[str, typer.Option(help="ISO week such as 2026-W48; default: this week.")] = "",
    seed: Annotated[int, typer.Option(help="Another seed is another school.")] = 1,
    size: Annotated[str, typer.Option(help="full: 22 classes. tiny: 7А with five pupils. large: 55 classes.")] = "full",
    marks: Annotated[int, typer.Option(help="About as many marks in the year so far; 0: no year.")] = 0,
    until: Annotated[str, typer.Option(help="The day before which the year has happened; default: the Monday.")] = "",
) -> None:
    """Write the demo school: school.zip (OneRoster 1.2 CSV) and timetable.csv, and its year so far."""
    known: dict[str, Size] = {"full": "full", "tiny": "tiny", "large": "large"}
    if size not in known:
        raise typer.BadParameter("full, tiny or large", param_hint="--size")
    of_week = _week(week or _this_week())
    day = _day(until) if until else None
    print(*write_demo_school(out, week=of_week, seed=seed, size=known[size], until=day), sep="\n")
    if marks:
        print(*write_year(out, week=of_week, seed=seed, size=known[size], marks=marks, until=day), sep="\n")
    for person in KNOWN_PEOPLE:
        print(f"{person.role:14} {person.full_name:32} {person.login}")


if __name__ == "__main__":
    typer.run(main)
