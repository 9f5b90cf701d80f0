"""The command `support`: what every service has, and what a service level comes to."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from shared.business_time import Calendar, Pause
from shared.ops.cli import service_cli
from support.sla.rules import CALENDARS, POLICIES, POLICY_VERSION, deadlines

app = service_cli("support", help_text="Tickets from families and teachers.")
_INSTANT = "2026-11-26T10:00 (in the calendar's zone) or 2026-11-26T10:00+03:00"


@app.command("sla-due")
def sla_due(
    policy: Annotated[str, typer.Option(help=f"One of {', '.join(POLICIES)}.")],
    start: Annotated[str, typer.Option("--from", help=f"When the time begins: {_INSTANT}.")],
    calendar: Annotated[
        str | None, typer.Option(help=f"One of {', '.join(CALENDARS)}; by default the policy's own.")
    ] = None,
    pause: Annotated[list[str] | None, typer.Option(help="Begin/end of time that does not count; repeatable.")] = None,
) -> None:
    """Print by when the targets of a policy are due: the same reckoning as for tickets (S-11)."""
    if policy not in POLICIES:
        raise typer.BadParameter(f"one of {', '.join(POLICIES)}", param_hint="--policy")
    name = calendar or POLICIES[policy].calendar
    if name not in CALENDARS:
        raise typer.BadParameter(f"one of {', '.join(CALENDARS)}", param_hint="--calendar")
    used = CALENDARS[name]
    pauses = [_pause(written, used) for written in pause or ()]
    due = deadlines(POLICIES[policy], used, _instant(start, used, "--from"), pauses)
    table = Table("target", "due", title=f"{policy} {POLICY_VERSION}, {name} {used.version}")
    for target, instant in due.items():
        table.add_row(target, instant.astimezone(used.zone).isoformat(timespec="seconds"))
    Console(highlight=False).print(table)


def _pause(written: str, calendar: Calendar) -> Pause:
    begin, slash, end = written.partition("/")
    if not slash:
        raise typer.BadParameter("begin/end, divided by a slash", param_hint="--pause")
    pause = _instant(begin, calendar, "--pause"), _instant(end, calendar, "--pause")
    if pause[1] < pause[0]:
        raise typer.BadParameter("the end is before the beginning", param_hint="--pause")
    return pause


def _instant(written: str, calendar: Calendar, option: str) -> datetime:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"not an instant; write {_INSTANT}", param_hint=option) from None
    return read if read.tzinfo else read.replace(tzinfo=calendar.zone)
