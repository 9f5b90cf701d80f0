"""The command `identity`: what every service has, importing a school, and keys."""

import asyncio
import base64
import json
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from identity.accounts.appoint_operator import appoint_operator
from identity.accounts.by_login import NoSuchAccount
from identity.container import Container
from identity.errors import BundleRefused
from identity.matching.command import match_report_command
from identity.membership.appoint_agent import NotOfThisSchool, appoint_agent
from identity.school_import.bundle import MAX_ARCHIVE_BYTES
from identity.school_import.import_school import ImportReport, allow_all, import_school
from identity.sessions.client_keys import new_client_key
from identity.sessions.signing_keys import new_key_set, rotated
from identity.settings import Settings
from identity.terminal import errors, language, progress, show_mistake
from shared.http.texts import Text
from shared.ops.cli import service_cli
from shared.ops.settings import load_settings

app = service_cli("identity", help_text="Accounts, sign-in and the school registry.")
_STEPS = {
    "read": Text(ru="Чтение архива", en="Reading"),
    "passwords": Text(ru="Пароли", en="Passwords"),
    "write": Text(ru="Запись", en="Writing"),
}
_NAMES = {
    "schools": Text(ru="школы", en="schools"),
    "school_years": Text(ru="учебные годы", en="school years"),
    "subjects": Text(ru="предметы", en="subjects"),
    "classes": Text(ru="классы", en="classes"),
    "people": Text(ru="люди", en="people"),
    "enrolments": Text(ru="зачисления", en="enrolments"),
    "groups": Text(ru="группы", en="groups"),
    "group_members": Text(ru="состав групп", en="members of groups"),
    "guardianships": Text(ru="представители", en="guardianships"),
    "accounts": Text(ru="учётные записи", en="accounts"),
    "staff_assignments": Text(ru="назначения", en="assignments"),
}
_COLUMNS = (Text(ru="новых", en="new"), Text(ru="изменено", en="changed"), Text(ru="убрано", en="removed"))
_DONE = Text(ru="Загружено", en="Imported")
_WOULD = Text(ru="Будет изменено", en="Would be changed")
_UNCHANGED = Text(ru="Изменений нет.", en="Nothing has changed.")
_EVENTS = Text(ru="Событий: {count}", en="Events: {count}")
_REFUSED = Text(ru="Ошибок: {count}. Ничего не загружено.", en="Mistakes: {count}. Nothing was imported.")
_DATABASE = Text(
    ru="База данных не отвечает или не подготовлена ({error}). Ничего не загружено. Сначала: identity migrate",
    en="The database does not answer or is not prepared ({error}). Nothing was imported. First: identity migrate",
)
_NOT_OF_SCHOOL = Text(
    ru="У этой учётной записи нет записи сотрудника в такой школе.", en="The account is nobody of that school's staff."
)
_NO_ACCOUNT = Text(ru="Такой учётной записи нет.", en="There is no such account.")


@app.command("import-school")
def import_school_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="OneRoster 1.2 CSV, zip")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Make a school equal to a bundle: all or nothing; a second time nothing."""
    settings = load_settings(Settings)
    try:
        with progress(_STEPS) as told:
            report = asyncio.run(_import(settings, _read(file), dry_run=dry_run, progress=told))
    except BundleRefused as refused:
        for mistake in refused.mistakes:
            show_mistake(mistake)
        errors().print(_REFUSED.format(language(), count=len(refused.mistakes)))
        raise typer.Exit(1) from None
    except (OSError, SQLAlchemyError) as error:
        errors().print(_DATABASE.format(language(), error=type(error).__name__))
        raise typer.Exit(3) from None
    _show(report)


@app.command("appoint-operator")
def appoint_operator_command(
    login: Annotated[str, typer.Argument(help="Phone, e-mail, СНИЛС or user name of the account.")],
    *,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="The account no longer works for the platform.")] = False,
) -> None:
    """Let an account connect schools over HTTP."""

    async def appoint() -> None:
        async with Container.open(load_settings(Settings)) as container:
            await appoint_operator(container.database.uow, container.keys, login, is_operator=not dismiss)

    try:
        asyncio.run(appoint())
    except NoSuchAccount:
        errors().print(_NO_ACCOUNT.format(language()))
        raise typer.Exit(1) from None


app.command("match-report")(match_report_command)


@app.command("appoint-agent")
def appoint_agent_command(
    login: Annotated[str, typer.Argument(help="Phone, e-mail, СНИЛС or user name of the account.")],
    *,
    school: Annotated[
        str | None, typer.Option(help="Source id of the school whose agent; without it the central desk.")
    ] = None,
    dismiss: Annotated[bool, typer.Option("--dismiss", help="The account no longer works for support.")] = False,
) -> None:
    """Let an account answer tickets: of one school, or at the central desk."""

    async def appoint() -> None:
        async with Container.open(load_settings(Settings)) as container:
            await appoint_agent(container.database.uow, container.keys, login, school=school, dismiss=dismiss)

    try:
        asyncio.run(appoint())
    except (NoSuchAccount, NotOfThisSchool) as error:
        text = _NO_ACCOUNT if isinstance(error, NoSuchAccount) else _NOT_OF_SCHOOL
        errors().print(text.format(language()))
        raise typer.Exit(1) from None


@app.command("generate-keys")
def generate_keys() -> None:
    """Print new keys as environment variables. LOOKUP_KEY is the same in every service of the town."""
    keys = {
        "ZVONOK_MASTER_KEY": _random_key(),
        "ZVONOK_LOOKUP_KEY": _random_key(),
        "ZVONOK_SIGNING_KEYS": json.dumps(new_key_set(), separators=(",", ":")),
    }
    for name, value in keys.items():
        sys.stdout.write(f"{name}='{value}'\n")


@app.command("generate-client-key")
def generate_client_key(
    client_id: Annotated[str, typer.Argument(help="What the frontend calls itself.")],
) -> None:
    """Print a frontend's private key, and the public one to be set here: it then speaks for its users' addresses."""
    private, public = new_client_key()
    sys.stdout.write(f"{json.dumps(private, separators=(',', ':'))}\n")
    registered = json.dumps({client_id: {"keys": [public]}}, separators=(",", ":"))
    sys.stdout.write(f"ZVONOK_CLIENTS='{registered}'\n")


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Print the next ZVONOK_SIGNING_KEYS: the waiting key signs, a new one waits, the old one is still accepted."""
    following = rotated(load_settings(Settings).signing_keys)
    sys.stdout.write(f"ZVONOK_SIGNING_KEYS='{json.dumps(following, separators=(',', ':'))}'\n")


def _read(file: Path) -> bytes:
    """As much of a file as is looked at; one byte more tells that it is too large."""
    with file.open("rb") as stream:
        return stream.read(MAX_ARCHIVE_BYTES + 1)


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


async def _import(
    settings: Settings, archive: bytes, *, dry_run: bool, progress: Callable[[str, int, int], None]
) -> ImportReport:
    async with Container.open(settings) as container:
        return await import_school(
            container.database,
            container.keys,
            container.passwords,
            archive,
            permission=allow_all,
            issues_accounts=True,
            dry_run=dry_run,
            progress=progress,
        )


def _show(report: ImportReport) -> None:
    spoken = language()
    if not report.changed:
        Console(highlight=False).print(_UNCHANGED.format(spoken))
        return
    title = (_WOULD if report.dry_run else _DONE).format(spoken)
    table = Table("", *(column.format(spoken) for column in _COLUMNS), title=title)
    for name, counts in report.counts.items():
        if counts:
            cells = (str(number) for number in (counts.added, counts.changed, counts.removed))
            table.add_row(_NAMES[name].format(spoken), *cells)
    Console(highlight=False).print(table)
    Console(highlight=False).print(_EVENTS.format(language(), count=report.events))
