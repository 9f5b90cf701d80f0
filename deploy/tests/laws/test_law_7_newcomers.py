"""Law 7, for what people type themselves: planted in every form that identity has, and found in none of the places
where others look: tables and events of all five databases, logs, traces, addresses of requests.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import asyncpg
import pytest

from town.demo_school.civil import snils
from town.demo_school.people import TEACHER
from town.newcomers import Form, Newcomer, Post, families_without_account
from town.people import until
from town.up import SERVICES

from .ledger import all_settled
from .personal_data import PersonalData, dump, logs

PHONE, NEW_PHONE, SCHOOLS_PHONE = "+79287770101", "+79287770202", "+79287770303"
EMAIL, SCHOOLS_EMAIL = "zarya.lukomorskaya@planted.example", "kot.uchony@planted.example"
SNILS = snils(77_077_077)
BORN, CHILD_BORN = "1911-11-13", "1912-12-14"
PASSPORT, BIRTH_PLACE = "7799 909192", "Тридесятое Лукоморье"
CHILD, FILE_NAME = "Тридевятова", "Паспорт-Тридевятовой.pdf"
PAGE = b"PLANTED-PAGE-OF-A-PASSPORT"
PASSWORD, NEW_PASSWORD = "Ухват-и-сорок-грибов", "Кочерга-и-сорок-ежей"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n% " + PAGE + b"\ntrailer\n<<>>\n%%EOF\n"


def planted_values() -> PersonalData:
    phones = [phone[1:] for phone in (PHONE, NEW_PHONE, SCHOOLS_PHONE)]
    plain = re.sub(r"\D", "", SNILS)
    digits = [*phones, *(phone[1:] for phone in phones), *(f"8{phone[1:]}" for phone in phones), plain]
    words = [PASSPORT, BIRTH_PLACE, CHILD, FILE_NAME, PAGE.decode(), PASSWORD, NEW_PASSWORD]
    return PersonalData(
        digits=frozenset(value.encode() for value in digits),
        snils=frozenset({plain.encode()}),
        emails=frozenset({EMAIL.encode(), SCHOOLS_EMAIL.encode()}),
        birth_dates=frozenset({BORN.encode(), CHILD_BORN.encode()}),
    ).and_secrets(*(form for word in words for form in written(word)))


def written(word: str) -> set[str]:
    """As UTF-8, as JSON without Cyrillic letters, and in base64."""
    return {
        word,
        word.encode("ascii", "backslashreplace").decode(),
        base64.b64encode(word.encode()).decode().rstrip("="),
    }


@dataclass(frozen=True)
class Journey:
    """What was typed, and where it was typed."""

    planted: PersonalData
    account_id: str


@pytest.fixture(scope="module")
def journey(town, person, told) -> Iterator[Journey]:
    """A parent registers, fills in everything, moves house, forgets the password, applies; the teacher corrects."""
    post, teacher = Post(town.sms_url, town.mail_url), person(TEACHER)
    family = families_without_account(teacher)[-1]
    form = Form("Лукоморская", "Заря", None, PHONE, EMAIL, {"snils": SNILS, "role": "representative"})
    with Newcomer(town.base_url, post, form) as parent:
        parent.password = PASSWORD
        parent.register()
        parent.open_link()
        details = {"birth_date": BORN, "passport": PASSPORT, "birth_place": BIRTH_PLACE, "citizenship": "RU"}
        assert parent.ask("PATCH", "identity", "/me/profile", json=details).status_code == 200
        parent.change_phone(NEW_PHONE)
        about = {"school_id": family.school_id, "class_name": "7А"}
        parent.post("identity", "/me/access/pass-data", about | {"child": {"surname": "Волк", "given_name": "Алиса"}})
        _apply(parent, family.school_id, {"surname": CHILD, "given_name": "Алиса"})
        _correct(teacher, family.representative)
        _ask_carelessly(parent)
        parent.recover(SNILS, NEW_PASSWORD)
        parent.sign_in_again()
        yield Journey(planted_values(), parent.account_id)


def _apply(parent: Newcomer, school_id: str, child: dict[str, str]) -> None:
    form = {
        "applicant": {"surname": "Лукоморская", "given_name": "Заря", "birth_date": BORN},
        "child": child | {"birth_date": CHILD_BORN},
        "relation": "guardian",
        "class_name": "7А",
    }
    body = {"school_id": school_id, "kind": "representative", "form": form}
    path = f"/applications/{parent.post('identity', '/applications', body)['application_id']}"
    for kind in ("identity_document", "guardianship_document"):
        files = {"file": (FILE_NAME, PDF, "application/pdf")}
        answer = parent.ask("POST", "identity", f"{path}/documents", data={"kind": kind}, files=files)
        assert answer.status_code == 201, answer.text
    consent = parent.get("identity", "/consents/diary_application")["version"]
    version = parent.get("identity", path)["version"]
    parent.post(
        "identity",
        f"{path}/submit",
        {"version": version, "consent_version": consent, "consent_language": "ru"},
    )


def _correct(teacher, person: dict[str, object]) -> None:
    change = {"version": person["version"], "phone": SCHOOLS_PHONE, "email": SCHOOLS_EMAIL, "birth_date": BORN}
    answer = teacher.ask("PATCH", "identity", f"/people/{person['person_id']}/contacts", json=change)
    assert answer.status_code == 200, answer.text


def _ask_carelessly(parent: Newcomer) -> None:
    """What goes wrong is what logs tell of: refused fields, wrong passwords, bodies that are no JSON."""
    for body in ({"login": PHONE, "password": PASSWORD}, {"login": SNILS, "password": NEW_PASSWORD}):
        parent.ask("POST", "identity", "/sessions", json=body)
    parent.ask("PATCH", "identity", "/me/profile", json={"passport": PASSPORT, "snils": SNILS, "nonsense": BORN})
    parent.ask("POST", "identity", "/registrations", content=f'{{"phone": "{PHONE}", "email": "{EMAIL}"')
    parent.ask("POST", "delegation", "/invitations", json={"phone": PHONE, "surname": CHILD, "snils": SNILS})
    parent.ask("POST", "support", "/tickets", json={"email": EMAIL, "phone": PHONE})


@pytest.mark.parametrize("service", SERVICES)
async def test_law_7_no_table_and_no_event_repeats_what_newcomers_typed(town, journey, service) -> None:
    await all_settled(town)
    tables = await dump(town.dsn(service))
    assert {table: found for table, content in tables.items() if (found := journey.planted.found_in(content))} == {}


async def test_law_7_it_was_typed_and_kept(town, journey) -> None:
    """The control: ciphertexts of all of it stand in identity's tables."""
    tables = await dump(town.dsn("identity"))
    account = journey.account_id.encode()
    kept = ("account_identifiers", "account_details", "applications", "application_documents", "value_history")
    assert [table for table in kept if not tables[table]] == []
    assert account in tables["account_details"]
    assert "Лукоморская".encode() in tables["accounts"], "names may stand in clear (P2)"


@pytest.mark.parametrize("written_as", ["$1", "convert_to($1, 'UTF8')", "jsonb_build_object('v', $1::text)"])
async def test_law_7_a_planted_value_of_a_newcomer_would_be_found(town, journey, written_as) -> None:
    """Negative control, value by value, as text, bytes and JSON."""
    kind = {"$1": "text", "convert_to($1, 'UTF8')": "bytea"}.get(written_as, "jsonb")
    values = [PHONE, NEW_PHONE[2:], "8" + SCHOOLS_PHONE[2:], EMAIL, SCHOOLS_EMAIL.upper(), SNILS, BORN, CHILD_BORN]
    values += [PASSPORT, BIRTH_PLACE, CHILD, FILE_NAME, PAGE.decode(), PASSWORD, NEW_PASSWORD]
    connection = await asyncpg.connect(town.dsn("support"))
    try:
        await connection.execute(f"CREATE TABLE law_7_newcomers (planted {kind})")
        for value in values:
            await connection.execute("TRUNCATE law_7_newcomers")
            await connection.execute(f"INSERT INTO law_7_newcomers VALUES ({written_as})", value)  # noqa: S608 -- ours
            content = (await dump(town.dsn("support"), "law_7_newcomers"))["law_7_newcomers"]
            assert journey.planted.found_in(content), value
    finally:
        await connection.execute("DROP TABLE IF EXISTS law_7_newcomers")
        await connection.close()


def test_law_7_no_log_repeats_what_newcomers_typed(town, journey) -> None:
    """Addresses of requests too: every one is in the log of its service."""
    files = logs([town.root / "log", town.root / "stack"])
    content = {path.name: path.read_bytes() for path in files if path.name != "demo-school.log"}
    assert {name: found for name, text in content.items() if (found := journey.planted.found_in(text))} == {}
    assert b"/api/identity/v1/me/contacts/phone/code" in content["identity-api.log"], "the control: paths are logged"


def test_law_7_no_span_repeats_what_newcomers_typed(spans: Callable[[], bytes], journey) -> None:
    """Traces as they leave the processes (OTLP)."""
    wanted = (b"/me/contacts/phone/code", b"{application_id}/submit", b"handle identity.code_issued", b"journal-worker")
    until(lambda: all(each in spans() for each in wanted), "spans of requests and of handled events")
    assert journey.planted.found_in(spans()) == set()


def test_law_7_a_planted_span_would_be_found(spans, journey) -> None:
    """Negative control."""
    for value in (PHONE, EMAIL, SNILS, BORN, PASSPORT, CHILD):
        assert journey.planted.found_in(b"\x12" + value.encode() + b"\x1a" + spans()[:100]), value
