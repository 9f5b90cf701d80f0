"""I-21: «Это не я». I-20: the button that passes the own data to the class teacher."""

import asyncio
import json

import pytest

from identity.matching.announce import UNDONE_WITHIN
from shared.crypto import unseal

V1 = "/api/identity/v1"
MOTHER = "Соколова Анна Викторовна"
MOTHER_PHONE = "+79000000002"
MOTHER_EMAIL = "sokolova@zvonok.example"
CHILD = {"surname": "Соколов", "given_name": "Михаил", "patronymic": "Дмитриевич"}


async def said(matching, emitted, name):
    return [one for one in await emitted(matching.identity.database) if type(one).__name__ == name]


@pytest.fixture
async def teacher(identity, known, matching):
    return await identity.bearer(known.teacher_email, known.password)


@pytest.fixture
def undo(identity):
    async def undo(secret):
        return await identity.http.post(f"{V1}/access-claims/undo", json={"secret": secret})

    return undo


@pytest.fixture
async def announced(matching, emitted, sealing_key):
    async def read():
        event = (await said(matching, emitted, "DiaryAccessAccepted"))[-1]
        return json.loads(unseal(sealing_key, event.sealed["notifications"], f"record:{event.person_id}"))["undo"]

    return read


async def test_i_21_it_was_not_me(identity, matching, emitted, undo, announced, teacher):
    """Undone at once, the teacher is told, and the account does not come back by itself."""
    thief = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    answer = await undo(await announced())
    assert (answer.status_code, answer.json()) == (202, {"heard": True})
    assert (await matching.access(thief))["items"] == []
    revoked = await said(matching, emitted, "BindingRevoked")
    assert {one.account_id for one in revoked} == {thief.account_id}
    (asked,) = await said(matching, emitted, "ReviewRequested")
    assert (asked.outcome, asked.teacher_account_ids) == (
        "undone",
        (await identity.account_id("orlova@zvonok.example"),),
    )
    await identity.http.post(f"{V1}/me/access/check", headers=thief.headers)
    await matching.prove(thief, "phone", MOTHER_PHONE)
    await matching.change_record("usr-mother", sex="female")
    assert (await matching.access(thief))["items"] == [], "no acceptance without a teacher's word"
    (review,) = await matching.reviews()
    assert (review.kind, review.account_id) == ("undone", thief.account_id)
    accepted = await identity.http.post(
        f"{V1}/reviews/{review.review_id}/accept", headers=teacher, json={"version": review.version, "level": 2}
    )
    assert accepted.status_code == 200
    assert len((await matching.access(thief))["items"]) == 2, "it was she after all"


async def test_i_21_whoever_waited_for_the_record_gets_it(matching, undo, announced):
    thief = await matching.register(MOTHER, proved="phone", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    secret = await announced()
    mother = await matching.register(MOTHER, proved="email", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert (await matching.outcomes(mother))[0][0] == "conflict"
    await undo(secret)
    assert (await matching.access(thief))["items"] == []
    assert len((await matching.access(mother))["items"]) == 2


async def test_i_21_unknown_used_and_lapsed_secrets_are_answered_alike(matching, undo, announced, moment):
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    secret = await announced()
    moment.passes(seconds=UNDONE_WITHIN.total_seconds() + 1)
    answers = [await undo("nobody has this secret"), await undo(secret)]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert await matching.outcomes(mother) == [("accept", "both_contacts_proved", 2)], "too late"


async def test_i_21_two_clicks_at_once_are_one(matching, emitted, undo, announced):
    await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    secret = await announced()
    answers = await asyncio.gather(*(undo(secret) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len(await said(matching, emitted, "ReviewRequested")) == 1


async def test_i_21_guessing_is_throttled(undo, problem, matching):
    answers = [await undo(f"guess {number}") for number in range(150)]
    assert {answer.status_code for answer in answers} == {202, 429}
    assert problem(answers[-1])["code"] == "too_many_attempts"


async def test_i_20_the_button_opens_the_diary_by_one_click(identity, matching, emitted, teacher):
    """I-20, I-22: the school knows neither phone nor e-mail; the teacher takes them over and the rule accepts."""
    await matching.change_record("usr-mother", phone=None, email=None, snils=None)
    mother = await matching.register(MOTHER, phone="+79001112233", email="mama@zvonok.example")
    answer = await matching.pass_data_as(mother.account_id, "7 «а»", CHILD)
    assert (answer.status_code, answer.json()) == (202, {"passed": True})
    (hint,) = (await matching.access(mother))["what_to_do"]
    assert (hint["outcome"], hint["action"], hint["title"]) == (
        "pass_data_to_teacher",
        "wait",
        "Ваши данные переданы классному руководителю",
    )
    (asked,) = await said(matching, emitted, "ReviewRequested")
    assert (asked.outcome, asked.person_id) == (
        "pass_data_to_teacher",
        (await matching.record("usr-mother")).person_id,
    )
    path = f"{V1}/schools/{await matching.school_id()}/reviews"
    (review,) = (await identity.http.get(path, headers=teacher)).json()["items"]
    assert (review["child_name"], review["record"]["pupils"][0]) == ("Соколов Михаил Дмитриевич", "Соколов Михаил")
    corrected = await identity.http.post(
        f"{V1}/reviews/{review['review_id']}/correct", headers=teacher, json={"version": review["version"]}
    )
    assert corrected.status_code == 200
    assert {item["level"] for item in (await matching.access(mother))["items"]} == {2}


async def test_i_20_the_button_tells_nothing_of_what_the_school_knows(matching):
    """No such class, no such child, a known child: one answer."""
    answers = []
    for class_name, child in (("7А", CHILD), ("7А", {**CHILD, "surname": "Нигдеев"}), ("11Я", CHILD), ("???", None)):
        who = await matching.register("Чужов Чужой Чужович", phone="+79003334455", email="x@zvonok.example", proved="")
        answer = await matching.pass_data_as(who.account_id, class_name, child)
        answers.append((answer.status_code, answer.text))
    assert len(set(answers)) == 1
    assert len(await matching.reviews()) == 4


async def test_i_20_a_review_without_a_record_needs_the_teachers_word(identity, matching, teacher, problem):
    stranger = await matching.register("Белых Ирина Олеговна", phone="+79003334455", email="x@zvonok.example")
    await matching.pass_data_as(stranger.account_id, "7А", CHILD)
    (review,) = await matching.reviews()
    assert review.person_id is None
    path = f"{V1}/reviews/{review.review_id}/accept"
    needed = await identity.http.post(path, headers=teacher, json={"version": 1})
    assert (needed.status_code, problem(needed)["code"]) == (422, "record_needed")
    for source_id in ("usr-sister", "usr-teacher2"):
        other = str((await matching.record(source_id)).person_id)
        refused = await identity.http.post(path, headers=teacher, json={"version": 1, "person_id": other})
        assert (refused.status_code, problem(refused)["code"]) == (404, "person_not_found")
    own = str((await matching.record("usr-father")).person_id)
    accepted = await identity.http.post(path, headers=teacher, json={"version": 1, "person_id": own})
    assert (accepted.status_code, accepted.json()["level"]) == (200, 1)
    assert len((await matching.access(stranger))["items"]) == 1


async def test_i_20_teachers_are_not_flooded(matching, problem, moment):
    """I-20: the same request waits once; five others a day; then 429 until a day has passed."""
    who = await matching.register("Чужов Чужой Чужович", phone="+79003334455", email="x@zvonok.example")
    for _ in range(3):
        assert (await matching.pass_data_as(who.account_id, "7А")).status_code == 202
    assert len(await matching.reviews()) == 1
    answers = await asyncio.gather(*(matching.pass_data_as(who.account_id, f"{grade}Б") for grade in range(1, 12)))
    assert sorted(answer.status_code for answer in answers) == [202] * 4 + [429] * 7
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert problem(refused)["code"] == "passed_too_often"
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    moment.passes(hours=25)
    assert (await matching.pass_data_as(who.account_id, "9В")).status_code == 202


async def test_i_20_there_has_to_be_something_to_pass(matching, problem):
    who = await matching.register("Чужов Чужой Чужович")
    answer = await matching.pass_data_as(who.account_id, "7А")
    assert (answer.status_code, problem(answer)["code"]) == (422, "nothing_to_pass")
