"""D-6, D-8, D-9: who sees and ends a grant, and what ends it by itself."""

import asyncio
from uuid import uuid4

import pytest

from delegation.grants.expire_grants import expire_grants
from shared.contracts.delegation import DelegationActivated, DelegationRevoked
from shared.contracts.identity import AccountDisabled, PupilLeft, SessionsRevoked


async def test_everybody_concerned_sees_the_grant(delegation, family):
    """D-9, D-11: all level-2 representatives and the trusted person, with readable names; nobody else."""
    await delegation.granny_turns_up()
    grant = await delegation.granted()
    for caller, direction, allowed in (
        (family.mother, "of_my_child", ["revoke"]),
        (family.father, "of_my_child", ["revoke"]),
        (family.granny, "to_me", ["leave"]),
    ):
        [item] = (await delegation.get(caller, "/grants")).json()["items"]
        assert (item["id"], item["direction"], item["state"], item["allowed"]) == (grant, direction, "active", allowed)
        assert (item["child"], item["trusted_name"]) == ("Анна К.", "Белова Галина Петровна")
        assert item["granted_by_name"] == "Кузнецова Мария Ивановна"
    for nobody in (family.reader, family.strange_parent, family.neighbour, uuid4()):
        assert (await delegation.get(nobody, "/grants")).json() == {"items": [], "next": None}


@pytest.mark.parametrize(("who", "reason"), [("mother", "revoked"), ("father", "revoked"), ("granny", "left")])
async def test_any_representative_revokes_and_the_trusted_person_leaves(delegation, family, who, reason):
    """D-6, D-9; the second time is 409 and names what is allowed: nothing."""
    await delegation.granny_turns_up()
    grant = await delegation.granted()
    caller = getattr(family, who)
    assert (await delegation.delete(caller, f"/grants/{grant}")).status_code == 204
    [revoked] = await delegation.said(DelegationRevoked)
    assert (revoked.reason, revoked.revoked_by_account_id, revoked.edge_version) == (reason, caller, 2)
    assert (revoked.account_id, revoked.child_label) == (family.granny, "Анна К.")
    again = await delegation.delete(family.mother, f"/grants/{grant}")
    assert again.status_code == 409
    assert (again.json()["state"], again.json()["allowed"]) == ("revoked", [])
    [item] = (await delegation.get(family.mother, "/grants?state=revoked")).json()["items"]
    assert (item["end_reason"], item["allowed"]) == (reason, [])
    assert (await delegation.get(family.mother, "/grants?state=active")).json()["items"] == []


async def test_a_stranger_ends_nothing(delegation, family):
    await delegation.granny_turns_up()
    grant = await delegation.granted()
    for stranger in (family.reader, family.strange_parent, family.neighbour, uuid4()):
        answer = await delegation.delete(stranger, f"/grants/{grant}")
        assert (answer.status_code, answer.json()["code"]) == (404, "grant_not_found")
    assert (await delegation.delete(family.mother, f"/grants/{uuid4()}")).status_code == 404
    assert await delegation.said(DelegationRevoked) == []


async def test_many_revokes_are_one(delegation, family):
    """D-6."""
    await delegation.granny_turns_up()
    grant = await delegation.granted()
    callers = (family.mother, family.father, family.granny) * 7
    answers = await asyncio.gather(*(delegation.delete(caller, f"/grants/{grant}") for caller in callers))
    assert sorted({answer.status_code for answer in answers}) == [204, 409]
    assert len(await delegation.said(DelegationRevoked)) == 1


async def test_revoked_can_be_invited_again(delegation, family):
    """A new grant is a stream of its own: the old one stays revoked."""
    await delegation.granny_turns_up()
    first = await delegation.granted()
    await delegation.delete(family.mother, f"/grants/{first}")
    second = await delegation.granted()
    assert first != second
    assert len(await delegation.said(DelegationActivated)) == 2


@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        ("level", "grantor_lost_right"),
        ("granted_lower", "grantor_lost_right"),
        ("binding", "grantor_lost_right"),
        ("grantor_disabled", "grantor_lost_right"),
        ("child", "child_left"),
        ("account", "account_disabled"),
    ],
)
async def test_a_grant_dies_with_what_it_stands_on(delegation, family, loss, reason):
    """D-9; said twice, it is still one revoke."""
    await delegation.granny_turns_up()
    await delegation.granted()
    event = {
        "level": lambda: family.level(family.anna, family.mother, 1, version=2),
        "granted_lower": lambda: family.bound(family.anna, family.mother, level=1, version=2),
        "binding": lambda: family.unbound(family.anna, family.mother, version=2),
        "grantor_disabled": lambda: AccountDisabled(account_id=family.mother),
        "child": lambda: PupilLeft(
            school_id=family.school_id, pupil_id=family.anna, left_on=delegation.clock.now.date()
        ),
        "account": lambda: AccountDisabled(account_id=family.granny),
    }[loss]()
    await delegation.hear(event)
    await delegation.hear(event)
    [revoked] = await delegation.said(DelegationRevoked)
    assert (revoked.reason, revoked.revoked_by_account_id, revoked.edge_version) == (reason, None, 2)


async def test_other_peoples_losses_change_nothing(delegation, family):
    """D-9: the grant stands on the mother's right alone; late and lower news are not news (version guard)."""
    await delegation.granny_turns_up()
    await delegation.hear(family.level(family.anna, family.mother, 2, version=5))
    await delegation.granted()
    await delegation.hear(
        family.level(family.anna, family.father, 1, version=2),
        family.unbound(family.pyotr, family.mother, version=2),
        family.level(family.anna, family.mother, 1, version=4),
        PupilLeft(school_id=family.school_id, pupil_id=family.pyotr, left_on=delegation.clock.now.date()),
        AccountDisabled(account_id=family.neighbour),
    )
    assert await delegation.said(DelegationRevoked) == []


async def test_a_late_grant_of_a_right_revives_nothing(delegation, family):
    """D-10: tombstones stay."""
    await delegation.hear(family.unbound(family.anna, family.mother, version=3))
    await delegation.hear(family.bound(family.anna, family.mother, version=2))
    assert (await delegation.invite()).status_code == 404


async def test_a_second_binding_keeps_the_right(delegation, family):
    """D-9: one of two bindings of the same person ends."""
    await delegation.granny_turns_up()
    other = family.bound(family.anna, family.mother).model_copy(update={"binding_id": uuid4()})
    await delegation.hear(other)
    await delegation.granted()
    await delegation.hear(family.unbound(family.anna, family.mother, version=2))
    assert await delegation.said(DelegationRevoked) == []


async def test_a_term_runs_out_by_itself(delegation, family):
    """D-6: expired counts at once, in lists, for the limit and for a new grant; the job only tidies up."""
    await delegation.granny_turns_up()
    today = delegation.clock.now.date()
    grant = await delegation.granted(until=today.isoformat())
    delegation.clock.advance(days=2)
    [item] = (await delegation.get(family.mother, "/grants?state=expired")).json()["items"]
    assert (item["state"], item["end_reason"], item["allowed"]) == ("expired", "expired", [])
    answer = await delegation.delete(family.mother, f"/grants/{grant}")
    assert (answer.status_code, answer.json()["state"]) == (409, "expired")
    await delegation.granted()
    assert await delegation.scalar("SELECT count(*) FROM grants WHERE state = 'expired'") == 1
    delegation.clock.advance(days=400)
    assert await expire_grants(delegation.database.uow) == 1
    assert await expire_grants(delegation.database.uow) == 0


async def test_lists_come_page_by_page(delegation, family):
    await delegation.granny_turns_up()
    ids = [await delegation.granted(), await delegation.granted(children=[str(family.pyotr)])]
    first = (await delegation.get(family.granny, "/grants?limit=1")).json()
    second = (await delegation.get(family.granny, f"/grants?limit=1&after={first['next']}")).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    assert (await delegation.get(family.granny, "/grants?state=eternal")).status_code == 422


async def test_an_ended_session_is_refused_here_too(delegation, family):
    """I-9."""
    headers = delegation.bearer(family.mother)
    await delegation.hear(SessionsRevoked(account_id=family.mother, not_before=delegation.clock.now.replace(year=2099)))
    answer = await delegation.http.get("/api/delegation/v1/grants", headers=headers)
    assert answer.status_code == 401
    assert (await delegation.http.get("/api/delegation/v1/grants")).json()["code"] == "token_missing"
