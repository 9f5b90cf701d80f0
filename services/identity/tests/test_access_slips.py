"""I-6, I-11: access slips of a school, labels of diaries, roles."""

import asyncio
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from identity.access_slips.rules import ALPHABET, new_words, off_paper, on_paper
from identity.access_slips.tables import access_slips
from identity.accounts.tables import account_records, bindings, diary_labels
from identity.registry.tables import people, schools, staff_assignments

API = "/api/identity/v1"
BY_SLIP = f"{API}/me/diaries/by-slip"


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    await identity.load(bundle)


@pytest.fixture
async def ids(identity):
    async with identity.database.read() as session:
        rows = await session.execute(select(people.c.source_id, people.c.person_id))
        found = {row.source_id.removeprefix("usr-"): row.person_id for row in rows}
        found["school"] = await session.scalar(select(schools.c.school_id))
    return found


@pytest.fixture
async def printed(identity, ids, known):
    """Print a slip as somebody."""

    async def make(name, login="teacher", headers=None):
        bearer = await identity.bearer(login, known.password)
        path = f"{API}/schools/{ids['school']}/people/{ids[name]}/access-slip"
        return await identity.http.post(path, headers=bearer | (headers or {}))

    return make


@pytest.fixture
async def granny(identity, known):
    return await identity.bearer("granny", known.password)


@pytest.fixture
def add(identity):
    async def make(headers, slip, label="Ребёнок1", **changed):
        body = {"label": label, "login": slip["login"], "password": slip["password"]} | changed
        return await identity.http.post(BY_SLIP, json=body, headers=headers)

    return make


async def access(identity, headers):
    items = (await identity.http.get(f"{API}/me/access", headers=headers)).json()["items"]
    return [(each["given_name"], each["relation"], each["level"], each["label"]) for each in items]


async def test_i_6_a_slip_opens_the_diary_under_a_label(identity, printed, granny, add, ids, emitted):
    slip = await printed("other")
    assert slip.status_code == 201, slip.text
    assert slip.headers["cache-control"] == "no-store"
    assert (slip.json()["surname"], slip.json()["given_name"]) == ("Яковлев", "Пётр")
    before = len(await emitted(identity.database))
    opened = await add(granny, slip.json())
    assert opened.status_code == 201, opened.text
    assert opened.json() == {"items": [{"pupil_id": str(ids["other"]), "label": "Ребёнок1"}]}
    assert await access(identity, granny) == [("Пётр", "self", 2, "Ребёнок1")]
    told = (await emitted(identity.database))[before:]
    assert [type(e).__name__ for e in told] == ["BindingGranted", "DiaryAccessAccepted"]
    assert (told[0].pupil_id, told[0].relation) == (ids["other"], "self"), "the slip of a pupil makes nobody a parent"


async def test_i_6_one_account_holds_many_labelled_children(identity, printed, known, ids, add, granny):
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            delete(account_records).where(account_records.c.person_id.in_([ids["pupil"], ids["mother"]]))
        )
    await add(granny, (await printed("other")).json(), "Ребёнок1")
    opened = await add(granny, (await printed("mother")).json(), "Внуки")
    assert [each["label"] for each in opened.json()["items"]] == ["Внуки (Михаил)", "Внуки (Ольга)"]
    assert sorted(await access(identity, granny)) == [
        ("Михаил", "representative", 2, "Внуки (Михаил)"),
        ("Ольга", "representative", 2, "Внуки (Ольга)"),
        ("Пётр", "self", 2, "Ребёнок1"),
    ]


async def test_i_6_labels_can_be_renamed_and_taken_away(identity, printed, granny, add, ids, known):
    await add(granny, (await printed("other")).json())
    path = f"{API}/me/diaries/{ids['other']}"
    renamed = await identity.http.patch(path, json={"label": "  Петя "}, headers=granny)
    assert renamed.json() == {"pupil_id": str(ids["other"]), "label": "Петя"}
    assert [label for *_, label in await access(identity, granny)] == ["Петя"]
    assert (await identity.http.patch(path, json={"label": None}, headers=granny)).status_code == 200
    assert [label for *_, label in await access(identity, granny)] == [None]
    stranger = await identity.bearer("father", known.password)
    answer = await identity.http.patch(path, json={"label": "Петя"}, headers=stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "diary_not_found")
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(diary_labels)) == 0


@pytest.mark.parametrize("label", ["", "   ", "x" * 41, "a\u202eb", "a\u0000", None, 5])
async def test_i_6_labels_that_are_none(identity, printed, granny, add, label):
    answer = await add(granny, {"login": "a", "password": "b"}, label)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_i_6_a_slip_is_spent(identity, printed, granny, add, known):
    slip = (await printed("other")).json()
    assert (await add(granny, slip)).status_code == 201
    again = await add(granny, slip)
    assert (again.status_code, again.json()["code"]) == (422, "slip_refused")


async def test_i_6_of_parallel_uses_one_wins(identity, printed, known, add):
    slip = (await printed("other")).json()
    bearers = [await identity.bearer(login, known.password) for login in ("granny", "father", "mother", "pupil")]
    answers = await asyncio.gather(*(add(bearer, slip) for bearer in bearers))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    async with identity.database.read() as session:
        spent = select(func.count()).where(access_slips.c.state == "spent")
        assert await session.scalar(spent) == 1


async def test_i_6_printing_again_voids_the_old_one(identity, printed, granny, add):
    old, new = (await printed("other")).json(), (await printed("other", "director")).json()
    assert (await add(granny, old)).status_code == 422
    assert (await add(granny, new)).status_code == 201


async def test_i_6_two_who_print_at_once_leave_one_open(identity, known, ids):
    bearer = await identity.bearer("teacher", known.password)
    path = f"{API}/schools/{ids['school']}/people/{ids['other']}/access-slip"
    answers = await asyncio.gather(*(identity.http.post(path, headers=bearer) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    async with identity.database.read() as session:
        states = (await session.scalars(select(access_slips.c.state))).all()
    assert sorted(states) == ["open"] + ["void"] * 5


async def test_i_6_a_slip_lapses(identity, printed, granny, add, moment, known):
    slip = (await printed("other")).json()
    moment.passes(days=30)
    granny = await identity.bearer("granny", known.password)
    assert (await add(granny, slip)).status_code == 422


async def test_i_6_wrong_login_and_wrong_password_are_answered_alike(identity, printed, granny, add):
    slip = (await printed("other")).json()
    wrong = await add(granny, slip, password="wrong")
    unknown = await add(granny, slip, login="nobody")
    volatile = {"x-request-id", "server-timing"}
    seen = [
        (a.status_code, a.json(), {k: v for k, v in a.headers.items() if k not in volatile}) for a in (wrong, unknown)
    ]
    assert seen[0] == seen[1]


async def test_i_6_guessing_is_throttled(identity, printed, granny, add, known, moment):
    slip = (await printed("other")).json()
    statuses = [(await add(granny, slip, login=f"nobody-{n}")).status_code for n in range(6)]
    assert statuses == [422] * 5 + [429], "one account tries many slips"
    father = await identity.bearer("father", known.password)
    statuses = [(await add(father, slip, password="wrong")).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429], "one slip is tried"
    moment.passes(seconds=2)
    assert (await add(granny, slip)).status_code == 201, "never a permanent lock"


@pytest.mark.parametrize("way", [str.upper, lambda s: s.replace("-", ""), lambda s: f" {s.replace('-', ' ')} "])
async def test_i_6_a_slip_is_read_off_paper(identity, printed, granny, add, way):
    slip = (await printed("other")).json()
    assert (await add(granny, slip, login=way(slip["login"]), password=way(slip["password"]))).status_code == 201


async def test_i_6_a_record_with_another_account_is_a_conflict(identity, printed, granny, add, ids, known):
    slip = (await printed("other")).json()
    async with identity.database.uow.begin() as tx:
        father = await tx.session.scalar(
            select(account_records.c.account_id).where(account_records.c.person_id == ids["father"])
        )
        await tx.session.execute(
            account_records.insert().values(
                school_id=ids["school"], person_id=ids["other"], account_id=father, level=1, linked_at=tx.now
            )
        )
    answer = await add(granny, slip)
    assert (answer.status_code, answer.json()["code"]) == (409, "record_taken")
    assert await access(identity, granny) == []
    assert (await printed("other")).json()["code"] == "record_taken", "nor is another one printed"
    own = await add(await identity.bearer("father", known.password), slip)
    assert own.status_code == 201, "its own account: the slip raises level 1 to level 2"
    async with identity.database.read() as session:
        levels = select(bindings.c.level).where(bindings.c.pupil_id == ids["other"])
        assert (await session.scalars(levels)).all() == [2]


@pytest.mark.parametrize(
    ("login", "name", "status"),
    [
        ("teacher", "other", 201),
        ("director", "other", 201),
        ("director", "sister", 201),
        ("teacher", "sister", 404),
        ("teacher", "teacher2", 404),
        ("director", "teacher2", 404),
        ("mother", "other", 404),
        ("pupil", "other", 404),
        ("teacher", "pupil", 409),
    ],
)
async def test_i_6_who_may_print_for_whom(printed, login, name, status):
    assert (await printed(name, login)).status_code == status


async def test_i_15_a_released_class_teacher_prints_no_more(identity, printed):
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            update(staff_assignments)
            .where(staff_assignments.c.role == "class_teacher")
            .values(released_on=tx.now.date())
        )
    assert (await printed("other")).json()["code"] == "person_not_found"


async def test_i_11_printing_needs_a_fresh_password(identity, known, ids, moment):
    bearer = await identity.bearer("teacher", known.password)
    moment.passes(minutes=6)
    path = f"{API}/schools/{ids['school']}/people/{ids['other']}/access-slip"
    assert (await identity.http.post(path, headers=bearer)).json()["code"] == "step_up_required"


async def test_i_6_only_a_hash_of_the_password_is_kept(identity, printed):
    slip = (await printed("other")).json()
    async with identity.database.read() as session:
        (row,) = (await session.execute(select(access_slips))).all()
    assert row.password_hash.startswith("$argon2id$")
    assert off_paper(slip["password"]) not in str(row)


async def test_i_6_who_has_left_gets_nothing(identity, printed, granny, add, ids):
    slip = (await printed("other")).json()
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(people).where(people.c.person_id == ids["other"]).values(present=False))
    assert (await add(granny, slip)).json()["code"] == "slip_refused"
    assert (await printed("other")).json()["code"] == "person_not_found"


@pytest.mark.parametrize(("language", "word"), [("ru", "Карточка"), ("en", "slip")])
async def test_i_6_refusals_speak_both_languages(granny, add, language, word):
    answer = await add(granny | {"Accept-Language": language}, {"login": "a", "password": "b"})
    assert word in answer.json()["title"]


@pytest.mark.parametrize(("method", "path"), [("post", BY_SLIP), ("get", f"{API}/me/roles")])
async def test_strangers_are_refused(identity, method, path):
    assert (await identity.http.request(method, path)).status_code == 401


async def test_i_11_roles_of_a_teacher(identity, known):
    bearer = await identity.bearer("teacher", known.password)
    (school,) = (await identity.http.get(f"{API}/me/roles", headers=bearer)).json()["items"]
    assert (school["school_name"], school["city"]) == ("Школа № 2048", "Москва")
    assert [(r["role"], r["class_name"], r["subject_title"]) for r in school["roles"]] == [
        ("class_teacher", "7А", None),
        ("subject_teacher", "7А", "Алгебра"),
        ("subject_teacher", "7Б", "Алгебра"),
    ]


@pytest.mark.parametrize(
    ("login", "roles"),
    [("director", [("director", None)]), ("mother", [("representative", None)]), ("pupil", [("pupil", "7А")])],
)
async def test_i_11_roles_of_others(identity, known, login, roles):
    bearer = await identity.bearer(login, known.password)
    (school,) = (await identity.http.get(f"{API}/me/roles", headers=bearer)).json()["items"]
    assert [(r["role"], r["class_name"]) for r in school["roles"]] == roles


async def test_i_11_roles_take_two_queries(identity, known, queries):
    bearer = await identity.bearer("teacher", known.password)
    with queries() as statements:
        await identity.http.get(f"{API}/me/roles", headers=bearer)
    assert len(statements) == 3, "is the session still on; duties, records"


@given(st.text(max_size=40))
def test_i_6_normal_form_is_stable(typed):
    assert off_paper(off_paper(typed)) == off_paper(typed)


def test_i_6_words_survive_the_paper():
    for _ in range(200):
        login, password = new_words(secrets.choice)
        assert set(login + password) <= set(ALPHABET)
        assert (off_paper(on_paper(login).upper()), off_paper(on_paper(password))) == (login, password)
    assert off_paper("Асе-ХУк") == "ace-xyk".replace("-", "")
