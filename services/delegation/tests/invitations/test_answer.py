"""D-3, D-4, D-6: accept, decline, cancel, lapse."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from delegation.invitations.lapse_invitations import lapse_invitations
from shared.contracts.delegation import (
    DelegationActivated,
    DelegationRevoked,
    InvitationAccepted,
    InvitationCancelled,
    InvitationDeclined,
    InvitationLapsed,
    InvitationSent,
)
from shared.contracts.identity import AccountDisabled, PupilLeft

SCOPE = ["marks", "homework"]


async def test_accepting_opens_the_diary(delegation, family):
    """D-4, D-6, D-7: one transaction says both."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited(scope=SCOPE)
    seen = (await delegation.get(family.granny, f"/invitations/{invitation}")).json()
    assert (seen["direction"], seen["state"], seen["allowed"]) == ("received", "pending", ["accept", "decline"])
    assert (seen["child"], seen["inviter_name"], seen["scope"]) == ("Анна К.", "Кузнецова Мария Ивановна", SCOPE)
    assert seen["addressee_contact"] is None
    answer = await delegation.post(family.granny, f"/invitations/{invitation}/accept")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["allowed"]) == ("accepted", [])
    [accepted] = await delegation.said(InvitationAccepted)
    [activated] = await delegation.said(DelegationActivated)
    assert str(accepted.grant_id) == str(activated.grant_id) == answer.json()["grant_id"]
    assert accepted.invitee_name == "Белова Галина Петровна"
    assert (activated.account_id, activated.pupil_id, activated.granted_by_account_id) == (
        family.granny,
        family.anna,
        family.mother,
    )
    assert activated.scope == tuple(SCOPE)
    assert activated.edge_version == 1
    assert activated.valid_from < activated.valid_until


async def test_the_invitees_name_appears_after_acceptance_only(delegation, family):
    """D-1: otherwise any phone number could be turned into a name."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    before = (await delegation.get(family.mother, f"/invitations/{invitation}")).json()
    assert (before["invitee_name"], before["addressee_surname"]) == (None, "Белова")
    assert before["addressee_contact"] == "+7 *** ***-00-03"
    await delegation.post(family.granny, f"/invitations/{invitation}/accept")
    after = (await delegation.get(family.mother, f"/invitations/{invitation}")).json()
    assert after["invitee_name"] == "Белова Галина Петровна"


async def test_a_hundred_accepts_make_one_grant(delegation, family):
    """D-4."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    answers = await asyncio.gather(
        *(delegation.post(family.granny, f"/invitations/{invitation}/accept") for _ in range(100))
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 409}
    assert len(await delegation.said(InvitationAccepted)) == 1
    assert len(await delegation.said(DelegationActivated)) == 1
    assert await delegation.scalar("SELECT count(*) FROM grants") == 1


@pytest.mark.parametrize("moves", [("accept", "decline"), ("accept", "cancel"), ("decline", "cancel")])
async def test_rivals_leave_one_winner(delegation, family, moves):
    """D-6: both at once, ten times over; one is made, all others are refused."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    who = {"accept": family.granny, "decline": family.granny, "cancel": family.mother}
    answers = await asyncio.gather(
        *(delegation.post(who[move], f"/invitations/{invitation}/{move}") for move in moves * 10)
    )
    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 409, 410}
    answered = await delegation.said()
    kinds = (InvitationAccepted, InvitationDeclined, InvitationCancelled)
    assert len([event for event in answered if isinstance(event, kinds)]) == 1


async def test_only_the_addressee_accepts(delegation, family, reachable_as):
    """D-4. To everybody else it is not there; the child's side is told whose move it is."""
    await delegation.granny_turns_up()
    await delegation.hear(reachable_as(family.neighbour, "Белова", ("+79001110077",)))
    invitation = await delegation.invited()
    for stranger in (family.neighbour, family.strange_parent, family.reader, uuid4()):
        for path in (f"/invitations/{invitation}/{move}" for move in ("accept", "decline", "cancel")):
            answer = await delegation.post(stranger, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_found")
        assert (await delegation.get(stranger, f"/invitations/{invitation}")).status_code == 404
    for move in ("accept", "decline"):
        answer = await delegation.post(family.mother, f"/invitations/{invitation}/{move}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours_to_move")
    assert (await delegation.post(family.granny, f"/invitations/{invitation}/cancel")).status_code == 403
    assert (await delegation.post(family.granny, f"/invitations/{uuid4()}/accept")).status_code == 404
    assert (await delegation.post(family.granny, "/invitations/x/accept")).status_code == 422


async def test_accepting_needs_a_recent_session(delegation, family):
    """D-4."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    headers = delegation.bearer(family.granny, auth_time=delegation.clock.now - timedelta(minutes=6))
    answer = await delegation.http.post(f"/api/delegation/v1/invitations/{invitation}/accept", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


@pytest.mark.parametrize(("surname", "phones"), [("Белова", ()), ("Чернова", ("+79001110003",))])
async def test_the_contact_must_still_be_proved_and_the_surname_equal(
    delegation, family, reachable_as, surname, phones
):
    """D-4."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    await delegation.hear(reachable_as(family.granny, surname, phones))
    answer = await delegation.post(family.granny, f"/invitations/{invitation}/accept")
    assert (answer.status_code, answer.json()["code"]) == (403, "contact_not_proved")
    await delegation.granny_turns_up()
    assert (await delegation.post(family.granny, f"/invitations/{invitation}/accept")).status_code == 200


async def test_declining_tells_the_inviter(delegation, family):
    """D-3, D-6: a settled invitation moves no more, and says so."""
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    assert (await delegation.post(family.granny, f"/invitations/{invitation}/decline")).json()["state"] == "declined"
    [declined] = await delegation.said(InvitationDeclined)
    assert (declined.inviter_account_id, declined.child_label) == (family.mother, "Анна К.")
    for caller, move in ((family.granny, "accept"), (family.granny, "decline"), (family.mother, "cancel")):
        answer = await delegation.post(caller, f"/invitations/{invitation}/{move}")
        assert answer.status_code == 409
        problem = answer.json()
        assert (problem["code"], problem["state"], problem["allowed"]) == ("move_not_allowed", "declined", [])


async def test_after_cancel_and_after_lapse_the_same_410(delegation, family):
    """D-4: the job need not have run for the second."""
    await delegation.granny_turns_up()
    cancelled, lapsed = await delegation.invited(), await delegation.invited(children=[str(family.pyotr)])
    assert (await delegation.post(family.father, f"/invitations/{cancelled}/cancel")).json()["state"] == "cancelled"
    [event] = await delegation.said(InvitationCancelled)
    assert event.invitee_account_id == family.granny
    delegation.clock.advance(days=7)
    problems = []
    for invitation in (cancelled, lapsed):
        answer = await delegation.post(family.granny, f"/invitations/{invitation}/accept")
        assert answer.status_code == 410
        problems.append({**answer.json(), "instance": ""})
    assert problems[0] == problems[1]
    assert await delegation.said(DelegationActivated) == []


async def test_seven_days_without_an_answer(delegation, family):
    """D-3: to the instant; said once."""
    await delegation.granny_turns_up()
    await delegation.invited()
    await delegation.invited(phone="+79001119999")
    delegation.clock.advance(days=7, seconds=-1)
    assert await lapse_invitations(delegation.database.uow) == 0
    delegation.clock.advance(seconds=1)
    assert await lapse_invitations(delegation.database.uow) == 2
    assert await lapse_invitations(delegation.database.uow) == 0
    lapsed = await delegation.said(InvitationLapsed)
    assert [event.invitee_account_id for event in lapsed] == [family.granny, None]


async def test_a_lapsed_invitation_is_not_addressed_any_more(delegation):
    """D-2, D-3."""
    await delegation.invited()
    delegation.clock.advance(days=8)
    await delegation.granny_turns_up()
    assert await delegation.said(InvitationSent) == []


async def test_an_invitation_dies_with_the_inviters_right(delegation, family):
    """D-9: nobody stands behind it; known or waiting."""
    await delegation.granny_turns_up()
    mine = await delegation.invited()
    fathers = await delegation.invited(by=family.father)
    await delegation.hear(family.level(family.anna, family.mother, 1, version=2))
    assert (await delegation.post(family.granny, f"/invitations/{mine}/accept")).status_code == 410
    assert (await delegation.post(family.granny, f"/invitations/{fathers}/accept")).status_code == 200


@pytest.mark.parametrize("why", ["child_left", "disabled"])
async def test_an_invitation_dies_with_the_child_and_the_account(delegation, family, why):
    await delegation.granny_turns_up()
    invitation = await delegation.invited()
    await delegation.hear(
        PupilLeft(school_id=family.school_id, pupil_id=family.anna, left_on=delegation.clock.now.date())
        if why == "child_left"
        else AccountDisabled(account_id=family.mother)
    )
    assert (await delegation.post(family.granny, f"/invitations/{invitation}/accept")).status_code == 410
    assert len(await delegation.said(InvitationCancelled)) == 1
    assert (await delegation.invite()).status_code in {404, 503}


async def test_five_trusted_persons_are_enough(delegation, family, reachable_as):
    """D-8: exact, also when six accept at once."""
    invitees = [uuid4() for _ in range(6)]
    by_account = {}
    for number, account_id in enumerate(invitees):
        names = family.names()[3].model_copy(update={"account_id": account_id})
        await delegation.hear(names, reachable_as(account_id, "Белова", (f"+7900333000{number}",)))
        by_account[account_id] = await delegation.invited(phone=f"+7900333000{number}")
    answers = await asyncio.gather(
        *(delegation.post(account, f"/invitations/{by_account[account]}/accept") for account in invitees)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409]
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert refused["code"] == "too_many_trusted"
    assert (await delegation.invite()).json()["code"] == "too_many_trusted"


async def test_one_person_is_trusted_once(delegation, family):
    """Two parents invite the same granny: revoking must not leave a second door open."""
    await delegation.granny_turns_up()
    await delegation.granted()
    second = await delegation.invited(by=family.father)
    answer = await delegation.post(family.granny, f"/invitations/{second}/accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_trusted")


async def test_lists_show_what_is_mine(delegation, family):
    """Sent and received, newest first, page by page; the other parent sees them too (D-9)."""
    await delegation.granny_turns_up()
    ids = [await delegation.invited(), await delegation.invited(children=[str(family.pyotr)])]
    ids.append(await delegation.invited(phone="+79001119999"))
    assert [item["id"] for item in (await delegation.get(family.mother, "/invitations")).json()["items"]] == ids[::-1]
    received = (await delegation.get(family.granny, "/invitations?direction=received")).json()["items"]
    assert [item["id"] for item in received] == [ids[1], ids[0]]
    assert (await delegation.get(family.granny, "/invitations?direction=sent")).json()["items"] == []
    assert [item["id"] for item in (await delegation.get(family.father, "/invitations")).json()["items"]] == [
        ids[2],
        ids[0],
    ]
    first = (await delegation.get(family.mother, "/invitations?limit=2")).json()
    rest = (await delegation.get(family.mother, f"/invitations?limit=2&after={first['next']}")).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert (await delegation.get(family.mother, "/invitations?after=zzz")).status_code == 400
    for nobody in (family.strange_parent, family.reader, uuid4()):
        assert (await delegation.get(nobody, "/invitations")).json()["items"] == []


async def test_an_invitation_and_its_addressee_cannot_miss_each_other(delegation, family, reachable_as):
    """D-2: sent and proved at the same instant, again and again; each time they meet."""
    for number in range(8):
        phone = f"+7900444000{number}"
        account_id = uuid4()
        await delegation.hear(family.names()[3].model_copy(update={"account_id": account_id}))
        await asyncio.gather(
            delegation.invited(phone=phone), delegation.hear(reachable_as(account_id, "Белова", (phone,)))
        )
        assert [event.invitee_account_id for event in await delegation.said(InvitationSent)][-1] == account_id
        assert len(await delegation.said(InvitationSent)) == number + 1


async def test_an_accept_cannot_slip_past_the_loss_of_the_right(delegation, family):
    """D-9: accepted and lost at the same instant: either it was too late, or it is revoked again."""
    await delegation.granny_turns_up()
    for version in range(2, 12, 2):
        invitation = await delegation.invited()
        answer, _ = await asyncio.gather(
            delegation.post(family.granny, f"/invitations/{invitation}/accept"),
            delegation.hear(family.level(family.anna, family.mother, 1, version=version)),
        )
        assert answer.status_code in {200, 410}
        assert await delegation.scalar("SELECT count(*) FROM grants WHERE state = 'active'") == 0
        await delegation.hear(family.level(family.anna, family.mother, 2, version=version + 1))
    assert len(await delegation.said(DelegationActivated)) == len(await delegation.said(DelegationRevoked))
