"""The command `identity`: what every service has, importing a school, and keys."""

import asyncio
import base64
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from identity.accounts.appoint_operator import NoSuchAccount, appoint_operator
from identity.container import Container
from identity.errors import BundleRefused
from identity.school_import.import_school import ImportReport, allow_all, import_school
from identity.sessions.signing_keys import new_key_set, rotated
from identity.settings import Settings
from shared.ops.cli import service_cli
from shared.ops.settings import load_settings

app = service_cli("identity", help_text="Accounts, sign-in and the school registry.")
_STEPS = {"read": "Чтение архива", "passwords": "Пароли", "write": "Запись"}
_NAMES = {
    "schools": "школы",
    "school_years": "учебные годы",
    "subjects": "предметы",
    "classes": "классы",
    "people": "люди",
    "enrolments": "зачисления",
    "guardianships": "представители",
    "accounts": "учётные записи",
    "staff_assignments": "назначения",
}
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


@app.command("import-school")
def import_school_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="OneRoster 1.2 CSV, zip")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Make a school equal to a bundle: all or nothing; a second time nothing."""
    settings = load_settings(Settings)
    try:
        with _progress() as progress:
            report = asyncio.run(_import(settings, file.read_bytes(), dry_run=dry_run, progress=progress))
    except BundleRefused as refused:
        for mistake in refused.mistakes:
            place = ":".join(str(part) for part in (mistake.file, mistake.line, mistake.column) if part)
            _err.print(f"{place}: {mistake.rule}: {mistake.message('ru')}", markup=False, soft_wrap=True)
        _err.print(f"Ошибок: {len(refused.mistakes)}. Ничего не загружено.")
        raise typer.Exit(1) from None
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
        _err.print("Такой учётной записи нет · There is no such account")
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


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Print the next ZVONOK_SIGNING_KEYS: the waiting key signs, a new one waits, the old one is still accepted."""
    following = rotated(load_settings(Settings).signing_keys)
    sys.stdout.write(f"ZVONOK_SIGNING_KEYS='{json.dumps(following, separators=(',', ':'))}'\n")


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


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True) as bar:
        tasks = {step: bar.add_task(text, total=None, visible=False) for step, text in _STEPS.items()}

        def show(step: str, done: int, total: int) -> None:
            bar.update(tasks[step], completed=done, total=total, visible=True)

        yield show


def _show(report: ImportReport) -> None:
    if not report.changed:
        _out.print("Изменений нет.")
        return
    table = Table("", "новых", "изменено", "убрано", title="Будет изменено" if report.dry_run else "Загружено")
    for name, counts in report.counts.items():
        if counts:
            table.add_row(_NAMES[name], str(counts.added), str(counts.changed), str(counts.removed))
    _out.print(table)
    _out.print(f"Событий: {report.events}")
