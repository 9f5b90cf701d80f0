"""The command `journal`: what every service has, and the import of timetables and city events."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from journal.city_events.import_events import ImportedEvents, import_events
from journal.city_events.rules import ReadEvents, read_events
from journal.errors import CityEventsRefused, FileRefused, HistoryRefused, TimetableRefused
from journal.history.import_history import import_history, read_history
from journal.history.kinds import KINDS, order
from journal.history.sheet import ReadHistory
from journal.roster.queries import School, all_schools
from journal.settings import Settings
from journal.signature.rules import FAULTS, verify
from journal.timetable import rules
from journal.timetable.import_timetable import Imported, import_timetable
from journal.timetable.read_file import ReadFile, read_file
from shared.crypto import FieldVault, Seals, new_seal_keys
from shared.db import Database
from shared.http import Language, Text
from shared.ops.cli import service_cli
from shared.ops.settings import load_settings

app = service_cli("journal", help_text="journal: timetable, marks, diary.")

_PAUSE = 0.5
_NOT_TOLD_YET = frozenset({rules.UNKNOWN_CLASS, rules.UNKNOWN_SUBJECT, rules.UNKNOWN_TEACHER})
_DONE = Text(
    ru="Уроков добавлено: {added}, изменено: {changed}, без изменений: {unchanged}",
    en="Lessons added: {added}, changed: {changed}, unchanged: {unchanged}",
)
_EVENTS_DONE = Text(
    ru="Событий добавлено: {added}, изменено: {changed}, без изменений: {unchanged}",
    en="Events added: {added}, changed: {changed}, unchanged: {unchanged}",
)
_VERIFIED = Text(
    ru="Подпись верна: неделя {week}, подписана {signed_at}, с тех пор не изменена.",
    en="The signature is good: week {week}, signed at {signed_at}, unchanged since.",
)
_NO_KEYS = Text(ru="В файле {file} нет открытых ключей Ed25519.", en="There are no public Ed25519 keys in {file}.")
_HISTORY_DONE = Text(
    ru="{file}: {kind}. Добавлено: {added}, без изменений: {unchanged}",
    en="{file}: {kind}. Added: {added}, unchanged: {unchanged}",
)
_DATABASE = Text(
    ru="База данных не отвечает или не подготовлена ({error}). Ничего не загружено. Сначала: journal migrate",
    en="The database does not answer or is not prepared ({error}). Nothing was imported. First: journal migrate",
)
_WHICH_SCHOOL = Text(
    ru="Для какой школы файл? Укажите --school. Известны: {known}",
    en="Which school is the file for? Name it by --school. Known: {known}",
)
_NO_SCHOOL = Text(ru="Журнал ещё не знает такой школы.", en="Journal does not know such a school yet.")


class SchoolUnclear(Exception):
    """Which school the file is for cannot be told."""

    def __init__(self, known: Sequence[School], *, several: bool) -> None:
        super().__init__()
        self.known = known
        self.several = several

    def message(self, language: Language) -> str:
        """What to do about it."""
        if not self.known:
            return _NO_SCHOOL.ru if language == "ru" else _NO_SCHOOL.en
        names = ", ".join(f"{school.source_id} ({school.name})" for school in self.known)
        return _WHICH_SCHOOL.format(language, known=names)


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
    language = _language()
    read = read_file(file.name, file.read_bytes())
    try:
        imported = asyncio.run(_import(settings, read, school, wait))
    except TimetableRefused as refused:
        raise _told(refused, language) from None
    except SchoolUnclear as unclear:
        sys.stderr.write(f"{unclear.message(language)}\n")
        raise typer.Exit(1) from None
    except (OSError, SQLAlchemyError) as error:
        sys.stderr.write(f"{_DATABASE.format(language, error=type(error).__name__)}\n")
        raise typer.Exit(3) from None
    counts = {"added": imported.added, "changed": imported.changed, "unchanged": imported.unchanged}
    sys.stdout.write(f"{_DONE.format(language, **counts)}\n")


@app.command("import-history")
def import_history_command(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, UTF-8.")],
    school: Annotated[
        str | None, typer.Option(help="Id or source id of the school; not needed while there is only one.")
    ] = None,
) -> None:
    """Import what was written before the school came here, from files of any kinds. Families are not told.

    Each file is taken as a whole or not at all, in the order in which they need each other. The first one with
    mistakes ends it; once it is put right, the same command goes on: what was taken already changes nothing.
    """
    settings = load_settings(Settings)
    language = _language()
    read = sorted((read_history(file.name, file.read_bytes()) for file in files), key=lambda file: order(file.sheet))
    try:
        asyncio.run(_import_history(settings, read, school, language))
    except HistoryRefused as refused:
        raise _told(refused, language) from None
    except SchoolUnclear as unclear:
        sys.stderr.write(f"{unclear.message(language)}\n")
        raise typer.Exit(1) from None
    except (OSError, SQLAlchemyError) as error:
        sys.stderr.write(f"{_DATABASE.format(language, error=type(error).__name__)}\n")
        raise typer.Exit(3) from None


@app.command("import-city-events")
def import_city_events_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, UTF-8.")],
) -> None:
    """Import the city's events (contests, olympiads …) from a CSV file: all or nothing, by their source_id."""
    settings = load_settings(Settings)
    language = _language()
    try:
        imported = asyncio.run(_import_events(settings, read_events(file.name, file.read_bytes())))
    except CityEventsRefused as refused:
        raise _told(refused, language) from None
    except (OSError, SQLAlchemyError) as error:
        sys.stderr.write(f"{_DATABASE.format(language, error=type(error).__name__)}\n")
        raise typer.Exit(3) from None
    counts = {"added": imported.added, "changed": imported.changed, "unchanged": imported.unchanged}
    sys.stdout.write(f"{_EVENTS_DONE.format(language, **counts)}\n")


@app.command("generate-seal-keys")
def generate_seal_keys_command() -> None:
    """Print a new key for signed weeks, for ZVONOK_SEAL_KEYS. To replace a key put the new one before it: old
    signatures are verified with the old key for ever.
    """
    sys.stdout.write(f"{json.dumps(new_seal_keys())}\n")


@app.command("verify-signature")
def verify_signature_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The signed page.")],
    keys: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Public keys: what GET /signature-keys answers.")
    ],
) -> None:
    """Verify a signed week without the service: exit status 0 if nobody has changed it, 1 if somebody has."""
    language = _language()
    try:
        public = Seals.of(json.loads(keys.read_bytes())).public
    except ValueError:
        sys.stderr.write(f"{_NO_KEYS.format(language, file=keys.name)}\n")
        raise typer.Exit(2) from None
    verdict = verify(file.read_bytes(), public)
    if verdict.record is None:
        sys.stderr.write(f"{FAULTS[verdict.fault or 'not_canonical'].format(language)}\n")
        raise typer.Exit(1)
    record = verdict.record
    sys.stdout.write(f"{_VERIFIED.format(language, week=record.week, signed_at=record.signed_at)}\n")


def _told(refused: FileRefused, language: Language) -> typer.Exit:
    """Say every mistake of a file on its own line, as compilers do."""
    for mistake in refused.mistakes[: refused.SHOWN]:
        sys.stderr.write(f"{mistake.place}: {mistake.rule.code}: {mistake.message(language)}\n")
    sys.stderr.write(f"{refused.render(language, '')['detail']}\n")
    return typer.Exit(1)


async def _import_history(
    settings: Settings, files: Sequence[ReadHistory], school: str | None, language: Language
) -> None:
    database = Database.open(settings.database_url, source="journal", pool_size=1)
    vault = FieldVault(settings.master_key)
    try:
        found = await _school(database, school)
        for file in files:
            brought = await import_history(database.uow, vault, found.school_id, file)
            counts = {"file": file.name, "kind": KINDS[order(file.sheet)].title.format(language)}
            done = _HISTORY_DONE.format(language, **counts, added=brought.added, unchanged=brought.unchanged)
            sys.stdout.write(f"{done}\n")
            sys.stdout.flush()
    finally:
        await database.close()


async def _import_events(settings: Settings, read: ReadEvents) -> ImportedEvents:
    database = Database.open(settings.database_url, source="journal", pool_size=1)
    try:
        return await import_events(database.uow, read)
    finally:
        await database.close()


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
        known = await all_schools(session)
    found = [school for school in known if wanted in {None, str(school.school_id), school.source_id}]
    if len(found) != 1:
        raise SchoolUnclear(known, several=len(found) > 1)
    return found[0]


def _may_pass(error: SchoolUnclear | TimetableRefused) -> bool:
    if isinstance(error, SchoolUnclear):
        return not error.several
    return {mistake.rule for mistake in error.mistakes} <= _NOT_TOLD_YET


def _language() -> Language:
    """Of the operator's terminal; Russian unless it speaks another language."""
    stated = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if stated.startswith("en") else "ru"
