from datetime import timedelta
from typing import Any

from shared.contracts.delegation import InvitationCancelled, InvitationDeclined, InvitationLapsed
from shared.contracts.identity import AccountDisabled, BindingLevelChanged
from shared.ops.ids import new_id


async def test_an_invitation_is_an_item_with_actions(family: Any, tell: Any, reader: Any) -> None:
    """N-1, D-3: accept and decline right there; who invites, the child's given name, scope, term."""
    invitation = new_id()
    await tell(*family.everything(), family.invited(invitation))
    (item,) = await reader(family.grandmother).items(actionable=True)
    assert item["actions"] == {
        "kinds": ["accept_invitation", "decline_invitation"],
        "state": "pending",
        "outcome": None,
        "about_id": str(invitation),
        "expires_at": "2026-11-30T09:00:00Z",
    }
    assert item["title"] == "Приглашение в дневник: Анна К."
    assert "оценки, домашние задания" in item["text"]
    assert "30 ноября 2026" in item["text"]
    assert (await reader(family.grandmother).get("/inbox/counts")).json() == {
        "unread": 1,
        "actionable": 1,
        "categories": {"access": {"unread": 1, "actionable": 1}},
    }


async def test_acceptance_settles_the_item_and_tells_level_two(family: Any, tell: Any, reader: Any) -> None:
    """N-1: the item follows the owner's event; D-9: all level-2 representatives hear of it."""
    invitation, grant = new_id(), new_id()
    await tell(*family.everything(), family.invited(invitation), family.accepted(invitation, grant))
    (item,) = await reader(family.grandmother).items()
    assert (item["actions"]["state"], item["actions"]["outcome"], item["state"]) == ("done", "accepted", "read")
    assert await reader(family.grandmother).items(actionable=True) == []
    (heard,) = await reader(family.mother).items()
    assert heard["text"] == "Теперь дневник может читать: Смирнова Вера Павловна."
    assert await reader(family.father).items() == []


async def test_refusal_cancelling_and_lapse_end_the_actions(family: Any, tell: Any, reader: Any) -> None:
    """N-1: pending, done, expired."""
    declined, cancelled, lapsed = new_id(), new_id(), new_id()
    await tell(*family.everything(), *(family.invited(invitation) for invitation in (declined, cancelled, lapsed)))
    ids = {"inviter_account_id": family.mother, "invitee_account_id": family.grandmother, "pupil_id": family.anna}
    now = family.invited(declined).sent_at
    await tell(
        InvitationDeclined(invitation_id=declined, child_label="Анна К.", declined_at=now, **ids),
        InvitationCancelled(invitation_id=cancelled, cancelled_at=now, **ids),
        InvitationLapsed(invitation_id=lapsed, lapsed_at=now, **ids),
    )
    found = {i["actions"]["outcome"]: i["actions"]["state"] for i in await reader(family.grandmother).items()}
    assert found == {"declined": "done", "cancelled": "expired", "lapsed": "expired"}
    assert await reader(family.mother).titles() == ["Приглашение отклонено: Анна К."]


async def test_an_invitation_lapses_at_its_instant(family: Any, tell: Any, reader: Any, clock: Any) -> None:
    """Also while the event that says so is still on its way."""
    await tell(family.invited(new_id(), expires_at=clock() + timedelta(minutes=5)))
    grandmother = reader(family.grandmother)
    assert len(await grandmother.items(actionable=True)) == 1
    clock.advance(minutes=5)
    assert await grandmother.items(actionable=True) == []
    assert (await grandmother.items())[0]["actions"]["state"] == "expired"


async def test_a_trusted_person_is_told_only_within_scope_and_term(
    family: Any, tell: Any, reader: Any, clock: Any
) -> None:
    """D-7."""
    homework_only = family.activated(new_id(), account_id=family.stranger, scope=("homework",))
    until = clock() + timedelta(hours=1)
    await tell(*family.everything(), family.activated(new_id(), valid_until=until), homework_only, family.posted())
    assert len(await reader(family.grandmother).items()) == 1
    assert await reader(family.stranger).items() == []
    clock.advance(hours=1)
    assert await reader(family.grandmother).items() == []


async def test_lost_access_hides_what_was_told(family: Any, tell: Any, reader: Any) -> None:
    """N-6: looked at again at every read; others are not touched."""
    await tell(*family.everything(), family.posted())
    (item,) = await reader(family.father).items()
    await tell(family.unbound(family.father))
    father = reader(family.father)
    assert await father.items() == []
    assert (await father.get("/inbox/counts")).json()["unread"] == 0
    assert (await father.post(f"/inbox/{item['id']}/read")).status_code == 404
    await tell(family.posted())
    assert await father.items() == []
    assert len(await reader(family.mother).items()) == 2


async def test_a_late_grant_does_not_revive_a_revoked_binding(family: Any, tell: Any, reader: Any) -> None:
    """J-2: versions and tombstones."""
    await tell(family.enrolled(), family.unbound(family.mother, version=2), family.granted(family.mother))
    await tell(family.posted())
    assert await reader(family.mother).items() == []


async def test_end_of_trusted_access_is_told_and_hides_the_pupil(family: Any, tell: Any, reader: Any) -> None:
    """D-9: the trusted person and the other level-2 representatives, not who did it."""
    grant = new_id()
    await tell(
        *family.everything(),
        family.granted(family.father, level=2, edge_version=3),
        family.activated(grant),
        family.posted(),
        family.revoked(grant),
    )
    assert await reader(family.grandmother).titles() == ["Доступ к дневнику закрыт: Анна К."]
    assert "Доступ к дневнику закрыт: Анна К." in await reader(family.father).titles()
    assert "Доступ к дневнику закрыт: Анна К." not in await reader(family.mother).titles()


async def test_a_fallen_level_hears_no_more_of_guests(family: Any, tell: Any, reader: Any) -> None:
    invitation = new_id()
    fallen = BindingLevelChanged(
        school_id=family.school_id,
        pupil_id=family.anna,
        binding_id=family.bindings.setdefault(family.father, new_id()),
        account_id=family.father,
        relation="representative",
        level=1,
        changed_at=family.posted().posted_at,
        edge_version=2,
    )
    await tell(
        family.enrolled(),
        family.granted(family.mother),
        family.granted(family.father, level=2),
        fallen,
        family.accepted(invitation, new_id()),
    )
    assert await reader(family.father).items() == []
    assert len(await reader(family.mother).items()) == 1


async def test_a_closed_account_is_told_nothing(family: Any, tell: Any, reader: Any) -> None:
    await tell(*family.everything(), AccountDisabled(account_id=family.mother))
    await tell(family.account(family.mother), family.posted(), family.accepted(new_id(), new_id()))
    assert await reader(family.mother).items() == []


async def test_a_ticket_is_told_to_its_account(family: Any, tell: Any, reader: Any) -> None:
    await tell(family.ticket(new_id(), account_id=family.mother))
    assert await reader(family.mother).titles(category="support") == ["Обращение 26-000123-4 принято"]
