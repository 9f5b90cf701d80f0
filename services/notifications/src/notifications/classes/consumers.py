"""Homework and announcements, said to a class; and who comes to one."""

from collections.abc import Sequence
from typing import Final

from notifications.audience import consumers as before_us
from notifications.classes.join_class import join_classes
from notifications.classes.rules import excerpt
from notifications.classes.tell_class import SaidToClass, TakenBack, take_back, tell_classes
from notifications.events import subscriptions
from shared.bus.subscriptions import Received
from shared.contracts.identity import PupilEnrolled
from shared.contracts.journal import (
    AnnouncementPosted,
    AnnouncementWithdrawn,
    HomeworkAssigned,
    HomeworkWithdrawn,
)
from shared.db import Tx

BEFORE_US: Final = before_us
"""Handlers run in the order of binding: a pupil's class is known before the pupil is told what it has to do."""


@subscriptions.on_many(PupilEnrolled)
async def tell_new_pupils(tx: Tx, received: Sequence[Received[PupilEnrolled]]) -> None:
    """What their class still has to do (J-23). Old announcements were for those who were there."""
    await join_classes(tx, [one.event.pupil_id for one in received])


@subscriptions.on_many(HomeworkAssigned)
async def tell_of_homework(tx: Tx, received: Sequence[Received[HomeworkAssigned]]) -> None:
    """Pupils, families, and trusted persons with that section; one item for a task, however often edited (J-23)."""
    await tell_classes(tx, [_task(one.event) for one in received])


def _task(event: HomeworkAssigned) -> SaidToClass:
    return SaidToClass(
        class_id=event.class_id,
        about_id=event.homework_id,
        version=event.homework_version,
        kind="homework_assigned",
        occurred_at=event.edited_at,
        values={
            "subject": event.subject_title,
            "task": event.kind if event.mandatory else f"{event.kind}_voluntary",
            "due": event.due_on.isoformat(),
            "words": excerpt(event.text),
            "teacher": event.teacher_name,
        },
        circle="readers",
        section="homework",
        useful_until=event.due_on,
        pupil_ids=event.pupil_ids,
    )


@subscriptions.on_many(HomeworkWithdrawn)
async def take_back_homework(tx: Tx, received: Sequence[Received[HomeworkWithdrawn]]) -> None:
    """Nobody does it in vain (J-23)."""
    await take_back(
        tx,
        "homework_withdrawn",
        [TakenBack(one.event.class_id, one.event.homework_id, one.event.homework_version) for one in received],
    )


@subscriptions.on_many(AnnouncementPosted)
async def tell_of_announcements(tx: Tx, received: Sequence[Received[AnnouncementPosted]]) -> None:
    """Pupils, families or both, of the whole class or of some (J-26); never trusted persons (D-7)."""
    await tell_classes(tx, [_announcement(one.event) for one in received])


def _announcement(event: AnnouncementPosted) -> SaidToClass:
    return SaidToClass(
        class_id=event.class_id,
        about_id=event.announcement_id,
        version=event.announcement_version,
        kind="announcement_posted",
        occurred_at=event.edited_at,
        values={"title": event.title, "words": excerpt(event.text), "teacher": event.teacher_name},
        circle=event.audience,
        pupil_ids=event.pupil_ids,
    )


@subscriptions.on_many(AnnouncementWithdrawn)
async def take_back_announcements(tx: Tx, received: Sequence[Received[AnnouncementWithdrawn]]) -> None:
    """Who has read it hears that it is off (J-26)."""
    await take_back(
        tx,
        "announcement_withdrawn",
        [TakenBack(one.event.class_id, one.event.announcement_id, one.event.announcement_version) for one in received],
    )
