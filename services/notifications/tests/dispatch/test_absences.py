"""Mails about children who are not at school, against a real SMTP server."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from notifications.dispatch.expire_messages import expire_messages
from notifications.dispatch.send_messages import Sender
from shared.contracts.identity import SchoolOpened
from shared.db import Database
from shared.ops.ids import new_id


@pytest.fixture
def lesson() -> UUID:
    return new_id()


def subjects(sink: Any) -> list[str]:
    return [str(mail["Subject"]) for mail in sink.kept]


async def test_an_absence_without_notice_is_mailed_at_once(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID, clock: Any
) -> None:
    """J-21, N-4: to the representatives; neither to the child nor to a trusted person, who read it if they may."""
    grant = family.activated(new_id(), scope=("attendance",))
    await tell(*family.everything(), grant, family.contact(family.anna_herself, "anna@zvonok.example"))
    await tell(family.absent(lesson))
    await sender.send_due()
    clock.advance(seconds=15)
    await sender.send_due()
    assert sink.recipients == ["mother@zvonok.example"]
    assert subjects(sink) == ["Нет на уроке: Анна К."]
    text = sink.kept[0].get_content()
    assert "Анна К. — нет на уроке: Алгебра, 2-й урок, 23 ноября." in text
    for account in (family.mother, family.father, family.anna_herself, family.grandmother):
        (item,) = await reader(account).items(category="attendance")
        assert (item["kind"], item["child"]) == ("absence_without_notice", "Анна К.")
        assert item["link"] == {"kind": "diary_week", "id": str(family.anna), "week": "2026-W48"}


async def test_what_the_family_has_said_itself_is_not_mailed(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID
) -> None:
    """N-4: with a notice the notification centre is enough; so it is for coming late."""
    await tell(*family.everything(), family.absent(lesson, has_notice=True), family.absent(new_id(), kind="late"))
    await sender.send_due()
    assert sink.kept == []
    assert await reader(family.mother).titles() == ["Алгебра: опоздание на урок", "Алгебра: пропуск урока"]


@pytest.mark.parametrize(("on", "mailed"), [(date(2026, 11, 23), 1), (date(2026, 11, 20), 0), (date(2026, 11, 24), 0)])
async def test_a_journal_filled_in_later_alarms_nobody(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID, on: date, mailed: int
) -> None:
    """J-21: «at once» is the lesson's own day; the notification centre has it in any case."""
    await tell(*family.everything(), family.absent(lesson, lesson_date=on))
    await sender.send_due()
    assert len(sink.kept) == mailed
    assert len(await reader(family.mother).items(category="attendance")) == 1


async def test_a_mistake_that_was_not_mailed_yet_is_never_heard_of(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID, rows: Any
) -> None:
    """N-6: the item is withdrawn before anybody is mailed."""
    await tell(*family.everything(), family.absent(lesson))
    await tell(family.present(lesson))
    await sender.send_due()
    assert sink.kept == []
    assert {reason for _, reason, _ in await rows()} == {"superseded"}
    assert await reader(family.mother).items() == []


@pytest.mark.parametrize("after", ["present", "late"])
async def test_whoever_was_alarmed_hears_that_it_was_false(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID, after: str
) -> None:
    """N-6, J-20: also who has read nothing but the mail."""
    await tell(*family.everything(), family.absent(lesson))
    await sender.send_due()
    correction = family.present(lesson) if after == "present" else family.absent(lesson, 2, kind="late")
    await tell(correction)
    await sender.send_due()
    said = "Отметка «н» снята: Анна К." if after == "present" else "Алгебра: опоздание на урок"
    assert subjects(sink) == ["Нет на уроке: Анна К.", said]
    assert await reader(family.mother).titles() == [said]


async def test_somebody_elses_mistake_is_not_ones_own(
    family: Any, tell: Any, sender: Sender, sink: Any, reader: Any, lesson: UUID
) -> None:
    """Thirty pupils are in one lesson."""
    boris = {"pupil_id": new_id()}
    await tell(*family.everything(), family.absent(lesson), family.absent(lesson, **boris))
    await tell(family.present(lesson, **boris))
    await sender.send_due()
    assert subjects(sink) == ["Нет на уроке: Анна К."]
    assert len(await reader(family.mother).items()) == 1


async def test_nobody_is_mailed_at_night(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, lesson: UUID
) -> None:
    """N-4: from 7 to 22 by the school's clock; in Kamchatka 9 h UTC are 21 h."""
    await tell(*family.everything(), _in_kamchatka(family))
    clock.advance(hours=7)  # 04:00 there
    await tell(family.absent(lesson, lesson_date=date(2026, 11, 24)))
    assert await sender.send_due() == 0
    assert ("pending", "quiet_hours", 0) in await rows()
    clock.advance(hours=2, minutes=59)
    assert await sender.send_due() == 0
    clock.advance(minutes=1)
    await sender.send_due()
    assert sink.recipients == ["mother@zvonok.example"]


async def test_night_falls_while_the_mail_server_is_away(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, lesson: UUID, database: Database
) -> None:
    """N-4, N-7: looked at again when it goes; and nobody is told in the morning of what was over in the evening."""
    await tell(*family.everything(), _in_kamchatka(family))
    await tell(family.absent(lesson))
    clock.advance(hours=1)  # 22:00 there; 07:00 is after the six hours
    await sender.send_due()
    assert sink.kept == []
    assert ("failed", "useful_life_over", 1) in await rows()
    assert await expire_messages(database.uow) == 0


async def test_an_absence_is_useful_for_six_hours(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, clock: Any, lesson: UUID, reader: Any
) -> None:
    """N-7: past it no mail; the copy in the notification centre stays."""
    await tell(*family.everything(), family.absent(lesson))
    clock.advance(hours=6)
    await sender.send_due()
    assert sink.kept == []
    assert {reason for _, reason, _ in await rows()} == {"useful_life_over"}
    assert len(await reader(family.mother).items()) == 1


async def test_lost_access_is_seen_before_sending(
    family: Any, tell: Any, sender: Sender, sink: Any, rows: Any, lesson: UUID
) -> None:
    """N-6."""
    await tell(*family.everything(), family.absent(lesson))
    await tell(family.unbound(family.mother))
    await sender.send_due()
    assert sink.kept == []
    assert "access_lost" in {reason for _, reason, _ in await rows()}


async def test_a_class_is_as_many_statements_as_a_child(family: Any, tell: Any, statements: Any, rows: Any) -> None:
    """J-20: everyone absent: 30 pupils, 60 recipients."""
    lesson = new_id()
    pupils = [new_id() for _ in range(30)]
    for pupil in pupils:
        await tell(*(family.granted(new_id(), pupil_id=pupil, binding_id=new_id()) for _ in range(2)))
    with statements() as one:
        await tell(family.absent(lesson, pupil_id=new_id()))
    with statements() as many:
        await tell(*(family.absent(lesson, pupil_id=pupil) for pupil in pupils))
    told = [[sql for sql in seen if "notice" in sql or "INTO message" in sql] for seen in (one, many)]
    assert len(told[0]) == 4
    # Thirty streams lie in all lanes of the inbox, and the pump takes half of them at a time.
    assert len(told[1]) <= 2 * 4
    assert len(await rows()) == 60


def _in_kamchatka(family: Any) -> SchoolOpened:
    return SchoolOpened(
        school_id=family.school_id,
        source_id="77",
        name="Школа № 77",
        city="Петропавловск",
        time_zone="Asia/Kamchatka",
        year_title="2026/27",
        year_starts_on="2026-09-01",  # type: ignore[arg-type] # pydantic reads it
        year_ends_on="2027-05-31",  # type: ignore[arg-type] # the same
    )
