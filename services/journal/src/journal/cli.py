"""The command `journal`: what every service has, and the import of timetables."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from journal.errors import TimetableRefused
from journal.roster.queries import School, all_schools
from journal.settings import Settings
from journal.timetable import rules
from journal.timetable.import_timetable import Imported, import_timetable
from journal.timetable.read_file import ReadFile, read_file
from shared.db import Database
from shared.ops.cli import service_cli
from shared.ops.settings import load_settings

app = service_cli("journal", help_text="journal: timetable, marks, diary.")

_PAUSE = 0.5
_NOT_TOLD_YET = frozenset({rules.UNKNOWN_CLASS, rules.UNKNOWN_SUBJECT, rules.UNKNOWN_TEACHER})


class SchoolUnclear(Exception):
    """Which school the file is for cannot be told."""


@app.command("import-timetable")
def import_timetable_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, UTF-8.")],
    school: Annotated[
        str | None, typer.Option(help="Id or source id of the school; not needed while there is only one.")
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the registry to tell about the school first.")
    ] = 0,
) -> None:
    """Import lessons from a CSV file: all or nothing. Mistakes are named as file:line:column."""
    settings = load_settings(Settings)
    read = read_file(file.name, file.read_bytes())
    try:
        imported = asyncio.run(_import(settings, read, school, wait))
    except TimetableRefused as refused:
        for mistake in refused.mistakes[: refused.SHOWN]:
            sys.stderr.write(f"{mistake.place}: {mistake.message('ru')} [{mistake.rule.code}]\n")
        sys.stderr.write(refused.render("ru", "")["detail"] + "\n")
        raise typer.Exit(1) from None
    except SchoolUnclear as unclear:
        sys.stderr.write(f"{unclear}\n")
        raise typer.Exit(1) from None
    sys.stdout.write(
        f"Уроков добавлено: {imported.added}, изменено: {imported.changed}, без изменений: {imported.unchanged}\n"
    )


async def _import(settings: Settings, file: ReadFile, school: str | None, wait: float) -> Imported:
    deadline = time.monotonic() + wait
    database = Database.open(settings.database_url, source="journal", pool_size=1)
    try:
        while True:
            try:
                found = await _school(database, school)
                return await import_timetable(database.uow, None, found.school_id, file)
            except (SchoolUnclear, TimetableRefused) as error:
                # What the registry has just imported is still on its way here.
                if time.monotonic() >= deadline or not _may_pass(error):
                    raise
            await asyncio.sleep(_PAUSE)
    finally:
        await database.close()


async def _school(database: Database, wanted: str | None) -> School:
    async with database.read() as session:
        schools = await all_schools(session)
    if wanted is not None:
        schools = [school for school in schools if wanted in {str(school.school_id), school.source_id}]
    if len(schools) == 1:
        return schools[0]
    known = ", ".join(school.source_id for school in schools) or "нет / none"
    raise SchoolUnclear(f"Укажите школу: --school. Name the school: --school. ({known})")


def _may_pass(error: SchoolUnclear | TimetableRefused) -> bool:
    return isinstance(error, SchoolUnclear) or {mistake.rule for mistake in error.mistakes} <= _NOT_TOLD_YET
