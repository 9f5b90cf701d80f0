"""I-14: the class teacher's register."""

import asyncio
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from identity.class_contacts.lapse_proposals import lapse_proposals
from identity.class_contacts.rules import needs_second_person
from identity.class_contacts.tables import contact_reads, proposed_corrections
from identity.registry.tables import classes, hand_corrections, people, schools, value_history
from shared.contracts.identity import BindingGranted, PupilEnrolled, StaffAssigned
from shared.crypto import FieldPlace

API = "/api/identity/v1"
DIRECTOR = "+79000000006"


class Register:
    """A class teacher at work, and the director beside."""

    def __init__(self, identity, ids, teacher, director):
        self.identity, self.ids, self.teacher, self.director = identity, ids, teacher, director

    async def read(self, school_class="cls-7a", headers=None):
        url = f"{API}/classes/{self.ids[school_class]}/contacts"
        return await self.identity.http.get(url, headers=headers or self.teacher)

    async def save(self, person, version=1, headers=None, **changes):
        url = f"{API}/people/{self.ids[person]}/contacts"
        return await self.identity.http.patch(
            url, headers=headers or self.teacher, json={"version": version, **changes}
        )

    async def proposals(self, headers=None):
        url = f"{API}/schools/{self.ids['school']}/contact-proposals"
        return await self.identity.http.get(url, headers=headers or self.director)

    async def settle(self, proposal_id, word, headers=None):
        url = f"{API}/schools/{self.ids['school']}/contact-proposals/{proposal_id}/{word}"
        return await self.identity.http.post(url, headers=headers or self.director)

    async def row(self, person):
        async with self.identity.database.read() as session:
            found = await session.execute(select(people).where(people.c.person_id == self.ids[person]))
        return found.one()

    async def rows(self, table):
        async with self.identity.database.read() as session:
            return (await session.execute(select(table))).all()

    async def opened(self, person, column):
        row = await self.row(person)
        key = self.identity.container.keys.vault.open_person_key(row.data_key)
        return key.decrypt(FieldPlace("people", column, row.person_id), getattr(row, column))


async def register_of(identity, known):
    ids = {}
    async with identity.database.read() as session:
        ids["school"] = await session.scalar(select(schools.c.school_id).where(schools.c.source_id == "org-school"))
        for table, column in ((people, "person_id"), (classes, "class_id")):
            found = await session.execute(
                select(table.c.source_id, table.c[column]).where(table.c.school_id == ids["school"])
            )
            ids |= {row.source_id: row[1] for row in found}
    teacher = await identity.bearer(known.teacher_email, known.password)
    return Register(identity, ids, teacher, await identity.bearer(DIRECTOR, known.password))


@pytest.fixture
async def register(identity, bundle, known):
    await identity.load(bundle)
    return await register_of(identity, known)


async def test_i_14_the_class_teacher_sees_the_own_class_in_clear(register, identity):
    answer = await register.read()
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["class_name"], [pupil["surname"] for pupil in body["pupils"]]) == ("7А", ["Соколов", "Яковлев"])
    boy, other = body["pupils"]
    assert (boy["birth_date"], boy["has_access"], other["representatives"]) == ("2013-05-19", True, [])
    mother = next(each for each in boy["representatives"] if each["given_name"] == "Анна")
    assert (mother["phone"], mother["email"], mother["snils"], mother["version"]) == (
        "+79000000002", "sokolova@zvonok.example", "11223344595", 1
    )  # fmt: skip


async def test_i_14_each_reading_is_written_down(register):
    await register.read()
    await register.read()
    assert (await register.read("cls-7b")).status_code == 404
    reads = await register.rows(contact_reads)
    assert [(row.class_id, row.people) for row in reads] == [(register.ids["cls-7a"], 4)] * 2


async def test_i_14_nobody_else_sees_or_changes_it(register, identity, known, problem):
    mother = await identity.bearer(known.mother_phone, known.password)
    for headers in (mother, register.director):
        answer = await register.read(headers=headers)
        assert (answer.status_code, problem(answer)["code"]) == (404, "class_not_found")
        answer = await register.save("usr-pupil", headers=headers, phone=None)
        assert (answer.status_code, problem(answer)["code"]) == (404, "person_not_found")
    # Of another class; of the staff; of nobody.
    for person in ("usr-sister", "usr-director", "usr-granny"):
        assert (await register.save(person, phone=None)).status_code == 404
    assert (await identity.http.get(f"{API}/classes/{register.ids['cls-7a']}/contacts")).status_code == 401


async def count_of_queries(queries, call):
    with queries() as asked:
        answer = await call()
    assert answer.is_success, answer.text
    return len(asked)


async def test_i_14_the_number_of_queries_does_not_grow_with_the_class(register, identity, bundle, queries):
    few = await count_of_queries(queries, register.read)
    for number in range(25):
        bundle.files["users.csv"].append({
            **bundle.row("users.csv", "usr-other"), "sourcedId": f"usr-{number}", "username": f"u{number}"
        })  # fmt: skip
        bundle.files["roles.csv"].append({
            **bundle.row("roles.csv", "rol-usr-other"), "sourcedId": f"r{number}", "userSourcedId": f"usr-{number}"
        })  # fmt: skip
        bundle.files["enrollments.csv"].append({
            **bundle.row("enrollments.csv", "enr-cls-7a-usr-other"),
            "sourcedId": f"e{number}", "userSourcedId": f"usr-{number}",
        })  # fmt: skip
    await identity.load(bundle)
    # Is the session still on; whose class; its people; its families; the note of the reading.
    assert (few, await count_of_queries(queries, register.read)) == (5, 5)


async def test_i_14_a_change_is_kept_encrypted_with_its_history(register, identity, emitted):
    before = len(await emitted(identity.database))
    answer = await register.save("usr-father", phone="8 (900) 123-45-67", snils="112-233-445 95")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["person"]["phone"], answer.json()["person"]["version"]) == ("+79001234567", 2)
    assert await register.opened("usr-father", "phone") == "+79001234567"
    assert len(await emitted(identity.database)) == before, "contacts are told to nobody"
    history = {row.field: row for row in await register.rows(value_history)}
    assert set(history) == {"phone", "snils"}
    assert history["snils"].value_before is None
    key = identity.container.keys.vault.open_person_key((await register.row("usr-father")).data_key)
    row = history["phone"]
    assert key.decrypt(FieldPlace("value_history", "phone", row.change_id), row.value_before) == "+79000000003"
    assert (row.changed_by is not None, row.confirmed_by) == (True, None)
    async with identity.database.read() as session:
        dump = str((await session.execute(text("SELECT * FROM value_history"))).all())
    assert "9000000003" not in dump


async def test_i_14_nothing_changed_is_no_change(register):
    same = {"phone": "+7 900 000-00-02", "email": "SOKOLOVA@zvonok.example", "surname": " Соколова "}
    answer = await register.save("usr-mother", **same)
    assert (answer.status_code, answer.json()["person"]["version"]) == (200, 1)
    assert await register.rows(value_history) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "12345"}, "body.phone"),
        ({"phone": ""}, "body.phone"),
        ({"email": "анна@почта"}, "body.email"),
        ({"snils": "112-233-445 00"}, "body.snils"),
        ({"snils": "000-000-000 00"}, "body.snils"),
        ({"surname": "\u202e"}, "body.surname"),
        ({"given_name": "x" * 101}, "body.given_name"),
        ({"surname": None}, "body.surname"),
        ({"birth_date": "2099-01-01"}, "body.birth_date"),
        ({"birth_date": "1815-12-10"}, "body.birth_date"),
        ({"birth_date": 5}, "body.birth_date"),
        ({"kind": "staff"}, "body.kind"),
        ({"version": 0}, "body.version"),
    ],
)
async def test_i_4_a_wrong_value_names_its_field_and_is_not_repeated(register, problem, changes, field):
    answer = await register.save("usr-father", **changes)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in problem(answer)["errors"]] == [field]
    assert "112-233-445" not in answer.text
    assert (await register.row("usr-father")).version == 1


async def test_i_14_the_second_of_two_teachers_gets_the_current_state(register, problem):
    answers = await asyncio.gather(*(register.save("usr-father", phone=f"+7900111220{n}") for n in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    won = next(answer.json()["person"] for answer in answers if answer.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            document = problem(answer)
            assert document["code"] == "contacts_stale"
            assert (document["current"]["phone"], document["current"]["version"]) == (won["phone"], 2)


async def test_i_14_an_import_makes_a_save_stale(register, identity, bundle):
    bundle.row("users.csv", "usr-father")["phone"] = "+79000000033"
    await identity.load(bundle)
    assert (await register.save("usr-father", phone="+79000000044")).status_code == 409


async def test_i_16_a_corrected_name_is_told(register, identity, emitted):
    before = len(await emitted(identity.database))
    assert (await register.save("usr-pupil", surname="Соколов-Белов", patronymic=None)).status_code == 200
    (told,) = (await emitted(identity.database))[before:]
    assert type(told) is PupilEnrolled
    assert (told.surname, told.given_name, told.patronymic) == ("Соколов-Белов", "Михаил", None)


async def test_i_16_a_teacher_who_is_a_mother_is_told_as_teacher(identity, bundle, known, emitted):
    # A representative who also holds a duty: the record says «representative».
    bundle.row("enrollments.csv", "enr-cls-7b-math-usr-teacher")["userSourcedId"] = "usr-mother"
    await identity.load(bundle)
    register = await register_of(identity, known)
    before = len(await emitted(identity.database))
    assert (await register.save("usr-mother", surname="Орлова")).status_code == 200
    (told,) = (await emitted(identity.database))[before:]
    assert type(told) is StaffAssigned
    assert (told.surname, told.edge_version) == ("Орлова", 2)


async def test_i_14_a_repeated_import_does_not_undo_a_correction(register, identity, bundle):
    await register.save("usr-father", phone="+79001234567", given_name="Димитрий")
    assert not (await identity.load(bundle)).changed
    assert await register.opened("usr-father", "phone") == "+79001234567"
    # Another field of the bundle changes: the correction still stands.
    bundle.row("users.csv", "usr-father")["email"] = "father@zvonok.example"
    assert (await identity.load(bundle)).counts["people"].changed == 1
    assert await register.opened("usr-father", "phone") == "+79001234567"
    assert (await register.row("usr-father")).given_name == "Димитрий"


async def test_i_14_what_the_bundle_says_anew_counts(register, identity, bundle):
    await register.save("usr-father", phone="+79001234567")
    bundle.row("users.csv", "usr-father")["phone"] = "+79007654321"
    assert (await identity.load(bundle)).counts["people"].changed == 1
    assert await register.opened("usr-father", "phone") == "+79007654321"
    assert await register.rows(hand_corrections) == []
    assert len([row for row in await register.rows(value_history) if row.changed_by is None]) == 1
    assert not (await identity.load(bundle)).changed


async def test_i_14_the_bundle_catching_up_is_no_change(register, identity, bundle):
    await register.save("usr-father", phone="+79001234567")
    bundle.row("users.csv", "usr-father")["phone"] = "+79001234567"
    assert not (await identity.load(bundle)).changed
    assert await register.rows(hand_corrections) == []
    bundle.row("users.csv", "usr-father")["phone"] = "+79000000003"
    await identity.load(bundle)
    assert await register.opened("usr-father", "phone") == "+79000000003"


async def test_i_14_back_to_what_the_bundle_says_is_no_correction(register):
    await register.save("usr-father", phone="+79001234567")
    await register.save("usr-father", version=2, phone="+79000000003")
    assert await register.rows(hand_corrections) == []


@pytest.mark.parametrize(
    ("has_access", "stood", "will_stand", "needed"),
    [
        (True, (b"1", b"2"), (b"3", b"4"), True),
        (True, (b"1", b"2"), (None, b"4"), True),
        (False, (b"1", b"2"), (b"3", b"4"), False),
        (True, (b"1", b"2"), (b"1", b"4"), False),
        (True, (b"1", None), (b"3", b"4"), False),
        (True, (None, None), (b"3", b"4"), False),
    ],
)
def test_i_14_when_a_second_person_is_needed(has_access, stood, will_stand, needed):
    fields = ("phone", "email")
    assert needed == needs_second_person(
        has_access=has_access,
        stood=dict(zip(fields, stood, strict=True)),
        will_stand=dict(zip(fields, will_stand, strict=True)),
    )


BOTH = {"phone": "+79001112233", "email": "new@zvonok.example"}


async def test_i_14_replacing_both_contacts_needs_a_second_person(register, problem):
    answer = await register.save("usr-mother", **BOTH)
    assert answer.status_code == 202, answer.text
    assert answer.json()["person"]["waits_for_second_person"]
    assert await register.opened("usr-mother", "phone") == "+79000000002", "nothing has changed yet"
    (item,) = (await register.proposals()).json()["items"]
    assert item["proposal_id"] == answer.json()["proposal_id"]
    assert (item["proposed_by"], item["own"]) == ("Орлова М. С.", False)
    assert {each["field"]: each["after"] for each in item["changes"]} == {
        "phone": "+7 *** ***-22-33", "email": "n***@zvonok.example"
    }  # fmt: skip
    own = await register.settle(item["proposal_id"], "confirm", register.teacher)
    assert (own.status_code, problem(own)["code"]) == (409, "own_proposal")
    assert (await register.settle(item["proposal_id"], "confirm")).status_code == 204
    assert await register.opened("usr-mother", "phone") == "+79001112233"
    history = [row for row in await register.rows(value_history) if row.field == "email"]
    assert [(row.changed_by != row.confirmed_by, row.confirmed_by is not None) for row in history] == [(True, True)]
    again = await register.settle(item["proposal_id"], "decline")
    assert (again.status_code, problem(again)["code"], problem(again)["state"]) == (
        409,
        "proposal_settled",
        "confirmed",
    )
    assert (await register.proposals()).json()["items"] == []


async def test_i_14_one_contact_after_the_other_is_both(register, moment):
    assert (await register.save("usr-mother", phone=BOTH["phone"])).status_code == 200
    assert (await register.save("usr-mother", version=2, email=BOTH["email"])).status_code == 202
    assert (await register.save("usr-mother", version=2, email=None)).status_code == 202, "taking away is no way round"
    moment.passes(days=31)
    register.teacher = await register.identity.bearer("teacher", "Zvonok-demo-2026")
    assert (await register.save("usr-mother", version=2, email=BOTH["email"])).status_code == 200


async def test_i_14_without_access_one_teacher_is_enough(register):
    await register.save("usr-other", phone="+79001112200", email="other@zvonok.example")
    assert (await register.save("usr-other", version=2, **BOTH)).status_code == 200


async def test_i_14_declined_is_not_done(register):
    proposal_id = (await register.save("usr-mother", **BOTH)).json()["proposal_id"]
    assert (await register.settle(proposal_id, "decline", register.teacher)).status_code == 204, "taken back"
    assert (await register.row("usr-mother")).version == 1
    assert [row.state for row in await register.rows(proposed_corrections)] == ["declined"]


async def test_i_14_a_proposal_lapses_after_two_weeks(register, identity, problem):
    proposal_id = (await register.save("usr-mother", **BOTH)).json()["proposal_id"]
    for days, left in ((13, 1), (15, 0)):
        async with identity.database.read() as session, session.begin():
            await lapse_proposals(session, identity.database.clock() + timedelta(days=days))
        assert len((await register.proposals()).json()["items"]) == left
    answer = await register.settle(proposal_id, "confirm")
    assert (answer.status_code, problem(answer)["state"]) == (409, "lapsed")
    assert (await register.save("usr-mother", **BOTH)).status_code == 202, "it may be proposed again"


async def test_i_14_a_proposal_is_void_once_the_record_has_changed(register, problem):
    proposal_id = (await register.save("usr-mother", **BOTH)).json()["proposal_id"]
    await register.save("usr-mother", snils=None)
    answer = await register.settle(proposal_id, "confirm")
    assert (answer.status_code, problem(answer)["code"]) == (409, "proposal_overtaken")
    assert await register.opened("usr-mother", "phone") == "+79000000002"
    assert [row.state for row in await register.rows(proposed_corrections)] == ["overtaken"]


async def test_i_14_confirmed_twice_at_once_is_done_once(register):
    proposal_id = (await register.save("usr-mother", **BOTH)).json()["proposal_id"]
    answers = await asyncio.gather(*(register.settle(proposal_id, "confirm") for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert (await register.row("usr-mother")).version == 2


async def test_i_14_families_have_no_part_in_proposals(register, identity, known, problem):
    proposal_id = (await register.save("usr-mother", **BOTH)).json()["proposal_id"]
    mother = await identity.bearer(known.mother_phone, known.password)
    for answer in (await register.proposals(mother), await register.settle(proposal_id, "confirm", mother)):
        assert (answer.status_code, problem(answer)["code"]) == (404, "proposal_not_found")


async def test_law_7_a_proposal_lies_encrypted(register, identity):
    await register.save("usr-mother", **BOTH)
    async with identity.database.read() as session:
        dump = str((await session.execute(text("SELECT * FROM proposed_corrections"))).all())
    assert "9001112233" not in dump


def second_school(bundle, *, account_of):
    """The same people in another school, where one of them has got an account."""
    bundle.row("orgs.csv", "org-school")["sourcedId"] = "org-second"
    for file, column in (("classes.csv", "schoolSourcedId"), ("roles.csv", "orgSourcedId")):
        for row in bundle.files[file]:
            row[column] = "org-second"
    for row in bundle.files["users.csv"]:
        row["username"] += "-2"
        if row["sourcedId"] != account_of:
            row["metadata.initialPassword"] = ""
    return bundle


@pytest.fixture
async def granny_elsewhere(identity, bundle, known):
    """The grandmother has an account by another school; this one knows her name and grandson, but no contact."""
    granny = bundle.row("users.csv", "usr-granny")
    kept = {**granny, "phone": "+79000000009"}
    granny.update({"email": "", "metadata.initialPassword": "", "metadata.phoneProved": "", "metadata.emailProved": ""})
    bundle.row("users.csv", "usr-other")["agentSourcedIds"] = "usr-granny"
    await identity.load(bundle)
    other = deepcopy(bundle)
    other.row("users.csv", "usr-granny").update(kept)
    await identity.load(second_school(other, account_of="usr-granny"))
    return await register_of(identity, known)


async def test_i_21_a_teachers_save_opens_the_diary(granny_elsewhere, identity, emitted):
    register = granny_elsewhere
    before = len(await emitted(identity.database))
    assert (await register.save("usr-granny", email="belova@zvonok.example")).status_code == 200
    granted = [e for e in (await emitted(identity.database))[before:] if type(e) is BindingGranted]
    assert [(e.pupil_id, e.relation, e.school_id) for e in granted] == [
        (register.ids["usr-other"], "representative", register.ids["school"])
    ]


async def test_i_21_an_import_opens_the_diary(granny_elsewhere, identity, bundle, emitted):
    register = granny_elsewhere
    before = len(await emitted(identity.database))
    bundle.row("users.csv", "usr-granny")["email"] = "belova@zvonok.example"
    await identity.load(bundle)
    granted = [e for e in (await emitted(identity.database))[before:] if type(e) is BindingGranted]
    assert [(e.pupil_id, e.relation) for e in granted] == [(register.ids["usr-other"], "representative")]
    assert isinstance(granted[0].pupil_id, UUID)


async def test_i_14_an_account_handed_out_later_has_no_contact_that_was_wrong(register, identity, bundle, known):
    await register.save("usr-other", phone="+79001112200", surname="Яковлев-Белый")
    bundle.row("users.csv", "usr-other").update({"metadata.initialPassword": known.password})
    await identity.load(bundle)
    me = await identity.http.get(f"{API}/me", headers=await identity.bearer("other", known.password))
    assert (me.json()["surname"], me.json()["phone"]) == ("Яковлев-Белый", None)


async def test_i_14_the_history_says_who_and_when(register, identity, bundle, known):
    await register.save("usr-father", phone="+79001234567", surname="Соколов-Белов")
    bundle.row("users.csv", "usr-father")["phone"] = "+79007654321"
    await identity.load(bundle)
    url = f"{API}/people/{register.ids['usr-father']}/contacts/history"
    first = (await identity.http.get(url, headers=register.teacher, params={"limit": 2})).json()
    rest = (await identity.http.get(url, headers=register.teacher, params={"after": first["next"]})).json()
    told = [(each["field"], each["before"], each["changed_by"]) for each in first["items"] + rest["items"]]
    assert told[0] == ("phone", "+7 *** ***-45-67", None)
    assert sorted(told[1:]) == [("phone", "+7 *** ***-00-03", "Орлова М. С."), ("surname", "Соколов", "Орлова М. С.")]
    assert rest["next"] is None
    mother = await identity.bearer(known.mother_phone, known.password)
    assert (await identity.http.get(url, headers=mother)).status_code == 404
