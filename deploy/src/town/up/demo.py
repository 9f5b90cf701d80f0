"""The demo school: generated, imported into identity, and its timetable into journal once journal knows the classes."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.localstack.errors import LocalStackError
from shared.localstack.processes import read_json, write_json
from town.demo_school.model import Week
from town.up.town import Report, Town
from town.up.year import live_the_year

MARKS = 60_000
"""About as many stand in the journal of a demo school that has lived since September."""

LEARN_SECONDS = 120
"""How long journal may take to learn a whole school by events."""


def this_week() -> str:
    """The ISO week now in Moscow, where the demo school stands."""
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Moscow")).strftime("%G-W%V")


def load_demo_school(town: Town, report: Report, *, marks: int = MARKS) -> None:
    """Load what is not loaded yet: the school once, a timetable for every week in which the town is started.

    Args:
        town: that runs.
        report: is told what comes next.
        marks: how many the year so far has, about; 0: no year, only the week.

    Raises:
        LocalStackError: an import failed, with the end of its output.
    """
    marker = town.root / "run" / "demo.json"
    loaded = read_json(marker)
    week = this_week()
    if loaded.get("week") == week:
        return
    folder = town.root / "demo"
    report("Демонстрационная школа", "The demo school")
    lives = marks > 0 and "lived_in" not in loaded
    year = ("--marks", str(marks)) if lives else ()
    command = (sys.executable, "-m", "town.demo_school", "--out", str(folder), "--week", week, *year)
    town.runner.run_once("demo-school", command, town.environment("identity", "api"))
    if "week" not in loaded:
        report("Школа → identity", "The school → identity")
        town.run_command("identity", "import-school", str(folder / "school.zip"), name="demo-import-school")
    report("Журнал узнаёт школу по событиям", "Journal learns the school by events")
    _import_timetable(town, folder / "timetable.csv")
    if lives:
        report("Год школы: уроки, оценки, пропуски", "The year of the school: lessons, marks, absences")
        live_the_year(town.base_url, town.run_command, folder, Week.parse(week))
    write_json(marker, {**loaded, "week": week} | ({"lived_in": True} if lives else {}))


def _import_timetable(town: Town, timetable: Path) -> None:
    """Journal refuses a timetable of classes that it has not heard of, so this is tried until it has."""
    deadline = time.monotonic() + LEARN_SECONDS
    while True:
        try:
            town.run_command("journal", "import-timetable", str(timetable), name="demo-import-timetable")
        except LocalStackError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return
