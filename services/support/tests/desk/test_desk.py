"""S-5, S-7, S-14: moves, answers, who may."""

import asyncio
from uuid import uuid4

from shared.contracts.identity import AgentAppointed, AgentDismissed, StaffReleased
from shared.contracts.support import TicketOpened, TicketStatusChanged
from shared.crypto import unseal


async def test_a_ticket_goes_through_its_life(desk):
    """S-5, S-7: rows, history and events agree at every step."""
    number = (await desk.filed(desk.mother))["number"]
    steps = [("open", 1), ("on_hold", 2), ("pending_user", 3), ("open", 4)]
    for status, version in steps:
        moved = await desk.move(number, status, version)
        assert (moved.status_code, moved.json()["status"], moved.json()["version"]) == (200, status, version + 1)
    assert (await desk.answer(number, 5)).status_code == 201
    assert (await desk.move(number, "resolved", 6)).json()["status_title"] == "Решено"
    assert (await desk.move(number, "closed", 7)).status_code == 200
    desk.clock.advance(hours=23)
    assert (await desk.move(number, "resolved", 8)).status_code == 200
    history = sorted(await desk.rows("ticket_history"), key=lambda row: row["version"])
    events = await desk.says()
    assert isinstance(events[0], TicketOpened)
    moves = [event for event in events if isinstance(event, TicketStatusChanged)]
    assert [(row["old_status"], row["status"]) for row in history[1:]] == [(e.old_status, e.status) for e in moves]
    assert {row["agent_id"] for row in history[1:]} == {desk.agent}
    assert history[2]["hold_reason"] == "Ждём школу"
    (ticket,) = await desk.rows("tickets")
    assert (ticket["status"], ticket["version"], ticket["hold_reason"]) == ("resolved", 9, None)
    for event in moves:
        opened = unseal(desk.notifications_key, event.sealed_email, f"ticket:{event.ticket_id}")
        assert opened == "sokolova@zvonok.example"


async def test_what_is_not_allowed_is_told_with_what_is(desk):
    """S-5: 409 with the allowed list; nothing is written."""
    number = (await desk.filed())["number"]
    before = await desk.counts()
    refused = await desk.move(number, "closed", 1)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "move_not_allowed")
    assert problem["allowed"] == ["open", "pending_user", "on_hold", "resolved", "spam"]
    assert (problem["current"]["status"], problem["current"]["version"]) == ("new", 1)
    assert problem["detail"] == "Из состояния «Принято» нельзя перейти в «Закрыто»."
    assert await desk.counts() == before


async def test_a_stale_write_is_told_the_current_state(desk):
    """S-7."""
    number = (await desk.filed())["number"]
    await desk.move(number, "open", 1)
    before = await desk.counts()
    for refused in (await desk.move(number, "pending_user", 1), await desk.answer(number, 1)):
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "stale_version")
        assert (problem["current"]["status"], problem["current"]["version"]) == ("open", 2)
    assert await desk.counts() == before


async def test_two_agents_at_once_make_one_move(desk):
    """S-7: the lock, not luck."""
    number = (await desk.filed())["number"]
    answers = await asyncio.gather(
        *(desk.move(number, status, 1) for status in ("open", "pending_user", "on_hold", "spam"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"stale_version"}
    assert len(await desk.rows("ticket_history")) == 2
    assert len(await desk.says()) == 2


async def test_resolving_needs_a_public_answer_and_reopening_another_one(desk):
    """S-7."""
    number = (await desk.filed())["number"]
    refused = await desk.move(number, "resolved", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "answer_required")
    await desk.answer(number, 1)
    assert (await desk.move(number, "resolved", 2)).status_code == 200
    assert (await desk.move(number, "open", 3)).status_code == 200
    assert (await desk.move(number, "resolved", 4)).json()["code"] == "answer_required"
    await desk.answer(number, 4)
    assert (await desk.move(number, "resolved", 5)).status_code == 200


async def test_a_closing_is_undone_for_a_day(desk):
    """S-5."""
    number = (await desk.filed())["number"]
    await desk.answer(number, 1)
    await desk.move(number, "resolved", 2)
    await desk.move(number, "closed", 3)
    assert (await desk.answer(number, 4)).json()["code"] == "ticket_not_answerable"
    desk.clock.advance(hours=24)
    refused = await desk.move(number, "resolved", 4)
    assert (refused.status_code, refused.json()["allowed"]) == (409, [])


async def test_a_pause_has_a_reason_and_an_end_ahead(desk):
    """S-5."""
    number = (await desk.filed())["number"]
    for hold, code in [
        (None, "hold_required"),
        ({"reason": "x", "until": "2020-01-01T00:00:00Z"}, "hold_out_of_range"),
        ({"reason": "x", "until": "9999-12-31T23:59:59-12:00"}, "hold_out_of_range"),
        ({"reason": "x", "until": "2030-01-01T00:00:00"}, "validation_failed"),
        ({"reason": " ", "until": "2030-01-01T00:00:00Z"}, "validation_failed"),
    ]:
        refused = await desk.move(number, "on_hold", 1, hold=hold)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    unwanted = await desk.move(number, "open", 1, hold={"reason": "x", "until": "2030-01-01T00:00:00Z"})
    assert unwanted.json()["code"] == "hold_not_wanted"


BAD_MOVES = [
    {"status": "merged", "version": 1},
    {"status": "open"},
    {"status": "open", "version": "1"},
    {"status": "open", "version": True},
    {"status": "open", "version": 0},
    {"status": "open", "version": 2**31},
    {"status": "open", "version": 1, "note": "x"},
    {},
]


async def test_bad_moves_are_refused_before_anything_is_read(desk):
    number = (await desk.filed())["number"]
    for body in BAD_MOVES:
        refused = await desk.call(desk.agent, "POST", f"/desk/tickets/{number}/status", json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed"), body
    assert len(await desk.says()) == 1


async def test_an_unknown_number_is_404_for_agents_too(desk):
    known = (await desk.filed())["number"]
    wrong = known[:-1] + str((int(known[-1]) + 1) % 10)
    assert (await desk.move(wrong, "open", 1)).json()["code"] == "no_such_number"
    assert (await desk.move("26-999999-9", "open", 1)).status_code == 404


async def test_whoever_is_no_agent_is_refused_everywhere(support):
    """S-14: no unless an edge says yes."""
    await support.hears(
        support.assigned(account_id=support.mother, role="director", assignment_id=uuid4(), person_id=uuid4()),
        support.assigned(account_id=None),
    )
    number = (await support.filed())["number"]
    calls = [
        ("GET", "/desk/tickets", None),
        ("GET", f"/desk/tickets/{number}", None),
        ("POST", f"/desk/tickets/{number}/answer", {"text": "x", "version": 1}),
        ("POST", f"/desk/tickets/{number}/status", {"status": "open", "version": 1}),
    ]
    for who, expected in ((None, 401), (support.mother, 403), (support.stranger, 403), (support.agent, 403)):
        for method, path, body in calls:
            answer = await support.call(who, method, path, json=body)
            assert answer.status_code == expected, (path, answer.text)
    assert [event for event in await support.says() if not isinstance(event, TicketOpened)] == []


async def test_an_agent_is_one_from_the_first_day_until_released(support):
    """J-2, I-15: by events, in any order, and a late grant revives nothing."""
    look = ("GET", "/desk/tickets")
    await support.hears(support.assigned(account_id=None))
    assert (await support.call(support.agent, *look)).status_code == 403
    await support.hears(support.assigned(edge_version=2))
    assert (await support.call(support.agent, *look)).status_code == 200
    today = support.clock.now.date()
    await support.hears(support.assigned(edge_version=3, valid_until=today))
    support.clock.advance(days=2)
    assert (await support.call(support.agent, *look)).status_code == 403
    await support.hears(support.assigned(edge_version=4))
    assert (await support.call(support.agent, *look)).status_code == 200
    await support.hears(
        StaffReleased(
            school_id=support.school_id,
            person_id=support.person_id,
            assignment_id=support.assignment_id,
            released_on=today,
            edge_version=5,
        ),
        support.assigned(edge_version=4),
    )
    assert (await support.call(support.agent, *look)).status_code == 403


async def test_the_list_shows_who_waits_longest_first(desk):
    numbers = [(await desk.filed(desk.mother, subject=f"Вопрос {i}"))["number"] for i in range(5)]
    await desk.move(numbers[0], "spam", 1)
    page = (await desk.call(desk.agent, "GET", "/desk/tickets", params={"limit": 2})).json()
    assert [item["number"] for item in page["items"]] == numbers[1:3]
    assert page["items"][0]["requester_name"] == "Соколова Анна Викторовна"
    rest = (await desk.call(desk.agent, "GET", "/desk/tickets", params={"limit": 2, "after": page["next"]})).json()
    assert ([item["number"] for item in rest["items"]], rest["next"]) == (numbers[3:], None)
    spam = (await desk.call(desk.agent, "GET", "/desk/tickets", params={"status": "spam"})).json()
    assert [item["number"] for item in spam["items"]] == numbers[:1]
    wrong = await desk.call(desk.agent, "GET", "/desk/tickets", params={"status": "gone"})
    assert wrong.status_code == 422


async def test_an_agent_reads_masked_contacts_and_the_reading_is_kept(desk):
    """S-12, S-14."""
    number = (await desk.filed())["number"]
    ticket = (await desk.call(desk.agent, "GET", f"/desk/tickets/{number}")).json()
    assert (ticket["email_masked"], ticket["phone_masked"]) == ("s***@zvonok.example", "***02")
    assert ticket["allowed"] == ["open", "pending_user", "on_hold", "resolved", "spam"]
    assert "sokolova" not in str(ticket)
    (reading,) = await desk.rows("ticket_reads")
    assert reading["agent_id"] == desk.agent


async def test_the_newest_name_of_an_account_stands(desk):
    """AccountRegistered is sent again when a name changes."""
    number = (await desk.filed(desk.mother))["number"]
    await desk.hears(desk.registered(surname="Орлова", patronymic=None))
    ticket = (await desk.call(desk.agent, "GET", f"/desk/tickets/{number}")).json()
    assert ticket["requester_name"] == "Орлова Анна"


async def test_s_14_an_agent_whom_the_platform_appoints(desk):
    """S-14: no school stands behind the central desk; a dismissal that overtakes the appointment wins."""
    account_id, other = uuid4(), uuid4()
    number = (await desk.filed())["number"]
    assert (await desk.call(account_id, "GET", f"/desk/tickets/{number}")).status_code == 403
    now = desk.clock()
    await desk.hears(AgentAppointed(account_id=account_id, appointed_at=now, edge_version=1))
    assert (await desk.call(account_id, "GET", f"/desk/tickets/{number}")).status_code == 200
    await desk.hears(AgentDismissed(account_id=account_id, dismissed_at=now, edge_version=2))
    assert (await desk.call(account_id, "GET", f"/desk/tickets/{number}")).status_code == 403
    await desk.hears(
        AgentDismissed(account_id=other, dismissed_at=now, edge_version=2),
        AgentAppointed(account_id=other, appointed_at=now, edge_version=1),
    )
    assert (await desk.call(other, "GET", f"/desk/tickets/{number}")).status_code == 403
