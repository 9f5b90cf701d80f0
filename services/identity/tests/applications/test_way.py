"""I-24 … I-27: the way of an application from draft to decision."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from identity.applications.rules import MOVES, State
from identity.applications.tables import application_documents, applications
from identity.consents.tables import consents
from identity.profile.close_account import close_account
from identity.registry.tables import staff_assignments
from shared.crypto import parse_check_number


async def test_i_25_from_draft_to_access(office):
    application = await office.submitted()
    registered = await office.read(application)
    assert registered["state"] == "registered"
    assert parse_check_number(registered["number"]) == registered["number"]
    assert registered["number"].startswith("26-")
    # Thursday noon in Moscow: Friday, Monday, Tuesday until six.
    assert registered["decide_by"] == "2026-12-01T15:00:00Z"
    assert registered["class_name"] == "7А"
    assert (await office.decide(application, "review")).json()["state"] == "in_review"
    granted = await office.decide(application, "grant", pupil_id=office.people["usr-other"])
    assert granted.status_code == 200, granted.text
    diaries = (await office.call("granny", "GET", "/me/access")).json()["items"]
    assert [(d["surname"], d["relation"], d["level"]) for d in diaries] == [("Яковлев", "representative", 2)]
    told = await office.told("ApplicationRegistered", "ApplicationMoved", "ApplicationGranted")
    assert [type(event).__name__ for event in told] == [
        "ApplicationRegistered",
        "ApplicationMoved",
        "ApplicationGranted",
    ]
    assert {str(event.application_id) for event in told} == {application}
    assert len([e for e in await office.told("BindingGranted") if str(e.pupil_id) == office.people["usr-other"]]) == 1


async def test_i_27_the_applicant_sees_state_terms_and_history(office):
    application = await office.in_review()
    await office.decide(application, "refuse", ground="documents_contradict")
    seen = await office.read(application, **{"Accept-Language": "ru"})
    assert seen["state_title"] == "Отказано"
    assert "Бесплатно" in seen["terms"]
    assert "противоречат" in seen["ground_text"]
    assert seen["allowed"] == []
    assert [(entry["step"], entry["by"]) for entry in seen["history"]] == [
        ("written", "applicant"),
        ("document_added", "applicant"),
        ("document_added", "applicant"),
        ("submitted", "applicant"),
        ("registered", "system"),
        ("in_review", "school"),
        ("refused", "school"),
    ]
    (listed,) = (await office.call("granny", "GET", "/applications")).json()["items"]
    assert (listed["application_id"], listed["state"]) == (application, "refused")
    assert "contradict" in (await office.read(application, **{"Accept-Language": "en"}))["ground_text"]


@pytest.mark.parametrize(
    "ground",
    ["outside_the_circle", "not_a_pupil", "documents_unfit", "documents_contradict", "withdrawn_by_applicant"],
)
async def test_i_26_the_five_grounds(office, ground):
    application = await office.in_review()
    refused = await office.decide(application, "refuse", ground=ground)
    assert refused.status_code == 200, refused.text
    (event,) = await office.told("ApplicationRefused")
    assert (event.ground, str(event.application_id)) == (ground, application)
    assert (await office.call("granny", "GET", "/me/access")).json()["items"] == []


async def test_i_26_there_is_no_sixth_ground(office, problem):
    application = await office.in_review()
    refused = await office.decide(application, "refuse", ground="we_do_not_like_it")
    assert (refused.status_code, problem(refused)["code"]) == (422, "validation_failed")


async def test_i_26_a_mistake_in_a_name_means_a_new_form_that_is_prefilled(office, problem):
    application = await office.in_review()
    early = await office.call("granny", "POST", f"/applications/{application}/again")
    assert (early.status_code, problem(early)["code"]) == (409, "step_not_allowed")
    changed = await office.call(
        "granny",
        "PATCH",
        f"/applications/{application}",
        json={"version": 3, "form": (await office.read(application))["form"]},
    )
    assert (changed.status_code, problem(changed)["code"]) == (409, "step_not_allowed")
    await office.decide(application, "refuse", ground="documents_contradict")
    again = await office.call("granny", "POST", f"/applications/{application}/again")
    new = await office.read(again.json()["application_id"])
    old = await office.read(application)
    assert new["form"] == old["form"]
    assert (new["state"], new["previous_id"], new["documents"], new["number"]) == ("draft", application, [], None)


async def test_i_26_the_writer_must_be_the_submitter(office, problem):
    stranger = await office.draft(applicant={"surname": "Белов", "given_name": "Глеб", "birth_date": "1980-01-01"})
    for kind in ("identity_document", "guardianship_document"):
        await office.attach(stranger, kind)
    refused = await office.submit(stranger)
    assert (refused.status_code, problem(refused)["code"]) == (422, "writer_is_not_submitter")
    assert (await office.read(stranger))["state"] == "draft"
    other = await office.call("mother", "POST", f"/applications/{stranger}/submit", json={
        "version": 1, "consent_version": "x", "consent_language": "ru"})  # fmt: skip
    assert (other.status_code, problem(other)["code"]) == (404, "application_not_found")


async def entered(office, channel, **changed):
    return await office.call(
        "teacher",
        "POST",
        f"/schools/{office.school_id}/applications",
        json={
            "applicant_login": "granny",
            "channel": channel,
            "kind": "representative",
            "form": office.form(),
            **changed,
        },
    )


async def test_i_24_in_person_the_school_enters_and_submits(office):
    application = (await entered(office, "in_person")).json()["application_id"]
    for kind in ("identity_document", "guardianship_document"):
        assert (await office.attach(application, kind, who="teacher")).status_code == 201
    assert (await office.submit(application, who="teacher")).status_code == 200
    seen = await office.read(application)
    assert (seen["state"], seen["channel"]) == ("registered", "in_person")
    assert ("submitted", "school") in [(entry["step"], entry["by"]) for entry in seen["history"]]


async def test_i_24_a_representative_brings_it_and_the_applicant_submits(office, problem):
    application = (await entered(office, "by_representative")).json()["application_id"]
    for kind in ("identity_document", "guardianship_document"):
        await office.attach(application, kind, who="teacher")
    by_staff = await office.submit(application, who="teacher")
    assert (by_staff.status_code, problem(by_staff)["code"]) == (422, "writer_is_not_submitter")
    without = await office.submit(application)
    assert problem(without)["missing_documents"] == ["power_of_attorney"]
    await office.attach(application, "power_of_attorney", who="teacher")
    assert (await office.submit(application)).status_code == 200


async def test_i_24_entering_is_for_the_school_and_for_known_applicants(office, problem):
    unknown = await entered(office, "in_person", applicant_login="+7 900 111-22-33")
    assert (unknown.status_code, problem(unknown)["code"]) == (422, "applicant_unknown")
    stranger = await office.call(
        "mother",
        "POST",
        f"/schools/{office.school_id}/applications",
        json={"applicant_login": "granny", "channel": "in_person", "kind": "pupil", "form": office.form()},
    )
    assert (stranger.status_code, problem(stranger)["code"]) == (404, "school_not_found")


async def test_i_24_what_is_missing_is_named(office, problem):
    later = office.granny | {"birth_date": "2057-03-04"}
    application = await office.draft(applicant=later, child=None, relation="parent")
    refused = await office.submit(application)
    assert (refused.status_code, problem(refused)["code"]) == (422, "application_incomplete")
    assert problem(refused)["missing_fields"] == ["child"]
    assert problem(refused)["wrong_fields"] == ["applicant.birth_date"]
    assert problem(refused)["missing_documents"] == ["identity_document", "birth_certificate"]
    async with office.identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(consents)) == 0, "nothing half-written"


async def test_i_24_consent_is_a_document_with_version_and_hash(office, problem):
    application = await office.draft()
    for kind in ("identity_document", "guardianship_document"):
        await office.attach(application, kind)
    old = {"version": 1, "consent_version": "2001-01-01", "consent_language": "ru"}
    refused = await office.call("granny", "POST", f"/applications/{application}/submit", json=old)
    assert (refused.status_code, problem(refused)["code"]) == (409, "consent_outdated")
    assert (await office.submit(application)).status_code == 200
    async with office.identity.database.read() as session:
        (consent,) = (await session.execute(select(consents))).all()
        linked = await session.scalar(select(applications.c.consent_id))
    assert (consent.kind, len(consent.text_hash), linked) == ("diary_application", 32, consent.consent_id)


async def test_i_24_a_pupil_applies_alone_from_fourteen(office, problem, moment):
    await office.forget_record("usr-pupil")
    pupil = {"surname": "Соколов", "given_name": "Михаил", "patronymic": "Дмитриевич", "birth_date": "2012-11-27"}
    application = await office.draft("pupil", "pupil", applicant=pupil, child=None, relation=None)
    await office.attach(application, "identity_document", who="pupil")
    early = await office.submit(application, who="pupil")
    assert (early.status_code, problem(early)["code"]) == (422, "applicant_too_young")
    moment.passes(days=1)
    assert (await office.submit(application, who="pupil")).status_code == 200
    version = (await office.read(application, "pupil"))["version"]
    await office.decide(application, "review", version=version)
    granted = await office.decide(application, "grant", version=version + 1, pupil_id=office.people["usr-pupil"])
    assert granted.status_code == 200, granted.text
    (diary,) = (await office.call("pupil", "GET", "/me/access")).json()["items"]
    assert (diary["relation"], diary["level"]) == ("self", 2)


async def test_i_25_other_steps_are_refused_and_the_allowed_ones_named(office, problem):
    application = await office.submitted()
    early = await office.decide(application, "grant", pupil_id=office.people["usr-other"])
    assert (early.status_code, problem(early)["code"]) == (409, "step_not_allowed")
    assert problem(early)["allowed"] == ["in_review", "withdrawn"]
    assert (await office.decide(application, "refuse", ground="not_a_pupil")).status_code == 409
    assert (await office.submit(application)).status_code == 409
    late = await office.attach(application, "other")
    assert (late.status_code, problem(late)["code"]) == (409, "step_not_allowed")
    await office.decide(application, "review")
    await office.decide(application, "grant", pupil_id=office.people["usr-other"])
    for step, body in (("review", {}), ("grant", {}), ("refuse", {"ground": "not_a_pupil"})):
        over = await office.decide(application, step, **body)
        assert (over.status_code, problem(over)["allowed"]) == (409, [])


def test_i_25_every_way_ends():
    """From everywhere an end is reached, and from an end nothing."""
    for state in State:
        reached, new = {state}, {state}
        while new := {to for each in new for to in MOVES[each]} - reached:
            reached |= new
        assert reached & {State.GRANTED, State.REFUSED, State.WITHDRAWN}
        assert State.DRAFT not in reached - {state}


async def test_stale_versions_tell_the_current_state(office, problem):
    application = await office.submitted()
    stale = await office.decide(application, "review", version=1)
    assert (stale.status_code, problem(stale)["code"]) == (409, "stale_version")
    assert problem(stale)["current"]["state"] == "registered"
    version = (await office.read(application))["version"]
    answers = await asyncio.gather(
        *(office.decide(application, "review", version=version) for _ in range(4)),
        office.call("granny", "POST", f"/applications/{application}/withdraw", json={"version": version}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_i_26_withdrawing(office):
    draft = await office.draft()
    withdrawn = await office.call("granny", "POST", f"/applications/{draft}/withdraw", json={"version": 1})
    assert withdrawn.json()["state"] == "withdrawn"
    assert await office.told("ApplicationMoved") == [], "of a draft nobody was told"
    application = await office.in_review()
    version = (await office.read(application))["version"]
    await office.call("granny", "POST", f"/applications/{application}/withdraw", json={"version": version})
    moved = await office.told("ApplicationMoved")
    assert [event.state for event in moved] == ["in_review", "withdrawn"]
    assert (await office.read(application))["ground"] == "withdrawn_by_applicant"


async def test_i_25_numbers_have_no_gaps(office):
    """Five at once, and one that fails after it took its number's turn."""
    drafts = [await office.draft() for _ in range(6)]
    for draft in drafts:
        for kind in ("identity_document", "guardianship_document"):
            await office.attach(draft, kind)
    bad = await office.submit(drafts[5], version=7)
    assert bad.status_code == 409
    answers = await asyncio.gather(*(office.submit(draft) for draft in drafts[:5]))
    assert sorted(answer.json()["number"][3:9] for answer in answers) == [f"{n:06}" for n in range(1, 6)]


async def test_open_applications_are_limited(office, problem):
    for _ in range(10):
        await office.draft()
    new = {"school_id": office.school_id, "kind": "pupil", "form": {"applicant": office.granny}}
    refused = await office.call("granny", "POST", "/applications", json=new)
    assert (refused.status_code, problem(refused)["code"]) == (409, "too_many_applications")


async def test_withdrawing_makes_no_room_for_ever_more(office, problem, moment):
    for _ in range(20):
        draft = await office.draft()
        await office.call("granny", "POST", f"/applications/{draft}/withdraw", json={"version": 1})
    new = {"school_id": office.school_id, "kind": "pupil", "form": {"applicant": office.granny}}
    refused = await office.call("granny", "POST", "/applications", json=new)
    assert (refused.status_code, problem(refused)["code"]) == (429, "too_many_applications_today")
    moment.passes(days=1, seconds=1)
    assert (await office.call("granny", "POST", "/applications", json=new)).status_code == 201


async def test_who_entered_it_and_left_the_school_sees_it_no_more(office, problem):
    application = (await entered(office, "in_person")).json()["application_id"]
    assert (await office.read(application, "teacher"))["state"] == "draft"
    async with office.identity.database.uow.begin() as tx:
        await tx.session.execute(update(staff_assignments).values(released_on=tx.now.date()))
    for method, path in (("GET", ""), ("POST", "/withdraw")):
        answer = await office.call("teacher", method, f"/applications/{application}{path}", json={"version": 1})
        assert (answer.status_code, problem(answer)["code"]) == (404, "application_not_found")
    assert (await office.read(application))["state"] == "draft"


async def test_an_erased_account_leaves_number_and_decision_alone(office):
    """The key of form and files goes with the account; the school's queue goes on."""
    granted, waiting, draft = await office.in_review(), await office.submitted(), await office.draft()
    await office.decide(granted, "grant", pupil_id=office.people["usr-other"])
    async with office.identity.database.read() as session:
        account_id = await session.scalar(select(applications.c.account_id).limit(1))
    await close_account(office.identity.database.uow, office.identity.container.keys, account_id)
    async with office.identity.database.read() as session:
        rows = {str(row.application_id): row for row in await session.execute(select(applications))}
        assert await session.scalar(select(func.count()).select_from(application_documents)) == 0
    assert {key: row.state for key, row in rows.items()} == {granted: "granted", waiting: "withdrawn"}
    assert draft not in rows
    assert {(row.form, row.data_key) for row in rows.values()} == {(None, None)}
    seen = (await office.queue("director", state=["granted", "withdrawn"])).json()["items"]
    assert [item["applicant_name"] for item in seen] == [None, None]
    one = await office.call("director", "GET", f"/schools/{office.school_id}/applications/{granted}")
    assert (one.status_code, one.json()["form"]) == (200, None)
