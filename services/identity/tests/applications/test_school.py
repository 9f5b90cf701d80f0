"""I-25: the queue of the school, granting, and terms that run out."""

import asyncio

import pytest
from sqlalchemy import select, update

from identity.applications import watch_deadlines as watching
from identity.applications.tables import applications
from identity.applications.watch_deadlines import watch_deadlines
from identity.registry.tables import guardianships, people, staff_assignments


async def test_i_25_a_class_teacher_sees_the_own_classes(office, problem):
    own = await office.submitted()
    other = await office.submitted(class_name="7Б")
    unknown = await office.submitted(class_name="11Ы")
    await office.draft()
    seen = (await office.queue("teacher")).json()
    assert [item["application_id"] for item in seen["items"]] == [own]
    assert (seen["registered"], seen["in_review"], seen["overdue"]) == (1, 0, 0)
    assert seen["items"][0]["child_name"] == "Яковлев Пётр"
    everything = (await office.queue("director")).json()
    assert {item["application_id"] for item in everything["items"]} == {own, other, unknown}
    for hidden in (other, unknown):
        answer = await office.decide(hidden, "review")
        assert (answer.status_code, problem(answer)["code"]) == (404, "application_not_found")
    for who in ("granny", "mother"):
        answer = await office.queue(who)
        assert (answer.status_code, problem(answer)["code"]) == (404, "school_not_found")


async def test_i_25_the_queue_is_paged_by_deadline(office, moment):
    first = [await office.submitted() for _ in range(2)]
    moment.passes(days=1)
    later = await office.submitted()
    one = (await office.queue("director", limit=2)).json()
    two = (await office.queue("director", limit=2, after=one["next"])).json()
    assert [item["application_id"] for item in one["items"] + two["items"]] == [*first, later]
    assert two["next"] is None
    moment.passes(days=10)
    late = (await office.queue("director")).json()
    assert late["overdue"] == 3
    assert all(item["overdue"] for item in late["items"])
    await office.decide(later, "review", who="director")
    assert [i["application_id"] for i in (await office.queue("director", state="in_review")).json()["items"]] == [later]


async def test_the_queue_asks_as_often_for_many_as_for_one(office, queries):
    async def asked():
        bearer = await office.identity.bearer("director", office.password)
        path = f"/api/identity/v1/schools/{office.school_id}/applications"
        with queries() as statements:
            answer = await office.identity.http.get(path, headers=bearer)
        assert answer.status_code == 200
        return len(statements)

    await office.submitted()
    one = await asked()
    for _ in range(4):
        await office.submitted()
    assert await asked() == one <= 5


async def test_granting_makes_a_record_of_who_was_none(office, bundle):
    """I-13: the next import leaves alone what the school recorded on an application."""
    await office.forget_record("usr-granny")
    application = await office.in_review()
    granted = await office.decide(application, "grant", pupil_id=office.people["usr-other"])
    assert granted.status_code == 200, granted.text
    number = granted.json()["number"]
    async with office.identity.database.read() as session:
        record = (await session.execute(select(people).where(people.c.source_id == f"application:{number}"))).one()
        bond = (await session.execute(select(guardianships).where(guardianships.c.basis == number))).one()
    assert (record.surname, record.kind, bond.representative_id) == ("Белова", "representative", record.person_id)
    bundle.row("users.csv", "usr-granny")["metadata.initialPassword"] = ""
    report = await office.identity.load(bundle)
    assert not report.changed
    diaries = (await office.call("granny", "GET", "/me/access")).json()["items"]
    assert [diary["surname"] for diary in diaries] == ["Яковлев"]


async def test_granting_needs_a_pupil_of_the_own_class(office, problem):
    application = await office.in_review()
    for pupil in (None, office.people["usr-sister"], office.people["usr-mother"], application):
        answer = await office.decide(application, "grant", pupil_id=pupil)
        assert (answer.status_code, problem(answer)["code"]) == (422, "not_a_pupil_here")
    wrong = await office.decide(
        application, "grant", pupil_id=office.people["usr-other"], representative_id=office.people["usr-teacher"]
    )
    assert (wrong.status_code, problem(wrong)["code"]) == (422, "not_a_representative")
    taken = await office.decide(
        application, "grant", pupil_id=office.people["usr-other"], representative_id=office.people["usr-mother"]
    )
    assert (taken.status_code, problem(taken)["code"]) == (409, "record_taken")
    async with office.identity.database.read() as session:
        bonds = (await session.execute(select(guardianships.c.basis))).scalars().all()
    assert set(bonds) == {None}, "nothing half-written"


async def test_i_26_a_trusted_person_is_invited_by_the_parents(office, problem):
    application = await office.in_review(kind="trusted_person")
    answer = await office.decide(application, "grant", pupil_id=office.people["usr-other"])
    assert (answer.status_code, problem(answer)["code"]) == (409, "parents_invite")
    await office.decide(application, "refuse", ground="outside_the_circle")
    assert "приглашают родители" in (await office.read(application))["ground_text"]


async def teacher_application(office, lessons):
    application = await office.draft(kind="teacher", child=None, relation=None, class_name=None, lessons=lessons)
    await office.attach(application, "identity_document")
    assert (await office.submit(application)).status_code == 200
    await office.decide(application, "review", who="director")
    return application


async def test_i_12_a_teacher_is_admitted_on_the_basis_of_the_application(office, problem):
    await office.forget_record("usr-granny")
    staff_id = office.people["usr-teacher2"]
    lost = await teacher_application(office, [{"class_name": "7Б", "subject": "Астрология"}])
    unknown = await office.decide(lost, "grant", who="director", staff_id=staff_id)
    assert (unknown.status_code, problem(unknown)["code"]) == (422, "lessons_unknown")
    assert problem(unknown)["unknown"] == [{"class_name": "7Б", "subject": "Астрология"}]
    application = await teacher_application(office, [{"class_name": "7«б»", "subject": "алгебра"}])
    nobody = await office.decide(application, "grant", who="director", staff_id=office.people["usr-mother"])
    assert (nobody.status_code, problem(nobody)["code"]) == (422, "not_staff_here")
    granted = await office.decide(application, "grant", who="director", staff_id=staff_id)
    assert granted.status_code == 200, granted.text
    async with office.identity.database.read() as session:
        rows = (await session.execute(select(staff_assignments).where(staff_assignments.c.person_id == staff_id))).all()
    duties = {row.role: row for row in rows}
    assert set(duties) == {"deputy", "subject_teacher"}
    assert duties["subject_teacher"].basis == f"application {granted.json()['number']}"
    assert str(duties["subject_teacher"].class_id) == office.class_ids["7Б"]
    assert len({row.account_id for row in rows}) == 1
    assert None not in {row.account_id for row in rows}
    told = [e for e in await office.told("StaffAssigned") if str(e.person_id) == staff_id]
    assert {(e.role, e.edge_version) for e in told[-2:]} == {("deputy", 2), ("subject_teacher", 1)}
    assert (await office.queue("granny")).status_code == 200, "a deputy with an account leads the school"


async def test_nobody_decides_on_the_own_application(office, problem):
    teacher = {"surname": "Орлова", "given_name": "Марина", "patronymic": "Сергеевна", "birth_date": "1980-05-05"}
    application = await office.draft("teacher", applicant=teacher)
    for kind in ("identity_document", "guardianship_document"):
        await office.attach(application, kind, who="teacher")
    answer = await office.submit(application, who="teacher")
    own = await office.decide(application, "review", version=answer.json()["version"])
    assert (own.status_code, problem(own)["code"]) == (403, "own_application")
    assert (await office.decide(application, "review", "director", answer.json()["version"])).status_code == 200


async def account_of(office, source_id):
    async with office.identity.database.read() as session:
        return await session.scalar(
            select(staff_assignments.c.account_id)
            .where(
                staff_assignments.c.person_id == office.people[source_id], staff_assignments.c.account_id.is_not(None)
            )
            .limit(1)
        )


async def test_i_25_reminder_and_escalation_each_once(office, moment):
    application = await office.submitted()
    decided = await office.in_review()
    await office.decide(decided, "refuse", ground="not_a_pupil")
    assert await watch_deadlines(office.identity.database) == 0
    moment.now = moment.now.replace(month=11, day=30, hour=15)  # Monday 18:00: one working day is left
    assert await watch_deadlines(office.identity.database) == 1
    moment.now = moment.now.replace(month=12, day=1, hour=14, minute=59)
    assert await watch_deadlines(office.identity.database) == 0
    moment.passes(minutes=1)
    assert sum(await asyncio.gather(*(watch_deadlines(office.identity.database) for _ in range(3)))) == 1
    moment.passes(days=30)
    assert await watch_deadlines(office.identity.database) == 0
    reminder, escalation = await office.told("ApplicationDeadlineNoticed")
    assert (reminder.step, escalation.step, str(escalation.application_id)) == ("reminder", "escalation", application)
    assert reminder.staff_account_ids == (await account_of(office, "usr-teacher"),)
    assert escalation.staff_account_ids == (await account_of(office, "usr-director"),)
    steps = [entry["step"] for entry in (await office.read(application))["history"]]
    assert steps[-2:] == ["reminded", "escalated"]


async def test_i_25_a_killed_worker_neither_loses_nor_repeats(office, moment, monkeypatch):
    for _ in range(3):
        await office.submitted()
    moment.passes(days=20)
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    real, calls = watching.upsert, []

    async def dies_at_the_third(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        await real(*args)

    monkeypatch.setattr(watching, "upsert", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        await watch_deadlines(office.identity.database)
    assert len(await office.told("ApplicationDeadlineNoticed")) == 2, "the first chunk stands"
    monkeypatch.setattr(watching, "upsert", real)
    assert await watch_deadlines(office.identity.database) == 4
    said = [(e.step, e.application_id) for e in await office.told("ApplicationDeadlineNoticed")]
    assert len(said) == len(set(said)) == 6


async def test_i_25_without_a_director_those_who_lead_hear_of_it(office, moment):
    await office.submitted()
    async with office.identity.database.uow.begin() as tx:
        await tx.session.execute(
            update(staff_assignments).where(staff_assignments.c.role == "director").values(role="school_administrator")
        )
    moment.passes(days=20)
    await watch_deadlines(office.identity.database)
    *_, escalation = await office.told("ApplicationDeadlineNoticed")
    assert escalation.staff_account_ids == (await account_of(office, "usr-director"),)


async def test_the_rows_of_a_number_are_whole(office):
    await office.submitted()
    async with office.identity.database.read() as session:
        row = (await session.execute(select(applications))).one()
    assert row.calendar_version.startswith("ru-")
    assert office.granny["surname"].encode() not in row.form
