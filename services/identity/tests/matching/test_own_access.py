"""I-11, I-20: what a person is told, with only the own data in it."""

from pathlib import Path

import pytest

ACCESS = "/api/identity/v1/me/access"
MOTHER = "Соколова Анна Викторовна"
MOTHER_PHONE = "+79000000002"
MOTHER_EMAIL = "sokolova@zvonok.example"

NOT_ENOUGH_DATA = "К сожалению, не хватает данных для доступа в электронный дневник"
CANNOT_BE_SUBMITTED = "Заявление не может быть подано"


async def test_i_20_not_enough_data_verbatim(matching):
    mother = await matching.register(MOTHER, phone="+79001112233", email="mama@zvonok.example")
    (hint,) = (await matching.access(mother))["what_to_do"]
    assert hint == {
        "outcome": "pass_data_to_teacher",
        "title": "К сожалению, не хватает данных для доступа в электронный дневник",
        "text": "Обратитесь к классному руководителю и передайте ему сведения, указанные в Личном кабинете "
        "(e-mail или номер мобильного телефона). Если данная ошибка происходит у ребенка, то нужно передать "
        "классному руководителю данные из Личного кабинета ребенка.",
        "action": "pass_data",
        "missing": [],
        "school_id": None,
        "school_name": None,
    }
    (english,) = (await matching.access(mother, "en"))["what_to_do"]
    assert english["title"] == "Unfortunately there are not enough data for access to the electronic diary"


@pytest.mark.parametrize(
    ("contacts", "listed"),
    [
        ({}, "телефон, адрес электронной почты"),
        ({"phone": MOTHER_PHONE}, "адрес электронной почты"),
        ({"email": MOTHER_EMAIL}, "телефон"),
    ],
)
async def test_i_20_cannot_be_submitted_verbatim_and_only_what_is_missing(matching, contacts, listed):
    """I-19, row 0; I-20."""
    mother = await matching.register(MOTHER, **contacts)
    (hint,) = (await matching.access(mother))["what_to_do"]
    assert (hint["title"], hint["action"]) == ("Заявление не может быть подано", "fill_in_profile")
    assert hint["text"] == (
        "Для получения доступа к дневнику, пожалуйста, заполните недостающие сведения в Личном кабинете: "
        f"{listed} и повторите попытку входа в электронный дневник."
    )


async def test_i_20_a_school_that_demands_a_snils(matching):
    """I-19, row 0: only where a school that knows a proved contact demands it."""
    await matching.demand_snils()
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    (hint,) = (await matching.access(mother))["what_to_do"]
    assert (hint["outcome"], hint["missing"]) == ("missing_own_data", ["snils"])
    assert "Личном кабинете: СНИЛС и повторите" in hint["text"]


async def test_i_20_no_record_and_an_unproved_record_are_answered_alike(matching):
    """I-20: «such a record exists» is said to nobody who has not proved a contact on it."""
    nobody = await matching.register(MOTHER, proved="email", phone="+79001112233", email="a@zvonok.example")
    known = await matching.register(MOTHER, proved="email", phone=MOTHER_PHONE, email="b@zvonok.example")
    answers = []
    for who in (nobody, known):
        for method in ("GET", "POST"):
            path = ACCESS if method == "GET" else f"{ACCESS}/check"
            answer = await matching.identity.http.request(method, path, headers=who.headers)
            answers.append((answer.status_code, answer.text))
    assert len(set(answers)) == 1
    unproved = await matching.register(MOTHER, proved="", phone=MOTHER_PHONE, email="c@zvonok.example")
    strange = await matching.register(MOTHER, proved="", phone="+79003334455", email="d@zvonok.example")
    assert await matching.access(unproved) == await matching.access(strange)
    assert (await matching.access(unproved))["what_to_do"][0]["outcome"] == "contact_not_proved"


async def test_i_20_no_value_of_the_school_in_any_answer(matching):
    """I-20: a review says that the teacher looks at it, and nothing of what the school has written down."""
    await matching.change_record("usr-mother", email="secret@school.example", patronymic="Викторвна")
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    (hint,) = (await matching.access(mother))["what_to_do"]
    assert (hint["outcome"], hint["action"], hint["school_name"]) == ("review", "wait", "Школа № 2048")
    assert "secret" not in str(hint)
    assert "Викторвна" not in str(hint)


async def test_i_11_check_looks_again(matching, identity):
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL, reconsidered=False)
    assert (await matching.access(mother))["items"] == []
    answer = await identity.http.post(f"{ACCESS}/check", headers=mother.headers)
    assert [item["given_name"] for item in answer.json()["items"]] == ["Михаил", "Ольга"]
    assert answer.json() == await matching.access(mother)


async def test_i_15_access_of_a_representative_without_pupils(matching, bundle, identity):
    """I-15: guardianship ends, access ends, and the person is told whom to turn to."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    for row in bundle.files["users.csv"]:
        row["agentSourcedIds"] = row["agentSourcedIds"].replace("usr-mother", "").strip(",")
    await identity.load(bundle)
    access = await matching.access(mother)
    assert access["items"] == []
    assert [(hint["outcome"], hint["action"]) for hint in access["what_to_do"]] == [("accept", "ask_teacher")]


def test_the_two_sentences_stand_in_one_place():
    """I-20: whoever changes them sees this test."""
    from identity.matching import texts

    source = Path(texts.__file__).read_text(encoding="utf-8")
    assert source.count(NOT_ENOUGH_DATA) == source.count(CANNOT_BE_SUBMITTED) == 1
