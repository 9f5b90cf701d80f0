"""I-12: admission by the school's administrator; I-15: what has run out ends access."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from identity.accounts.by_login import NoSuchAccount
from identity.membership.appoint_agent import NotOfThisSchool, appoint_agent
from identity.membership.end_what_ran_out import end_what_ran_out
from identity.registry.tables import classes, people, schools, staff_assignments, subjects
from shared.contracts.identity import AgentAppointed, AgentDismissed, StaffAssigned, StaffReleased

DIRECTOR = "+79000000006"


class Office:
    """The school's office: its ids, and its director at the desk."""

    def __init__(self, identity, headers, ids):
        self.identity, self.headers, self.ids = identity, headers, ids

    def url(self, person, assignment_id=""):
        tail = f"/{assignment_id}" if assignment_id else ""
        return f"/api/identity/v1/schools/{self.ids['school']}/staff/{self.ids[person]}/assignments{tail}"

    async def admit(self, person="usr-teacher2", *, headers=None, **changes):
        body = {
            "role": "subject_teacher",
            "class_id": str(self.ids["cls-7b"]),
            "subject_id": str(self.ids["crs-hour"]),
            "basis": "Приказ № 12 от 01.09.2026",
            **changes,
        }
        body = {name: value for name, value in body.items() if value is not ...}
        return await self.identity.http.post(self.url(person), json=body, headers=headers or self.headers)

    async def release(self, person, assignment_id, headers=None):
        return await self.identity.http.delete(self.url(person, assignment_id), headers=headers or self.headers)


@pytest.fixture
async def office(identity, bundle, known):
    await identity.load(bundle)
    ids = {}
    async with identity.database.read() as session:
        ids["school"] = await session.scalar(select(schools.c.school_id))
        for table, column in ((people, "person_id"), (classes, "class_id"), (subjects, "subject_id")):
            found = await session.execute(select(table.c.source_id, table.c[column]))
            ids |= {row.source_id: row[1] for row in found}
    return Office(identity, await identity.bearer(DIRECTOR, known.password), ids)


async def told(identity, emitted, kind):
    return [each for each in await emitted(identity.database) if type(each) is kind]


async def test_i_12_a_teacher_is_admitted_on_a_recorded_basis(identity, office, emitted):
    answer = await office.admit(valid_until="2026-12-31")
    assert answer.status_code == 201, answer.text
    assert answer.json()["basis"] == "Приказ № 12 от 01.09.2026"
    (event,) = [e for e in await told(identity, emitted, StaffAssigned) if e.role == "subject_teacher"
                and e.person_id == office.ids["usr-teacher2"]]  # fmt: skip
    assert (event.class_id, event.subject_id) == (office.ids["cls-7b"], office.ids["crs-hour"])
    assert (event.edge_version, event.valid_until, event.account_id) == (1, date(2026, 12, 31), None)
    async with identity.database.read() as session:
        row = (await session.execute(select(staff_assignments).where(staff_assignments.c.basis.is_not(None)))).one()
    assert row.recorded_by is not None


async def test_i_12_release_and_admission_again_grow_the_version(identity, office, emitted, problem):
    assignment_id = (await office.admit()).json()["assignment_id"]
    held = await office.admit()
    assert (held.status_code, problem(held)["code"]) == (409, "duty_held_already")
    assert problem(held)["assignment_id"] == assignment_id
    assert (await office.release("usr-teacher2", assignment_id)).status_code == 204
    gone = await office.release("usr-teacher2", assignment_id)
    assert (gone.status_code, problem(gone)["code"]) == (404, "assignment_not_found")
    assert (await office.admit()).json()["assignment_id"] == assignment_id
    versions = [e.edge_version for e in await told(identity, emitted, StaffAssigned) + await told(
        identity, emitted, StaffReleased) if str(e.assignment_id) == assignment_id]  # fmt: skip
    assert sorted(versions) == [1, 2, 3]


async def test_i_12_the_bundle_does_not_end_what_was_recorded_by_hand(identity, office, bundle, emitted):
    await office.admit()
    assert not (await identity.load(bundle)).changed
    # Told anew when the person gets an account; ended when the person is gone.
    bundle.row("users.csv", "usr-teacher2")["metadata.initialPassword"] = "long enough"
    await identity.load(bundle)
    mine = [e for e in await told(identity, emitted, StaffAssigned) if e.subject_id == office.ids["crs-hour"]]
    assert [(e.edge_version, e.account_id is None) for e in mine] == [(1, True), (2, False)]
    for file, column in (("users.csv", "sourcedId"), ("roles.csv", "userSourcedId")):
        bundle.files[file] = [row for row in bundle.files[file] if row[column] != "usr-teacher2"]
    await identity.load(bundle)
    released = [e for e in await told(identity, emitted, StaffReleased) if e.assignment_id == mine[0].assignment_id]
    assert [e.edge_version for e in released] == [3]


async def test_i_15_what_was_released_by_hand_an_import_does_not_bring_back(identity, office, bundle):
    async with identity.database.read() as session:
        row = (
            await session.execute(select(staff_assignments).where(staff_assignments.c.role == "class_teacher"))
        ).one()
    assert (await office.release("usr-teacher", row.assignment_id)).status_code == 204
    assert not (await identity.load(bundle)).changed, "the bundle says nothing new"
    bundle.row("enrollments.csv", "enr-cls-7a-usr-teacher")["endDate"] = "2027-05-31"
    assert (await identity.load(bundle)).counts["staff_assignments"].added == 1, "now it does"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"class_id": None}, "body.class_id", "class_needed"),
        ({"subject_id": None}, "body.subject_id", "subject_needed"),
        ({"role": "deputy"}, "body.class_id", "class_not_meant"),
        ({"role": "class_teacher"}, "body.subject_id", "subject_not_meant"),
        ({"role": "director"}, "body.role", "literal_error"),
        ({"class_id": "01890000-0000-7000-8000-000000000000"}, "body.class_id", "class_unknown"),
        ({"subject_id": "01890000-0000-7000-8000-000000000000"}, "body.subject_id", "subject_unknown"),
        ({"valid_from": "2027-01-01", "valid_until": "2026-12-31"}, "body.valid_until", "term_order"),
        ({"basis": ...}, "body.basis", "missing"),
        ({"basis": "  "}, "body.basis", "string_too_short"),
        ({"valid_from": 5}, "body.valid_from", "date_type"),
    ],
)
async def test_i_12_an_unfit_admission_names_the_field(identity, office, problem, emitted, changes, field, code):
    before = len(await emitted(identity.database))
    answer = await office.admit(**changes)
    document = problem(answer)
    assert (answer.status_code, [(e["field"], e["code"]) for e in document["errors"]]) == (422, [(field, code)])
    assert len(await emitted(identity.database)) == before


async def test_i_12_others_may_not_admit(identity, office, known, problem):
    teacher = await identity.bearer(known.teacher_email, known.password)
    refused = await office.admit(headers=teacher)
    assert (refused.status_code, problem(refused)["code"]) == (403, "admission_forbidden")
    assert (await office.admit(headers={"X": "y"})).status_code == 401
    assert (await office.admit("usr-mother")).status_code == 404, "a representative is nobody of the staff"
    office.ids["school"] = office.ids["usr-mother"]
    assert (await office.admit()).status_code == 403, "a school that is not there is not told apart"


async def test_i_15_a_dismissed_administrator_admits_nobody(identity, office):
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            update(staff_assignments)
            .where(staff_assignments.c.role == "director")
            .values(valid_until=date(2026, 9, 2), valid_from=date(2026, 9, 1))
        )
    assert (await office.admit()).status_code == 403


async def test_i_12_two_at_once_admit_once(office):
    answers = await asyncio.gather(*(office.admit() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_i_12_the_staff_is_listed_with_its_duties(identity, office, queries):
    await office.admit()
    url = f"/api/identity/v1/schools/{office.ids['school']}/staff"
    with queries() as counted:
        page = (await identity.http.get(url, headers=office.headers)).json()
    assert len(counted) == 4, "is the session still on; who asks; the staff; its duties"
    assert [(item["surname"], len(item["assignments"])) for item in page["items"]] == [
        ("Громов", 1), ("Жукова", 2), ("Орлова", 3)
    ]  # fmt: skip
    first = (await identity.http.get(url, headers=office.headers, params={"limit": 1})).json()
    rest = (await identity.http.get(url, headers=office.headers, params={"after": first["next"]})).json()
    assert [item["surname"] for item in first["items"] + rest["items"]] == ["Громов", "Жукова", "Орлова"]


async def test_i_15_what_ran_out_ends_by_the_schools_own_day(identity, bundle, emitted, moment):
    bundle.row("enrollments.csv", "enr-cls-7a-usr-pupil")["endDate"] = "2026-12-31"
    bundle.row("roles.csv", "rol-usr-mother")["endDate"] = "2026-12-31"
    bundle.row("enrollments.csv", "enr-cls-7b-math-usr-teacher")["endDate"] = "2026-12-31"
    moment.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    await identity.load(bundle)
    before = len(await emitted(identity.database))
    moment.now = datetime(2026, 12, 31, 20, 59, tzinfo=UTC)
    assert await end_what_ran_out(identity.database) == 0, "in Moscow it is still the last day"
    moment.now = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    # The boy's enrolment, the mother's two guardianships, one duty.
    assert await end_what_ran_out(identity.database) == 4
    events = (await emitted(identity.database))[before:]
    assert sorted(type(event).__name__ for event in events) == [
        # Of the boy: mother, father, himself; of the girl: mother.
        "BindingRevoked", "BindingRevoked", "BindingRevoked", "BindingRevoked", "PupilLeft", "StaffReleased"
    ]  # fmt: skip
    assert {e.left_on for e in events if type(e).__name__ == "PupilLeft"} == {date(2026, 12, 31)}
    assert await end_what_ran_out(identity.database) == 0
    assert not (await identity.load(bundle)).changed, "the bundle says the same"


async def test_s_14_an_agent_of_the_central_desk(identity, bundle, emitted, known):
    await identity.load(bundle)
    uow, keys = identity.database.uow, identity.container.keys
    assert await appoint_agent(uow, keys, known.mother_phone)
    assert not await appoint_agent(uow, keys, "mother"), "is one already"
    assert await appoint_agent(uow, keys, "mother", dismiss=True)
    assert await appoint_agent(uow, keys, "mother")
    said = [e for e in await emitted(identity.database) if type(e) in {AgentAppointed, AgentDismissed}]
    assert [(type(e).__name__, e.edge_version) for e in said] == [
        ("AgentAppointed", 1), ("AgentDismissed", 2), ("AgentAppointed", 3)
    ]  # fmt: skip
    with pytest.raises(NoSuchAccount):
        await appoint_agent(uow, keys, "nobody")


async def test_s_14_an_agent_of_a_school_is_of_its_staff(identity, bundle, emitted, known):
    await identity.load(bundle)
    uow, keys = identity.database.uow, identity.container.keys
    assert await appoint_agent(uow, keys, known.teacher_email, school="org-school")
    assert not (await identity.load(bundle)).changed, "the bundle leaves it alone"
    assert await appoint_agent(uow, keys, known.teacher_email, school="org-school", dismiss=True)
    agents = [e for e in await told(identity, emitted, StaffAssigned) if e.role == "agent"]
    (released,) = await told(identity, emitted, StaffReleased)
    assert [(e.assignment_id, e.edge_version) for e in agents] == [(released.assignment_id, 1)]
    assert agents[0].account_id is not None
    for school, login in (("org-no", known.teacher_email), ("org-school", "mother")):
        with pytest.raises(NotOfThisSchool):
            await appoint_agent(uow, keys, login, school=school)
