"""I-23: the command on real files."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from identity.cli import app

from .families import School, accounts_csv, people_csv
from .people_who_register import register

PEOPLE = """\
id,role,surname,given_name,patronymic,birth_date,email,phone,snils
mother,representative,Иванова,Наталья,Алексеевна,1985-03-08,n.ivanova@yandex.ru,8 900 111-22-33,
son,pupil,Иванов,Пётр,Юрьевич,2012-05-01,,8 900 111-22-33,112-233-445 95
uncle,representative,Петров,Иван,,,ivan@zvonok.example,+7 (900) 222-33-44,
"""
ACCOUNT_HEADER = (
    "id,role,surname,given_name,patronymic,birth_date,email,phone,snils,email_proved,phone_proved,snils_asserted\n"
)
ACCOUNTS = (
    ACCOUNT_HEADER
    + """\
a,representative,ИВАНОВА,Наталья,Алексеевна,,N-Ivanova@ya.ru,+79001112233,,1,1,0
b,pupil,Иванов,Пётр,,,petya@zvonok.example,89001112233,,0,1,0
c,representative,Сидорова,Наталья,Алексеевна,,n.ivanova@yandex.ru,9001112233,,1,0,0
d,representative,Петров,Иван,,,ivan@zvonok.example,+79002223344,,0,0,0
e,representative,Петров,Иван,,,,+79002223344,,0,1,0
f,representative,Кто,Угодно,,,who@zvonok.example,+79003334455,,1,1,0
"""
)


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Write two files, run the command, answer with the result."""

    def run(*options, people=PEOPLE, accounts=ACCOUNTS, language="en_GB.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        arguments = ["match-report"]
        for option, name, content in (("--school", "people.csv", people), ("--accounts", "accounts.csv", accounts)):
            file = tmp_path / name
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
            arguments += [option, str(file)]
        return CliRunner().invoke(app, [*arguments, *options])

    return run


@pytest.fixture
def answers(report):
    """The answers of the JSON document by account."""

    def run(*options, **files):
        result = report("--json", *options, **files)
        assert result.exit_code == 0, result.output
        return {answer["account_id"]: answer for answer in json.loads(result.stdout)["accounts"]}

    return run


def test_each_account_has_its_answer(answers):
    """I-23: account, outcome, record, level, reason, differing attributes."""
    found = answers()
    assert list(found) == list("abcdef"), "in the order of the file"
    assert {
        account: (answer["outcome"], answer["record_id"], answer["level"]) for account, answer in found.items()
    } == {
        "a": ("accept", "mother", 2),
        "b": ("review", "son", None),
        "c": ("review", "mother", None),
        "d": ("contact_not_proved", None, None),
        "e": ("missing_own_data", None, None),
        "f": ("pass_data_to_teacher", None, None),
    }
    assert (found["a"]["reason"], found["b"]["reason"]) == ("both_contacts_proved", "names_in_part")
    assert (found["b"]["differing"], found["c"]["differing"]) == (["patronymic"], ["surname"])
    assert found["e"]["missing"] == ["email"]


def test_totals_and_what_differs_most(report):
    """I-23."""
    document = json.loads(report("--json").stdout)
    assert document["totals"] == {
        "accept": 1,
        "review": 2,
        "conflict": 0,
        "ambiguous": 0,
        "pass_data_to_teacher": 1,
        "missing_own_data": 1,
        "contact_not_proved": 1,
    }
    assert document["differing"] == {"patronymic": 1, "surname": 1}
    assert document["missing"] == {"email": 1}


@pytest.mark.parametrize(
    ("language", "words"), [("ru_RU.UTF-8", ("Чаще всего расходится", "отчество")), ("en_GB.UTF-8", ("Differs most",))]
)
def test_for_people_it_is_a_table(report, language, words):
    lines = report(language=language).stdout
    assert "a\t\taccept\tmother\t2\tboth_contacts_proved\t\n" in lines
    assert "e\t\tmissing_own_data\t\t\town_data_missing\temail\n" in lines
    for word in words:
        assert word in lines


def test_a_school_may_demand_snils(answers):
    """I-23, I-19 row 0."""
    found = answers("--snils-required")
    assert found["a"]["missing"] == ["snils"]
    assert found["e"]["missing"] == ["snils", "email"]
    assert {answer["outcome"] for answer in found.values()} == {"missing_own_data"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_several_accounts_on_one_record_are_all_in_conflict(answers, order):
    """I-23: whatever their order, and whatever levels they would have had."""
    rows = [
        "strong,representative,Иванова,Наталья,Алексеевна,,n.ivanova@ya.ru,89001112233,,1,1,0",
        "weak,representative,Иванова,Наталия,,,n.ivanova@yandex.com,89001112233,,1,0,0",
        "near,representative,Ивонова,Наталья,Алексеевна,,n.ivanova@ya.ru,89001112233,,1,1,0",
    ]
    found = answers(accounts=ACCOUNT_HEADER + "\n".join(rows[place] for place in order) + "\n")
    for account in ("strong", "weak"):
        assert (found[account]["outcome"], found[account]["record_id"]) == ("conflict", "mother")
        assert (found[account]["level"], found[account]["reason"]) == (None, "several_accounts_on_one_record")
    assert found["near"]["outcome"] == "review", "nobody else is drawn in"


def test_schools_are_judged_apart(report, answers):
    """I-19, I-23: with a column `school` an account has an answer of each; one that names a school of that one only."""
    header, *rows = PEOPLE.splitlines()
    people = "\n".join([f"{header},school", *(f"{row},{school}" for school in ("1", "2") for row in rows)])
    result = json.loads(report("--json", people=people).stdout)["accounts"]
    mine = [answer for answer in result if answer["account_id"] == "a"]
    assert [(answer["school"], answer["outcome"], answer["level"]) for answer in mine] == [
        ("1", "accept", 2),
        ("2", "accept", 2),
    ]
    header, *rows = ACCOUNTS.splitlines()
    named = "\n".join([f"{header},school", *(f"{row},2" for row in rows)])
    assert answers(people=people, accounts=named)["a"]["school"] == "2"


def test_a_file_as_excel_saves_it(answers):
    """I-23: byte order mark, semicolons, CRLF."""
    excel = [("\ufeff" + text.replace(",", ";").replace("\n", "\r\n")) for text in (PEOPLE, ACCOUNTS)]
    assert answers(people=excel[0], accounts=excel[1]) == answers()


def test_values_that_cannot_be_read_count_as_absent(report):
    """I-18: on both sides, and the clerk is told where."""
    people = PEOPLE.replace("n.ivanova@yandex.ru", "n.ivanova@").replace("1985-03-08", "08.03.1985")
    accounts = ACCOUNTS.replace("N-Ivanova@ya.ru,+79001112233", "N-Ivanova@ya.ru,+7900111").replace(
        "Иванов,Пётр,,,petya@zvonok.example", "Иванов,Пётр,Юрьевич,,petya@zvonok.example"
    )
    result = report("--json", people=people, accounts=accounts)
    document = json.loads(result.stdout)
    assert [
        (place["file"], place["column"], place["count"], place["first_line"]) for place in document["unreadable"]
    ] == [
        ("accounts.csv", "phone", 1, 2),
        ("people.csv", "birth_date", 1, 2),
        ("people.csv", "email", 1, 2),
    ]
    assert "people.csv: email: 1 values are not readable, the first in line 2" in result.stderr
    found = {answer["account_id"]: answer for answer in document["accounts"]}
    assert (found["a"]["outcome"], found["a"]["missing"]) == ("missing_own_data", ["phone"])
    assert found["c"]["outcome"] == "pass_data_to_teacher"
    assert (found["b"]["outcome"], found["b"]["record_id"], found["b"]["level"]) == ("accept", "son", 1)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("89001112233,,0,1,0", "89001112233,,0,да,0", "accounts.csv:3:phone_proved: choice:"),
        ("b,pupil", "a,pupil", "accounts.csv:3:id: id_repeated: This value already stands in line 2."),
        ("b,pupil", ",pupil", "accounts.csv:3:id: required:"),
        ("b,pupil", "b,teacher", "accounts.csv:3:role: choice:"),
        (",snils_asserted", "", "accounts.csv:1:snils_asserted: column_missing:"),
        ("email_proved,", "email_proved,email_proved,", "accounts.csv:1:email_proved: column_repeated:"),
        ("0,1,0\nc", "0,1,0,1\nc", "accounts.csv:3: field_count:"),
        ("b,pupil", '"b,pupil', "accounts.csv:3: csv_broken:"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_file_line_and_column(report, old, new, complaint):
    """I-23: nothing is decided on half a file."""
    assert old in ACCOUNTS
    result = report(accounts=ACCOUNTS.replace(old, new, 1))
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert result.stdout == ""


def test_another_encoding_and_a_missing_file_are_refused(report, tmp_path):
    result = report(people=PEOPLE.encode("cp1251"))
    assert (result.exit_code, "people.csv:2: not_utf8:" in result.stderr) == (1, True)
    missing = CliRunner().invoke(app, ["match-report", "--school", str(tmp_path / "no.csv"), "--accounts", "-"])
    assert missing.exit_code == 2


def test_mistakes_of_both_files_come_at_once(report):
    result = report(people=PEOPLE.replace("son,pupil", "mother,pupil"), accounts=ACCOUNTS.replace("b,pupil", "b,"))
    assert "people.csv:3:id: id_repeated" in result.stderr
    assert "accounts.csv:3:role: required" in result.stderr


def test_no_contact_is_echoed(report):
    """Law 7: a report is read by many; ids only."""
    for options in ((), ("--json",)):
        result = report(*options)
        for secret in ("9001112233", "900 111", "ivanova", "zvonok.example", "11223344595", "Наталья", "1985"):
            assert secret not in result.output


def test_a_whole_school_through_the_installed_command(report, tmp_path):
    """I-23: the process itself; only JSON on its standard output, the same whatever the order of both files."""
    school = School(seed=7, people=1_500)
    cases = list(register(school, 12))
    rows = [[person.row() for person in school.people], [case.account for case in cases]]
    first = _run(tmp_path, *rows)
    assert sum(first["totals"].values()) == len(cases) == len(first["accounts"])
    assert first["totals"]["accept"] > 0
    assert first["totals"]["conflict"] > 0, "some register for one record: this file has several accounts of one person"
    for lines in rows:
        random.Random(1).shuffle(lines)
    again = json.loads(report("--json", people=people_csv(rows[0]), accounts=accounts_csv(rows[1])).stdout)
    assert again["totals"] == first["totals"]
    assert sorted(again["accounts"], key=_account) == sorted(first["accounts"], key=_account)


def _account(answer):
    return answer["account_id"]


def _run(folder: Path, people, accounts):
    files = (folder / "people.csv", folder / "accounts.csv")
    files[0].write_bytes(people_csv(people))
    files[1].write_bytes(accounts_csv(accounts))
    command = shutil.which("identity", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run(  # noqa: S603 -- our own command
        [command, "match-report", "--school", str(files[0]), "--accounts", str(files[1]), "--json"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)
