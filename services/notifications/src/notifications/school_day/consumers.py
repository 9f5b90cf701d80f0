"""What journal says about one pupil: points, attendance and notices, period marks, signatures.

A pupil's events come in their order, so what is told last of a thing is the newest that there is of it.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from notifications.audience import consumers as before_us
from notifications.events import subscriptions
from notifications.inbox.rules import Kind
from notifications.inbox.tell import supersede, tell, who_has_read
from notifications.inbox.tell_many import NewNotice, supersede_many, tell_instead
from shared.bus.subscriptions import Received
from shared.contracts.journal import (
    AbsenceNoticeGiven,
    AbsenceNoticeWithdrawn,
    AbsenceRecorded,
    AbsenceRemoved,
    PeriodMarkSet,
    PointDueSoon,
    PointSet,
    PointSettled,
    PointVanished,
    WeekSigned,
)
from shared.db import Tx

BEFORE_US: Final = before_us
"""Handlers run in the order of binding: who may know is settled before anybody is told."""


def absence_of(event: AbsenceRecorded | AbsenceRemoved) -> UUID:
    """The id of what stands about a pupil's attendance in one lesson; journal has none for it."""
    return uuid5(event.lesson_id, str(event.pupil_id))


def _period_mark_of(event: PeriodMarkSet) -> UUID:
    # The mark of the year has no period; two years differ by their titles.
    return uuid5(event.pupil_id, f"{event.subject_id}/{event.period_id or event.period_title}")


@subscriptions.on_many(AbsenceRecorded)
async def tell_of_absences(tx: Tx, received: Sequence[Received[AbsenceRecorded]]) -> None:
    """All who may read the pupils' attendance, without any reason; two statements for a whole class (J-20, J-21)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind=_kind_of(one.event),
                pupil_id=one.event.pupil_id,
                about_id=absence_of(one.event),
                occurred_at=one.event.recorded_at,
                values={**_lesson(one.event), "teacher": one.event.teacher_name},
                section="attendance",
            )
            for one in received
        ],
    )


def _kind_of(event: AbsenceRecorded) -> Kind:
    if event.kind == "late":
        return "lateness"
    return "absence_with_notice" if event.has_notice else "absence_without_notice"


@subscriptions.on_many(AbsenceRemoved)
async def tell_of_presence(tx: Tx, received: Sequence[Received[AbsenceRemoved]]) -> None:
    """Unread items vanish with the «н»; those who have seen it hear that the child was there after all (N-6)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="absence_removed",
                pupil_id=one.event.pupil_id,
                about_id=absence_of(one.event),
                occurred_at=one.event.removed_at,
                values=_lesson(one.event),
                section="attendance",
                correction=True,
            )
            for one in received
        ],
    )


@subscriptions.on(AbsenceNoticeGiven)
async def tell_of_notice(tx: Tx, event: AbsenceNoticeGiven) -> None:
    """The class teachers, before the lesson begins; the reason stands in the journal (J-21)."""
    await tell(
        tx,
        "absence_notice_given",
        about_id=event.notice_id,
        occurred_at=event.given_at,
        named=event.teacher_account_ids,
        pupil_id=event.pupil_id,
        values=_days(event),
    )


@subscriptions.on(AbsenceNoticeWithdrawn)
async def tell_of_withdrawal(tx: Tx, event: AbsenceNoticeWithdrawn) -> None:
    """Who has not read of it need not; who has expects the pupil again (N-6)."""
    readers = await who_has_read(tx, event.notice_id)
    await supersede(tx, event.notice_id)
    await tell(
        tx,
        "absence_notice_withdrawn",
        about_id=event.notice_id,
        occurred_at=event.withdrawn_at,
        named=readers,
        pupil_id=event.pupil_id,
        values=_days(event),
    )


def _days(event: AbsenceNoticeGiven | AbsenceNoticeWithdrawn) -> dict[str, Any]:
    return {"days": f"{event.first_day}/{event.last_day}"}


def _lesson(event: AbsenceRecorded | AbsenceRemoved) -> dict[str, Any]:
    return {
        "subject": event.subject_title,
        "number": event.lesson_number,
        "date": event.lesson_date.isoformat(),
    }


@subscriptions.on_many(PointSet)
async def tell_of_points(tx: Tx, received: Sequence[Received[PointSet]]) -> None:
    """What is to be made good, and until when; a changed point takes the place of what it was (J-14)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="point_set",
                pupil_id=one.event.pupil_id,
                about_id=one.event.point_id,
                occurred_at=one.event.set_at,
                values={**_point(one.event), "teacher": one.event.teacher_name},
                section="marks",
            )
            for one in received
        ],
    )


@subscriptions.on_many(PointDueSoon)
async def remind_of_points(tx: Tx, received: Sequence[Received[PointDueSoon]]) -> None:
    """The reminder before the due date (J-15)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="point_due_soon",
                pupil_id=one.event.pupil_id,
                about_id=one.event.point_id,
                occurred_at=one.envelope.time,
                values=_point(one.event),
                section="marks",
            )
            for one in received
        ],
    )


def _point(event: PointSet | PointDueSoon) -> dict[str, Any]:
    return {
        "subject": event.subject_title,
        "point": event.kind,
        "form": event.control_form.name,
        "date": event.lesson_date.isoformat(),
        "due": event.due_on.isoformat(),
    }


@subscriptions.on_many(PointSettled)
async def end_settled_points(tx: Tx, received: Sequence[Received[PointSettled]]) -> None:
    """Nobody is told of a point any more that has become a mark: the mark says it (J-15)."""
    await supersede_many(tx, [one.event.point_id for one in received])


@subscriptions.on_many(PointVanished)
async def tell_of_vanished_points(tx: Tx, received: Sequence[Received[PointVanished]]) -> None:
    """Only those who have read of the point hear that it is gone, and why (J-15)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="point_vanished",
                pupil_id=one.event.pupil_id,
                about_id=one.event.point_id,
                occurred_at=one.event.vanished_at,
                values={
                    "subject": one.event.subject_title,
                    "point": one.event.kind,
                    "date": one.event.lesson_date.isoformat(),
                    "because": one.event.because,
                },
                section="marks",
                correction=True,
            )
            for one in received
        ],
    )


@subscriptions.on_many(PeriodMarkSet)
async def tell_of_period_marks(tx: Tx, received: Sequence[Received[PeriodMarkSet]]) -> None:
    """The mark of a period or year as it is now; one that was taken back: only those who have read it (J-17)."""
    await tell_instead(tx, [_of_period(one) for one in received])


def _of_period(one: Received[PeriodMarkSet]) -> NewNotice:
    event, taken_back = one.event, one.event.value is None
    values = {"subject": event.subject_title, "period": event.period_title, "teacher": event.teacher_name}
    return NewNotice(
        event_id=one.envelope.id,
        kind="period_mark_removed" if taken_back else "period_mark_set",
        pupil_id=event.pupil_id,
        about_id=_period_mark_of(event),
        occurred_at=event.set_at,
        values=values if taken_back else {**values, "value": event.value},
        section="marks",
        correction=taken_back,
    )


@subscriptions.on_many(WeekSigned)
async def tell_of_signatures(tx: Tx, received: Sequence[Received[WeekSigned]]) -> None:
    """The other representatives of level 2: the week needs no second signature (J-32)."""
    await tell_instead(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="week_signed",
                pupil_id=one.event.pupil_id,
                about_id=uuid5(one.event.pupil_id, one.event.week),
                occurred_at=one.event.signed_at,
                values={"week": one.event.week},
                section=None,
                circle="guardians",
                besides=one.event.account_id,
            )
            for one in received
        ],
    )
