"""The command `identity match-report`: reads two files, shows what matching would say, touches nothing."""

import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from identity.matching.report import Answer, MatchReport, match_report
from identity.matching.rules import Outcome
from identity.matching.two_files import Unreadable, read_accounts, read_people
from identity.mistakes import Mistakes
from identity.terminal import errors, language, progress, show_mistake
from shared.http.texts import Text

_STEPS = {
    "school": Text(ru="Школа", en="School"),
    "accounts": Text(ru="Учётные записи", en="Accounts"),
    "decisions": Text(ru="Решения", en="Decisions"),
}
_OUTCOMES: dict[Outcome, Text] = {
    "accept": Text(ru="доступ открывается", en="opens"),
    "review": Text(ru="решает классный руководитель", en="the class teacher decides"),
    "conflict": Text(ru="запись уже занята", en="the record is taken"),
    "ambiguous": Text(ru="подходит несколько записей", en="several records fit"),
    "pass_data_to_teacher": Text(ru="контакта нет в школе", en="the school lacks the contact"),
    "missing_own_data": Text(ru="не заполнены свои данные", en="own data is missing"),
    "contact_not_proved": Text(ru="контакт не подтверждён", en="no contact is proved"),
}
_ATTRIBUTES = {
    "surname": Text(ru="фамилия", en="surname"),
    "given_name": Text(ru="имя", en="given name"),
    "patronymic": Text(ru="отчество", en="patronymic"),
    "birth_date": Text(ru="дата рождения", en="birth date"),
    "snils": Text(ru="СНИЛС", en="СНИЛС"),
    "phone": Text(ru="телефон", en="phone"),
    "email": Text(ru="электронная почта", en="e-mail"),
}
_RESULT, _COUNT = Text(ru="Результат", en="Outcome"), Text(ru="Количество", en="Count")
_DIFFERS = Text(ru="Чаще всего расходится", en="Differs most")
_MISSING = Text(ru="Не заполнено", en="Not filled in")
_UNREADABLE = Text(
    ru="{file}: {column}: не читается значений: {count}, первое в строке {line}. Они считаются отсутствующими.",
    en="{file}: {column}: {count} values are not readable, the first in line {line}. They count as absent.",
)
_REFUSED = Text(ru="Ошибок: {count}. Отчёт не составлен.", en="Mistakes: {count}. No report was made.")

_COLUMNS = ("account_id", "school", "outcome", "record_id", "level", "reason", "differing")


def match_report_command(
    *,
    school: Annotated[
        Path, typer.Option("--school", exists=True, dir_okay=False, readable=True, help="People of the school, CSV.")
    ],
    accounts: Annotated[
        Path, typer.Option("--accounts", exists=True, dir_okay=False, readable=True, help="Accounts, CSV.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
    snils_required: Annotated[
        bool, typer.Option("--snils-required", help="The school wants a СНИЛС of everybody.")
    ] = False,
) -> None:
    """Show what matching would say to accounts about people of a school. Nothing is stored."""
    mistakes, unreadable = Mistakes(), Unreadable()
    with progress(_STEPS) as told:
        records = read_people(school.name, school.read_bytes(), mistakes, unreadable, partial(told, "school"))
        rows = read_accounts(accounts.name, accounts.read_bytes(), mistakes, unreadable, partial(told, "accounts"))
        report = (
            None if mistakes else match_report(records, rows, partial(told, "decisions"), snils_required=snils_required)
        )
    if report is None:
        for mistake in mistakes:
            show_mistake(mistake)
        errors().print(_REFUSED.format(language(), count=len(mistakes)))
        raise typer.Exit(1)
    _warn(unreadable)
    if as_json:
        _write_json(report, unreadable)
    else:
        _write_table(report)


def _warn(unreadable: Unreadable) -> None:
    for (file, column), count in sorted(unreadable.counts.items()):
        line = unreadable.first_lines[file, column]
        text = _UNREADABLE.format(language(), file=file, column=column, count=count, line=line)
        errors().print(text, markup=False, soft_wrap=True)


def _write_json(report: MatchReport, unreadable: Unreadable) -> None:
    document = {
        "totals": {outcome: report.outcomes[outcome] for outcome in _OUTCOMES},
        "differing": dict(report.differing.most_common()),
        "missing": dict(report.missing.most_common()),
        "unreadable": [
            {"file": file, "column": column, "count": count, "first_line": unreadable.first_lines[file, column]}
            for (file, column), count in sorted(unreadable.counts.items())
        ],
        "accounts": [_as_json(answer) for answer in report.answers],
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "account_id": answer.account_id,
        "school": answer.school,
        "outcome": answer.outcome,
        "record_id": answer.record_id,
        "level": answer.level,
        "reason": answer.reason,
        "differing": answer.differing,
        "missing": answer.missing,
        "rivals": answer.rivals,
    }


def _write_table(report: MatchReport) -> None:
    """One line with tabs for each answer, then the totals: a table would measure a hundred thousand rows."""
    spoken = language()
    sys.stdout.write("\t".join(_COLUMNS) + "\n")
    for answer in report.answers:
        cells = (answer.account_id, answer.school, answer.outcome, answer.record_id, answer.level, answer.reason)
        details = ",".join(answer.differing or answer.missing or answer.rivals)
        sys.stdout.write("\t".join("" if cell is None else str(cell) for cell in (*cells, details)) + "\n")
    sys.stdout.flush()
    console = Console(highlight=False)
    totals = Table(_RESULT.format(spoken), "", _COUNT.format(spoken))
    for outcome, text in _OUTCOMES.items():
        totals.add_row(outcome, text.format(spoken), str(report.outcomes[outcome]))
    console.print(totals)
    for title, counts in ((_DIFFERS, report.differing), (_MISSING, report.missing)):
        if counts:
            table = Table(title.format(spoken), _COUNT.format(spoken))
            for attribute, count in counts.most_common():
                table.add_row(_ATTRIBUTES[attribute].format(spoken), str(count))
            console.print(table)
