"""I-22: the class teacher's queue; I-21: what follows from a click."""

import asyncio

import pytest

MOTHER = "Соколова Анна Викторовна"
MOTHER_PHONE = "+79000000002"
MOTHER_EMAIL = "sokolova@zvonok.example"
FATHER = "Соколов Дмитрий Андреевич"
FATHER_PHONE = "+79000000003"
V1 = "/api/identity/v1"


@pytest.fixture
async def teacher(identity, known, matching):
    return await identity.bearer(known.teacher_email, known.password)


@pytest.fixture
async def director(identity, known, matching):
    return await identity.bearer("director", known.password)


@pytest.fixture
async def queue(identity, matching):
    async def read(headers, **query):
        path = f"{V1}/schools/{await matching.school_id()}/reviews"
        answer = await identity.http.get(path, headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


@pytest.fixture
def click(identity):
    async def click(headers, review, what, **body):
        path = f"{V1}/reviews/{review['review_id']}/{what}"
        return await identity.http.post(path, headers=headers, json={"version": review["version"], **body})

    return click


async def said(identity, emitted, name):
    return [one for one in await emitted(identity.database) if type(one).__name__ == name]


async def test_i_21_the_story_of_a_wrong_phone(identity, matching, teacher, queue, click, emitted):
    """I-19, I-20, I-21, I-22: a wrong phone at school → told what to do → one click → the diary is open."""
    await matching.change_record("usr-father", phone="+79000000033", email="papa@zvonok.example")
    father = await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    (hint,) = (await matching.access(father))["what_to_do"]
    assert (hint["outcome"], hint["action"]) == ("review", "wait")

    (asked,) = await said(identity, emitted, "ReviewRequested")
    assert asked.teacher_account_ids == (await identity.account_id("orlova@zvonok.example"),)
    (review,) = (await queue(teacher))["items"]
    assert review["record"]["pupils"] == ["Соколов Михаил"]
    assert review["record"]["class_names"] == ["7А"]
    differing = {line["attribute"]: line for line in review["lines"] if line["differs"]}
    assert set(differing) == {"phone"}
    assert (differing["phone"]["account"], differing["phone"]["school"]) == (FATHER_PHONE, "+79000000033")
    assert differing["phone"]["proved"]

    answer = await click(teacher, review, "correct")
    assert (answer.status_code, answer.json()["state"]) == (200, "corrected")
    assert [item["given_name"] for item in (await matching.access(father))["items"]] == ["Михаил"]
    granted = [one for one in await said(identity, emitted, "BindingGranted") if one.account_id == father.account_id]
    assert [one.level for one in granted] == [2]
    assert (await queue(teacher))["items"] == []
    # The teacher's word stands against the bundle, and what stood before is kept (I-13, I-14).
    assert await matching.history("usr-father") == [("phone", await identity.account_id("orlova@zvonok.example"))]


async def test_i_21_correction_and_grant_are_one_transaction(identity, matching, teacher, queue, click, monkeypatch):
    """Law 5: if the grant cannot be told, nothing is corrected; the control is the test above."""
    await matching.change_record("usr-father", phone="+79000000033", email="papa@zvonok.example")
    await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    (review,) = (await queue(teacher))["items"]

    async def fails(*_args, **_more):
        raise RuntimeError("the last step")

    monkeypatch.setattr("identity.matching.reconsider.announce", fails)
    assert (await click(teacher, review, "correct")).status_code == 500
    assert await matching.history("usr-father") == []
    assert (await queue(teacher))["items"] == [review]


@pytest.mark.parametrize(("level", "granted"), [(None, 1), (1, 1), (2, 2)])
async def test_i_22_accept_at_the_level_the_teacher_chooses(matching, teacher, queue, click, level, granted):
    await matching.change_record("usr-father", surname="Соколин")
    father = await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    (review,) = (await queue(teacher))["items"]
    assert [line["attribute"] for line in review["lines"] if line["differs"]] == ["surname"]
    answer = await click(teacher, review, "accept", **({"level": level} if level else {}))
    assert (answer.status_code, answer.json()["level"]) == (200, granted)
    assert [item["level"] for item in (await matching.access(father))["items"]] == [granted]
    assert await matching.outcomes(father) == [("accept", "own_record", granted)]


async def test_i_22_rejected_is_not_asked_again_until_the_facts_change(matching, teacher, queue, click):
    await matching.change_record("usr-father", surname="Соколин")
    father = await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    (review,) = (await queue(teacher))["items"]
    answer = await click(teacher, review, "reject", reason="Не отец: спросили мать")
    assert answer.status_code == 200
    (hint,) = (await matching.access(father))["what_to_do"]
    assert (hint["outcome"], hint["action"]) == ("rejected", "ask_teacher")
    assert "мать" not in str(hint)
    await matching.change_record("usr-father", sex="male")
    assert (await queue(teacher))["items"] == [], "nothing that matters has changed"
    await matching.change_record("usr-father", surname="Соколов")
    assert len((await matching.access(father))["items"]) == 1


async def test_i_19_conflict_and_replacing(identity, matching, teacher, queue, click, emitted, problem):
    """I-19, row 4: a bound record goes to the teacher; taking it over has to be said."""
    first = await matching.register(MOTHER, proved="phone", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    second = await matching.register(MOTHER, proved="email", phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert await matching.outcomes(second) == [("conflict", "bound_to_another_account", None)]
    (review,) = (await queue(teacher))["items"]
    assert (review["kind"], review["record"]["bound_to_another_account"]) == ("conflict", True)
    refused = await click(teacher, review, "accept", level=2)
    assert (refused.status_code, problem(refused)["code"]) == (409, "record_taken")
    assert (await click(teacher, review, "accept", level=2, replace=True)).status_code == 200
    assert len((await matching.access(second))["items"]) == 2
    assert (await matching.access(first))["items"] == []
    revoked = await said(identity, emitted, "BindingRevoked")
    assert {one.account_id for one in revoked} == {first.account_id}


async def test_i_19_ambiguous_goes_to_the_teacher(matching, teacher, queue, click):
    """I-19, row 13: two records of one mother; the teacher says which, or both."""
    await matching.change_record("usr-father", surname="Соколова", given_name="Анна", patronymic="Викторовна",
                                 email=MOTHER_EMAIL, phone=None)  # fmt: skip
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert await matching.outcomes(mother) == [("ambiguous", "several_records", None)]
    first, second = (await queue(teacher))["items"]
    assert (await click(teacher, first, "accept")).status_code == 200
    (left,) = (await queue(teacher))["items"]
    assert left["review_id"] == second["review_id"]
    assert (await click(teacher, left, "accept")).status_code == 200
    assert await matching.outcomes(mother) == [("accept", "own_record", first["proposed_level"])]
    assert (await queue(teacher))["items"] == []


async def test_i_22_only_the_own_classes(identity, matching, teacher, director, queue, click, problem):
    """I-22: class teachers the own classes, those who lead the school all of it; others 403 and 404."""
    await matching.change_record("usr-sister", phone="+79004445566", surname="Соколовская")
    await matching.register(
        "Соколова Ольга Дмитриевна", role="pupil", phone="+79004445566", email="olga@zvonok.example"
    )
    assert (await queue(teacher))["items"] == [], "she is in 7Б"
    (review,) = (await queue(director))["items"]
    refused = await click(teacher, review, "accept")
    assert (refused.status_code, problem(refused)["code"]) == (404, "review_not_found")
    granny = await identity.bearer("granny", "Zvonok-demo-2026")
    path = f"{V1}/schools/{await matching.school_id()}/reviews"
    assert problem(await identity.http.get(path, headers=granny))["code"] == "reviews_forbidden"
    assert (await click(granny, review, "reject", reason="x")).status_code == 404
    assert (await click(director, review, "accept", level=2)).status_code == 200


async def test_i_22_a_stale_review_is_a_conflict(matching, teacher, queue, click, problem):
    await matching.change_record("usr-father", surname="Соколин")
    await matching.register(FATHER, phone=FATHER_PHONE, email="papa@zvonok.example")
    (review,) = (await queue(teacher))["items"]
    await matching.change_record("usr-father", patronymic=None)
    stale = await click(teacher, review, "accept")
    assert (stale.status_code, problem(stale)["code"]) == (409, "review_stale")
    assert problem(stale)["current"] == {"state": "open", "version": 2}
    (fresh,) = (await queue(teacher))["items"]
    answers = await asyncio.gather(*(click(teacher, fresh, "accept") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_nobody_settles_the_own_review(identity, matching, teacher, queue, click, problem):
    """A class teacher who is a parent of the class asks a colleague."""
    teacher_id = await identity.account_id("orlova@zvonok.example")
    await matching.pass_data_as(teacher_id, "7А")
    (review,) = (await queue(teacher))["items"]
    answer = await click(teacher, review, "reject", reason="x")
    assert (answer.status_code, problem(answer)["code"]) == (409, "own_review")


async def test_i_19_the_class_teacher_raises_a_binding(identity, matching, teacher, emitted, problem):
    """I-19: 1 → 2 by the class teacher's click."""
    await matching.change_record("usr-father", email=MOTHER_EMAIL, phone=MOTHER_PHONE)
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert {item["level"] for item in (await matching.access(mother))["items"]} == {1}
    binding_id = await matching.binding_of(mother, "Михаил")
    other = await matching.binding_of(mother, "Ольга")
    path = f"{V1}/bindings/{{}}/raise"
    refused = await identity.http.post(path.format(other), headers=teacher)
    assert (refused.status_code, problem(refused)["code"]) == (404, "binding_not_found")
    assert (await identity.http.post(path.format(binding_id), headers=mother.headers)).status_code == 404
    for _ in range(2):
        answer = await identity.http.post(path.format(binding_id), headers=teacher)
        assert (answer.status_code, answer.json()["level"]) == (200, 2)
    assert {item["level"] for item in (await matching.access(mother))["items"]} == {2}
    assert len(await said(identity, emitted, "BindingLevelChanged")) == 2


async def test_i_22_pages_and_the_number_of_queries(matching, director, queue, queries):
    for number in range(7):
        await matching.register(
            "Соколова Анна Валерьевна", proved="" if number else "phone", phone=MOTHER_PHONE, email="x@zvonok.example"
        )
        await matching.pass_data_as((await matching.newest_account()), f"7{'АБВ'[number % 3]}")

    counts, seen, after = [], [], None
    while True:
        with queries() as asked:
            page = await queue(director, limit=3, **({"after": after} if after else {}))
        counts.append(len(asked))
        seen += [item["review_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) >= 7
    with queries() as asked:
        await queue(director)
    assert max(counts) <= len(asked) <= 9


async def test_i_19_a_school_demands_a_snils(identity, matching, teacher, director, problem):
    """I-19, row 0: newcomers are told what to fill in; who is in stays in; taken back, the diary opens by itself."""
    first = await matching.register(FATHER, proved="phone", phone=FATHER_PHONE, email="papa@zvonok.example")
    path = f"{V1}/schools/{await matching.school_id()}/access-rules"
    refused = await identity.http.put(path, headers=teacher, json={"requires_snils": True})
    assert problem(refused)["code"] == "access_rules_forbidden"
    assert (await identity.http.put(path, headers=director, json={"requires_snils": True})).status_code == 204
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    assert [hint["missing"] for hint in (await matching.access(mother))["what_to_do"]] == [["snils"]]
    assert len((await matching.access(first))["items"]) == 1
    assert (await identity.http.put(path, headers=director, json={"requires_snils": False})).status_code == 204
    assert len((await matching.access(mother))["items"]) == 2
