"""The demo school: generated, imported into identity, and its timetable into journal once journal knows the classes."""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.localstack.errors import LocalStackError
from shared.localstack.processes import read_json, write_json
from town.demo_school.model import Week
from town.demo_school.school import Size
from town.up.town import COMMAND_SECONDS, Report, Town
from town.up.year import live_the_year

MARKS: Mapping[Size, int] = {"tiny": 300, "full": 60_000, "large": 1_000_000}
"""About as many stand in the journal of a demo school that has lived since September."""

LEARN_SECONDS: Mapping[Size, float] = {"tiny": 120, "full": 120, "large": 300}
"""How long journal may take to learn a whole school by events."""


def this_week() -> str:
    """The ISO week now in Moscow, where the demo school stands."""
    return f"{today():%G-W%V}"


def today() -> date:
    """The day where the demo school stands."""
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Moscow")).date()


def load_demo_school(town: Town, report: Report, *, size: Size | None = None, marks: int | None = None) -> None:
    """Load what is not loaded yet: the school once, a timetable for every week in which the town is started.

    Args:
        town: that runs.
        report: is told what comes next.
        size: of the school; that of the school which is there already, or `full`.
        marks: how many the year so far has, about; `MARKS` unless told; 0: no year, only the week.

    Raises:
        LocalStackError: a school of another size is there; or an import failed, with the end of its output.
    """
    marker = town.root / "run" / "demo.json"
    loaded = read_json(marker)
    chosen = _chosen_size(loaded, size)
    marks = MARKS[chosen] if marks is None else marks
    day = today()
    week = f"{day:%G-W%V}"
    if loaded.get("week") == week:
        return
    folder = town.root / "demo"
    report("Демонстрационная школа", "The demo school")
    lives = marks > 0 and "lived_in" not in loaded
    # The year lasts until yesterday: what stands in today's lessons, people write.
    year = ("--until", day.isoformat(), *(("--marks", str(marks)) if lives else ()))
    command = (sys.executable, "-m", "town.demo_school", "--out", str(folder), "--week", week, "--size", chosen, *year)
    town.runner.run_once("demo-school", command, town.environment("identity", "api"), timeout=COMMAND_SECONDS)
    if "week" not in loaded:
        write_json(marker, {**loaded, "size": chosen})  # an interrupted start goes on with the same school
        report("Школа → identity", "The school → identity")
        town.run_command("identity", "import-school", str(folder / "school.zip"), name="demo-import-school")
    report("Журнал узнаёт школу по событиям", "Journal learns the school by events")
    _import_timetable(town, folder / "timetable.csv", LEARN_SECONDS[chosen])
    if lives:
        report(
            f"Год школы: уроки, задания, отметок около {marks / 1000:.0f} тысяч",
            f"The year of the school: lessons, homework, about {marks:,} marks",
        )
        live_the_year(town.base_url, partial(town.run_command, "journal"), folder, Week.parse(week), day)
    write_json(marker, {**loaded, "week": week, "size": chosen} | ({"lived_in": True} if lives else {}))


def _chosen_size(loaded: Mapping[str, object], wanted: Size | None) -> Size:
    stands: Size | None = next((size for size in MARKS if size == loaded.get("size", "full")), None) if loaded else None
    if stands and wanted and stands != wanted:
        raise LocalStackError(
            f"Здесь уже школа размера {stands}. Другую можно загрузить после make clean.",
            f"A school of the size {stands} is here already. Load another one after make clean.",
        )
    return stands or wanted or "full"


def _import_timetable(town: Town, timetable: Path, seconds: float) -> None:
    """Journal refuses a timetable of classes that it has not heard of, so this is tried until it has."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            town.run_command("journal", "import-timetable", str(timetable), name="demo-import-timetable")
        except LocalStackError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return
