"""D-1, D-2: who may invite whom, and that the answer tells nothing."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from delegation.invitations.even_answers import takes_at_least
from shared.contracts.delegation import InvitationSent

GRANNY_SNILS = "11223344595"


async def test_a_known_addressee_is_told_at_once(delegation, family):
    """D-1, D-3: who invites, the child's given name and initial, scope and term; no more."""
    await delegation.granny_turns_up()
    answer = await delegation.invite()
    assert answer.status_code == 201
    [item] = answer.json()["items"]
    [sent] = await delegation.said(InvitationSent)
    assert str(sent.invitation_id) == item["id"]
    assert sent.invitee_account_id == family.granny
    assert sent.inviter_account_id == family.mother
    assert sent.inviter_name == "Кузнецова Мария Ивановна"
    assert sent.child_label == "Анна К."
    assert sent.scope == ("marks", "homework", "timetable", "attendance")
    assert sent.expires_at - sent.sent_at == timedelta(days=7)
    assert sent.grant_until == datetime(2027, 8, 31, 21, tzinfo=UTC), "31 August is the last day, in Moscow"


async def test_the_answer_is_the_same_whether_the_addressee_is_known_or_not(delegation):
    """D-2: status, headers and body, but for the id."""
    unknown = await delegation.invite()
    await delegation.post(delegation.family.mother, f"/invitations/{unknown.json()['items'][0]['id']}/cancel")
    await delegation.granny_turns_up()
    known = await delegation.invite()
    assert unknown.status_code == known.status_code == 201
    [first], [second] = unknown.json()["items"], known.json()["items"]
    assert {**first, "id": ""} == {**second, "id": ""}
    assert set(unknown.headers) == set(known.headers)
    # And afterwards: nothing in the inviter's own list tells them apart.
    listed = (await delegation.get(delegation.family.mother, "/invitations")).json()["items"]
    assert {**listed[0], "id": "", "state": "", "allowed": []} == {**listed[1], "id": "", "state": "", "allowed": []}


async def test_an_invitation_waits_for_its_addressee_and_is_sent_once(delegation, family):
    """D-2: it appears as soon as an account proves that phone and bears that surname."""
    await delegation.invited()
    assert await delegation.said(InvitationSent) == []
    await delegation.granny_turns_up(phones=("+79001110099",))
    assert await delegation.said(InvitationSent) == []
    await delegation.granny_turns_up()
    await delegation.granny_turns_up()
    [sent] = await delegation.said(InvitationSent)
    assert sent.invitee_account_id == family.granny


async def test_the_surname_must_be_equal_in_normal_form(delegation, family, reachable_as):
    """D-2, I-17."""
    await delegation.hear(reachable_as(family.neighbour, "Чернова", ("+79001110003",)))
    await delegation.invited(surname="Белова")
    assert await delegation.said(InvitationSent) == []
    await delegation.invited(surname="  ЧЁPHOBA ")
    assert [sent.invitee_account_id for sent in await delegation.said(InvitationSent)] == [family.neighbour]


async def test_an_invitation_by_snils(delegation, family):
    """D-1: phone or СНИЛС."""
    await delegation.granny_turns_up(phones=(), snils=GRANNY_SNILS)
    answer = await delegation.invite(phone=None, snils="112-233-445 95")
    assert answer.status_code == 201
    assert answer.json()["items"][0]["addressee_contact"] == "***-***-*45 95"
    [sent] = await delegation.said(InvitationSent)
    assert sent.invitee_account_id == family.granny


async def test_while_two_accounts_claim_a_contact_the_invitation_waits(delegation, family, reachable_as):
    """D-2: the phone has moved on, but the event that says so is late."""
    await delegation.hear(reachable_as(family.neighbour, "Белова", ("+79001110003",)))
    await delegation.granny_turns_up()
    await delegation.invited()
    assert await delegation.said(InvitationSent) == []
    await delegation.hear(reachable_as(family.neighbour, "Белова"))
    assert [sent.invitee_account_id for sent in await delegation.said(InvitationSent)] == [family.granny]


async def test_one_invitation_per_child_all_or_none(delegation, family):
    """D-1."""
    both = [str(family.anna), str(family.pyotr)]
    answer = await delegation.invite(children=both, scope=["timetable", "marks"])
    assert [item["pupil_id"] for item in answer.json()["items"]] == both
    assert [item["scope"] for item in answer.json()["items"]] == [["marks", "timetable"]] * 2
    assert [item["child"] for item in answer.json()["items"]] == ["Анна К.", "Пётр К."]
    refused = await delegation.invite(children=[str(family.anna), str(family.stranger_child)], surname="Другая")
    assert refused.status_code == 404
    assert await delegation.scalar("SELECT count(*) FROM invitations") == 2


async def test_only_a_level_two_representative_invites(delegation, family):
    """D-1; unknown and unreadable children are 404, a readable one says what is missing."""
    for caller, child, status, code in (
        (family.reader, family.anna, 403, "level_two_required"),
        (family.granny, family.anna, 404, "child_not_found"),
        (family.father, family.pyotr, 404, "child_not_found"),
        (family.mother, family.stranger_child, 404, "child_not_found"),
        (family.mother, uuid4(), 404, "child_not_found"),
    ):
        answer = await delegation.invite(by=caller, children=[str(child)])
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await delegation.scalar("SELECT count(*) FROM invitations") == 0


async def test_inviting_needs_a_step_up(delegation, family):
    """D-1."""
    old = delegation.clock.now - timedelta(minutes=6)
    answer = await delegation.http.post(
        "/api/delegation/v1/invitations",
        headers=delegation.bearer(family.mother, auth_time=old),
        json={"children": [str(family.anna)], "phone": "+79001110003", "surname": "Белова"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_nobody_invites_himself(delegation):
    answer = await delegation.invite(phone="+7 900 111-00-01", surname="Кузнецова")
    assert (answer.status_code, answer.json()["code"]) == (422, "cannot_invite_yourself")


async def test_the_same_invitation_does_not_wait_twice(delegation):
    first = await delegation.invited()
    answer = await delegation.invite(phone="9001110003", surname="БЕЛОВА")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_invited")
    await delegation.post(delegation.family.mother, f"/invitations/{first}/cancel")
    await delegation.invited()


async def test_ten_invitations_a_day_are_enough(delegation, family):
    """D-8: exact; cancelled ones count; after a day there is room again."""
    for number in range(10):
        invitation = await delegation.invited(phone=f"+7900222000{number}")
        await delegation.post(family.mother, f"/invitations/{invitation}/cancel")
        delegation.clock.advance(minutes=1)
    answer = await delegation.invite()
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_invitations")
    wait = int(answer.headers["Retry-After"])
    assert wait == 24 * 3600 - 600
    assert (await delegation.invite(by=family.father)).status_code == 201
    delegation.clock.advance(seconds=wait + 1)
    await delegation.invited()


async def test_a_term_is_from_today_and_at_most_twelve_months(delegation):
    """D-6."""
    for until in ("2026-11-22", "2027-11-24"):
        answer = await delegation.invite(until=until)
        assert (answer.status_code, answer.json()["code"]) == (422, "term_not_allowed")
        assert "2026-11-23" in answer.json()["detail"]
    for until, surname in (("2026-11-23", "Белова"), ("2027-11-23", "Чернова")):
        assert (await delegation.invite(until=until, surname=surname)).status_code == 201


async def test_the_last_day_ends_at_midnight_of_the_school(delegation, family):
    """D-6: a school has its own time zone for dates."""
    await delegation.hear(family.school("Asia/Yekaterinburg"))
    day = (delegation.clock.now + timedelta(days=30)).date()
    [item] = (await delegation.invite(until=day.isoformat())).json()["items"]
    assert item["grant_until"].startswith(f"{day.isoformat()}T19:00:00")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"children": []}, "body.children", "too_short"),
    ({"children": "x"}, "body.children", "tuple_type"),
    ({"children": ["x"]}, "body.children[0]", "uuid_parsing"),
    ({"phone": None}, "body", "one_contact"),
    ({"snils": "112-233-445 95"}, "body", "one_contact"),
    ({"phone": None, "snils": "112-233-445 96"}, "body.snils", "snils_invalid"),
    ({"phone": "112"}, "body.phone", "phone_invalid"),
    ({"phone": 79001110003}, "body.phone", "string_type"),
    ({"surname": "  "}, "body.surname", "surname_invalid"),
    ({"surname": "Бе\u202eлова"}, "body.surname", "surname_invalid"),
    ({"until": 5}, "body.until", "date_type"),
    ({"until": "завтра"}, "body.until", "date_from_datetime_parsing"),
    ({"scope": []}, "body.scope", "too_short"),
    ({"scope": ["conversations"]}, "body.scope[0]", "literal_error"),
    ({"viewers": True}, "body.viewers", "extra_forbidden"),
]


async def test_bad_input_is_named_and_not_echoed(delegation):
    """D-7: never conversations, contacts, signatures, viewers; I-4: never echo a phone or СНИЛС."""
    for changes, field, code in WRONG:
        answer = await delegation.invite(**changes)
        assert answer.status_code == 422
        assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]
        assert "900" not in answer.text
        assert "445" not in answer.text
        assert answer.headers["content-language"] == "ru"
    assert await delegation.scalar("SELECT count(*) FROM invitations") == 0


async def test_a_child_named_twice_and_malformed_json(delegation, family):
    twice = await delegation.invite(children=[str(family.anna)] * 2)
    assert twice.json()["errors"][0]["message"] == "Ребёнок указан дважды"
    broken = await delegation.post(
        family.mother,
        "/invitations",
        content=b'{"children": [',
        headers={"Content-Type": "application/json"},
    )
    assert broken.status_code == 400
    english = await delegation.post(family.mother, "/invitations", json={}, headers={"Accept-Language": "en"})
    assert english.json()["title"] == "Check the fields of the request"


async def test_a_repeated_request_with_its_key_invites_once(delegation, family):
    body = {"children": [str(family.anna)], "phone": "+79001110003", "surname": "Белова"}
    answers = [
        await delegation.post(family.mother, "/invitations", json=body, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert await delegation.scalar("SELECT count(*) FROM invitations") == 1


async def test_an_inviter_whose_name_is_not_told_yet_waits_a_little(delegation, family):
    """D-3: the invitee sees who invites, so there is no sending without a name."""
    newcomer = uuid4()
    await delegation.hear(family.bound(family.anna, newcomer))
    answer = await delegation.invite(by=newcomer)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


async def test_an_answer_is_never_early():
    """D-2: in the same time."""
    started = time.monotonic()
    async with takes_at_least(0.05):
        pass
    assert time.monotonic() - started >= 0.05
