"""N-12: every recipient and event answers with one reason code."""

from typing import Any

from notifications.dispatch.send_messages import Sender
from shared.ops.ids import new_id


async def why(reader: Any, account_id: Any, event_id: Any) -> tuple[str, list[tuple[str, str, str]]]:
    answer = await reader(account_id).get("/why", event=str(event_id))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json()
    return told["reason"], [(way["channel"], way["result"], way["reason"]) for way in told["ways"]]


async def test_it_came_or_is_under_way(family: Any, tell: Any, reader: Any, sender: Sender, texter: Sender) -> None:
    """N-12."""
    await tell(family.account(family.mother), family.contact(family.mother, "mother@zvonok.example"))
    (event_id,) = await tell(family.security(family.mother, "password_changed"))
    came = ("inbox", "delivered", "delivered")
    waiting = [(channel, "waiting", "waiting") for channel in ("email", "sms")]
    assert await why(reader, family.mother, event_id) == ("delivered", [came, *waiting])
    await sender.send_due()
    await texter.send_due()
    mailed, texted = ("email", "delivered", "delivered"), ("sms", "waiting", "no_address")
    assert await why(reader, family.mother, event_id) == ("delivered", [came, mailed, texted])


async def test_why_it_did_not(
    family: Any, tell: Any, reader: Any, sender: Sender, texter: Sender, gateway: Any
) -> None:
    """N-12: refused, superseded, lost access."""
    gateway.will({"status": 400})
    (code,) = await tell(family.code(family.mother))
    await texter.send_due()
    assert await why(reader, family.mother, code) == ("message_refused", [("sms", "not_sent", "message_refused")])
    await tell(family.enrolled(), family.granted(family.mother), family.granted(family.father))
    posted = family.posted()
    (first,) = await tell(posted)
    await tell(family.changed(posted.mark_id, "4", "5"))
    assert await why(reader, family.mother, first) == ("superseded", [("inbox", "not_sent", "superseded")])
    (second,) = await tell(family.posted())
    await tell(family.unbound(family.father))
    assert await why(reader, family.father, second) == ("access_lost", [("inbox", "not_sent", "access_lost")])


async def test_others_and_nothing_are_answered_alike(family: Any, tell: Any, reader: Any, client: Any) -> None:
    (event_id,) = await tell(family.security(family.mother, "new_device"))
    assert await why(reader, family.stranger, event_id) == ("not_addressed", [])
    assert await why(reader, family.stranger, new_id()) == ("not_addressed", [])
    assert (await client.get("/api/notifications/v1/why", params={"event": str(event_id)})).status_code == 401


async def test_the_old_contact_is_not_told_of(family: Any, tell: Any, reader: Any, statements: Any) -> None:
    """I-5: whoever took an account over does not see that the old contact was warned."""
    (event_id,) = await tell(family.security(family.mother, "contact_changed", "+79000000009", contact="phone"))
    with statements() as seen:
        _, ways = await why(reader, family.mother, event_id)
    assert [channel for channel, _, _ in ways] == ["inbox", "email", "sms"]
    assert sum("FROM message" in statement or "FROM notice_copy" in statement for statement in seen) == 2
