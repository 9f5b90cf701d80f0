"""How a family comes to its diary, keeps it and loses it: identity, journal and notifications together, over HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from uuid import UUID

import asyncpg
import pytest

from shared.crypto import parse_check_number
from town.demo_school.people import MOTHER, TEACHER
from town.newcomers import Family, Form, Newcomer, Post, another_phone, families_without_account
from town.people import Person, until
from town.story_of_access import StoryOfAccess

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOT_ENOUGH_DATA = "К сожалению, не хватает данных для доступа в электронный дневник"
DEADLINES = {"register": 20.0, "prove_email": 20.0, "correct": 5.0, "correct_to_diary": 10.0}
"""Seconds on the slowest machine; I-21 says 5 for the last where nobody else works."""


@pytest.fixture(scope="module")
def post(town) -> Post:
    return Post(town.sms_url, town.mail_url)


@pytest.fixture(scope="module")
def families(person, opened) -> Iterator[Family]:
    """Families of the class without an account, but for the story's."""
    return iter(families_without_account(person(TEACHER)))


@pytest.fixture
def family(families) -> Family:
    """One that no other test has: a number gets one code a minute, five a day."""
    return next(families)


@pytest.fixture
def newcomer(town, post) -> Iterator[Callable[[Form], Newcomer]]:
    came: list[Newcomer] = []

    def come(form: Form) -> Newcomer:
        came.append(Newcomer(town.base_url, post, form))
        came[-1].register()
        return came[-1]

    yield come
    for one in came:
        one.__exit__(None, None, None)


@pytest.fixture(scope="module")
def opened(town, post, week):
    return StoryOfAccess(town.base_url, post, lambda _ru, _en, _seconds: None, week).play()


def test_i_20_a_parent_is_told_word_for_word_what_to_do(opened) -> None:
    """I-20: nothing of the school's before a proved contact leads there; then that the teacher looks."""
    before, after = opened.told
    assert (before["outcome"], before["title"]) == ("pass_data_to_teacher", NOT_ENOUGH_DATA)
    assert "Обратитесь к классному руководителю" in before["text"]
    assert (before["school_id"], before["school_name"]) == (None, None)
    assert (after["outcome"], after["action"]) == ("review", "wait")


def test_i_22_the_teacher_sees_both_sides_and_the_one_difference(opened) -> None:
    """I-22: the phone is marked, and nothing else."""
    lines = {line["attribute"]: line for line in opened.review["lines"]}
    assert [name for name, line in lines.items() if line["differs"]] == ["phone"]
    assert lines["email"]["proved"]
    assert lines["phone"]["account"] != lines["phone"]["school"]


def test_i_21_after_one_click_the_diary_opens_in_seconds(opened) -> None:
    """I-21: a teacher's save opens the diary, in another service."""
    assert {step: took for step, took in opened.times.items() if took > DEADLINES[step]} == {}
    assert set(opened.times) == set(DEADLINES)


def test_i_21_who_has_moved_keeps_the_diary_and_the_old_phone_is_told(family, newcomer, post, week) -> None:
    """I-5, I-21: a binding points at the record; a new phone does not cut it."""
    parent = newcomer(family.form())
    parent.reads(family.pupil["person_id"], week)
    old, told = parent.phone, len(post.sms(parent.phone))
    parent.change_phone(another_phone())
    until(lambda: any("заменён" in sms["text"] for sms in post.sms(old)[: len(post.sms(old)) - told]), "the old phone")
    assert parent.get("identity", "/me")["phone"]["masked"][-5:] == f"{parent.phone[-4:-2]}-{parent.phone[-2:]}"
    assert parent.post("identity", "/me/access/check")["items"][0]["pupil_id"] == family.pupil["person_id"]
    assert parent.diary(family.pupil["person_id"], week).status_code == 200
    assert parent.ask("POST", "identity", "/sessions", json={"login": old, "password": parent.password}).is_error
    parent.sign_in_again()


def test_i_21_it_was_not_me_closes_the_diary(family, newcomer, post, week, person, town) -> None:
    """I-21: the letter to the record's contacts undoes what was opened, in the journal too; the teacher hears of it."""
    letters = len(post.mail(family.representative["email"]))
    parent = newcomer(family.form())
    parent.reads(family.pupil["person_id"], week)
    secret = post.secret_after(family.representative["email"], letters, "not-me")
    with Person(town.base_url) as stranger:
        stranger.post("identity", "/access-claims/undo", {"secret": secret})
    parent.reads_no_more(family.pupil["person_id"], week)
    (told,) = parent.post("identity", "/me/access/check")["what_to_do"]
    assert told["outcome"] == "review", "it is not opened again without the teacher"
    reviews = person(TEACHER).get("identity", f"/schools/{family.school_id}/reviews", limit=100)["items"]
    assert family.representative["person_id"] in [
        one["record"]["person_id"] for one in reviews if one["kind"] == "undone" and one["record"]
    ]


def apply(guardian: Newcomer, family: Family) -> dict[str, str]:
    """Write an application for the family's child, with its documents, and hand it in."""
    applicant = {name: getattr(guardian.form, name) for name in ("surname", "given_name", "patronymic")}
    child = {name: family.pupil[name] for name in ("surname", "given_name", "patronymic", "birth_date")}
    form = {
        "applicant": applicant | {"birth_date": "1979-05-06"},
        "child": child,
        "relation": "guardian",
        "class_name": "7А",
    }
    body = {"school_id": family.school_id, "kind": "representative", "form": form}
    path = f"/applications/{guardian.post('identity', '/applications', body)['application_id']}"
    for kind in ("identity_document", "guardianship_document"):
        files = {"file": ("scan.pdf", PDF, "application/pdf")}
        answer = guardian.ask("POST", "identity", f"{path}/documents", data={"kind": kind}, files=files)
        assert answer.status_code == 201, answer.text
    consent = guardian.get("identity", "/consents/diary_application")
    version = guardian.get("identity", path)["version"]
    guardian.post(
        "identity",
        f"{path}/submit",
        {"version": version, "consent_version": consent["version"], "consent_language": "ru"},
    )
    found: dict[str, str] = guardian.get("identity", path)
    return found


def decide(teacher: Person, guardian: Newcomer, written: dict[str, str], step: str, **body: str) -> None:
    seen = guardian.get("identity", f"/applications/{written['application_id']}")["version"]
    path = f"/schools/{written['school_id']}/applications/{written['application_id']}"
    teacher.post("identity", f"{path}/{step}", {"version": seen, **body})


def a_guardian() -> Form:
    phone = another_phone()
    return Form("Заречная", "Нина", "Михайловна", phone, f"zarechnaya{phone[3:]}@zvonok.example")


def test_i_25_a_granted_application_opens_the_diary(family, newcomer, week, person) -> None:
    """I-24, I-25: whom matching does not know is let in by the school."""
    guardian = newcomer(a_guardian())
    written = apply(guardian, family)
    assert parse_check_number(written["number"]) == written["number"]
    assert guardian.diary(family.pupil["person_id"], week).status_code == 404
    decide(person(TEACHER), guardian, written, "review")
    decide(person(TEACHER), guardian, written, "grant", pupil_id=family.pupil["person_id"])
    guardian.reads(family.pupil["person_id"], week)
    until(lambda: "application_granted" in kinds(guardian), "the decision in the notification centre")


def test_i_26_a_refused_application_names_its_ground_and_opens_nothing(family, newcomer, week, person) -> None:
    """I-26, I-27: one of the five grounds, in words; the diary stays closed."""
    guardian = newcomer(a_guardian())
    written = apply(guardian, family)
    decide(person(TEACHER), guardian, written, "review")
    decide(person(TEACHER), guardian, written, "refuse", ground="documents_contradict")
    seen = guardian.get("identity", f"/applications/{written['application_id']}")
    assert (seen["state"], "противоречат" in seen["ground_text"]) == ("refused", True)
    until(lambda: "application_refused" in kinds(guardian), "the decision in the notification centre")
    assert guardian.diary(family.pupil["person_id"], week).status_code == 404


def kinds(who: Person) -> set[str]:
    return {item["kind"] for item in who.get("notifications", "/inbox", limit=50)["items"]}


def test_i_10_a_recovery_ends_the_other_sessions_in_every_service(family, newcomer, week) -> None:
    """I-10, I-9: the journal refuses the old token, which by itself is good for minutes more."""
    parent = newcomer(family.form(more={"snils": family.representative["snils"]}))
    parent.reads(family.pupil["person_id"], week)
    parent.recover(family.representative["snils"], "Другой-пароль-2026")
    until(lambda: parent.diary(family.pupil["person_id"], week).status_code == 401, "the journal refuses the token")
    for service, path in (("identity", "/me"), ("notifications", "/inbox"), ("delegation", "/grants")):
        until(lambda s=service, p=path: parent.ask("GET", s, p).status_code == 401, service)
    parent.sign_in_again()
    parent.reads(family.pupil["person_id"], week)


async def addresses_of(town, account_id: str) -> list[str]:
    """The kinds of addresses that notifications keeps of an account."""
    connection = await asyncpg.connect(town.dsn("notifications"))
    try:
        kept = await connection.fetch("SELECT kind FROM contact WHERE account_id = $1 ORDER BY kind", UUID(account_id))
    finally:
        await connection.close()
    return [row["kind"] for row in kept]


def test_an_erased_account_leaves_no_address_behind_and_everybody_else_goes_on(
    family, newcomer, town, week, person, told
) -> None:
    """I-16: notifications forgets the addresses too; the record and everybody else stay as they were."""
    parent = newcomer(family.form())
    parent.open_link()
    pupil = family.pupil["person_id"]
    parent.reads(pupil, week)

    def addresses() -> list[str]:
        return asyncio.run(addresses_of(town, parent.account_id))

    until(lambda: addresses() == ["email", "phone"], "the addresses in notifications: the control")
    parent.confirm_password()
    parent.delete("identity", "/me")
    until(lambda: parent.diary(pupil, week).status_code in {401, 404}, "the diary is closed")
    until(lambda: addresses() == [], "notifications has forgotten the addresses")
    again = parent.ask("POST", "identity", "/sessions", json={"login": parent.phone, "password": parent.password})
    assert again.status_code == 401
    assert person(MOTHER).get("journal", f"/diaries/{told.pupil_id}/weeks/{week}")["week"] == week
    (left,) = [
        one
        for one in families_without_account(person(TEACHER))
        if one.representative["person_id"] == family.representative["person_id"]
    ]
    assert left.representative["phone"] == parent.phone, "what the school knows stays the school's"
