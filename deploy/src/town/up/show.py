"""What `make up` shows: progress, then a table of addresses, the demo sign-ins and what to try next."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from town.demo_school.people import DEMO_PASSWORD, KNOWN_PEOPLE
from town.up.table import SERVICES
from town.up.town import Report, Town

console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)

ROLES = {
    "class_teacher": ("классный руководитель 7А, математика", "class teacher of 7А, maths"),
    "mother": ("мать ученика 7А", "mother of a pupil of 7А"),
    "father": ("отец ученика 7А", "father of a pupil of 7А"),
    "pupil": ("ученик 7А", "pupil of 7А"),
    "grandmother": ("бабушка: ребёнка в дневнике нет, пока не пригласят", "grandmother: sees no child until invited"),
    "director": ("директор школы", "director of the school"),
}


def said(ru: str, en: str) -> str:
    """Russian, unless ZVONOK_LANG says en."""
    return en if os.environ.get("ZVONOK_LANG", "ru").startswith("en") else ru


@contextmanager
def progress() -> Iterator[Report]:
    """One line that changes on a terminal, with how long its step takes already; a line per step elsewhere."""
    if not console.is_terminal:
        yield lambda ru, en: console.print(f"· {said(ru, en)}")
        return
    line = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    )
    with line:
        step = line.add_task("…", total=None)

        def report(ru: str, en: str) -> None:
            line.reset(step, description=said(ru, en))

        yield report


def show_town(town: Town, seconds: float) -> None:
    """The end of `make up`."""
    addresses = Table(title=said(f"Звонок работает ({seconds:.0f} с)", f"Zvonok is up ({seconds:.0f} s)"))
    addresses.add_column(said("что", "what"))
    addresses.add_column("API", no_wrap=True)
    addresses.add_column(said("обработчик", "worker"), no_wrap=True)
    for service in SERVICES:
        addresses.add_row(service, f"{town.base_url(service)}/docs", f"{town.ops_url(service)}/metrics")
    addresses.add_row(said("почта", "mail"), town.mail_url, "")
    addresses.add_row(said("СМС", "SMS"), town.sms_url, "")
    postgres, rabbitmq = town.postgres, town.rabbitmq
    addresses.add_row(f"PostgreSQL ({postgres.origin})", f"{postgres.address.host}:{postgres.address.port}", "")
    addresses.add_row(f"RabbitMQ ({rabbitmq.origin})", rabbitmq.address.management_url, "")
    console.print(addresses)
    people = Table(
        title=said(f"Вход, пароль у всех {DEMO_PASSWORD}", f"Sign-ins, everybody's password is {DEMO_PASSWORD}")
    )
    for column in (said("логин", "login"), said("кто", "who"), said("роль", "role")):
        people.add_column(column)
    for person in KNOWN_PEOPLE:
        people.add_row(person.login, person.full_name, said(*ROLES[person.role]))
    console.print(people)
    console.print(
        said(
            "Дальше: make demo — оценка доходит до родителя на ваших глазах; make down — остановить; "
            "make clean — удалить данные.\n"
            f"Журналы: {town.root / 'log'}. Пароли баз и брокера: {town.root / 'run' / 'secrets.json'}.",
            "Next: make demo plays a mark's way to the parent; make down stops; make clean deletes the data.\n"
            f"Logs: {town.root / 'log'}. Passwords of databases and broker: {town.root / 'run' / 'secrets.json'}.",
        ),
        soft_wrap=True,
    )
