"""What the others' events mean for the notification centre."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from notifications.audience import consumers as before_us
from notifications.events import subscriptions
from notifications.inbox.catch_up import catch_up
from notifications.inbox.rules import Kind
from notifications.inbox.tell import settle_invitation, supersede, tell, who_has_read
from notifications.inbox.tell_many import NewNotice, tell_many
from shared.bus.subscriptions import Received
from shared.contracts.delegation import (
    DelegationActivated,
    DelegationRevoked,
    InvitationAccepted,
    InvitationCancelled,
    InvitationDeclined,
    InvitationLapsed,
    InvitationSent,
)
from shared.contracts.identity import (
    ApplicationDeadlineNoticed,
    ApplicationGranted,
    ApplicationMoved,
    ApplicationRefused,
    ApplicationRegistered,
    BindingGranted,
    DiaryAccessAccepted,
    ReviewRequested,
    SecurityNoticed,
)
from shared.contracts.journal import GradeChanged, GradePosted, GradeRemoved
from shared.contracts.support import TicketOpened, TicketStatusChanged
from shared.db import Tx

BEFORE_US: Final = before_us
"""Handlers run in the order of binding: who may know is settled before anybody is told."""


_OF_SECURITY: Final[dict[str, Kind]] = {
    "new_device": "security_new_device",
    "contact_changed": "security_contact_changed",
    "password_changed": "security_password_changed",
    "refresh_reused": "security_refresh_reused",
}


def _json(at: date | datetime) -> str:
    return at.isoformat()


@subscriptions.on_many(GradePosted)
async def tell_of_mark(tx: Tx, received: Sequence[Received[GradePosted]]) -> None:
    """All who may read the pupils' marks; one statement for all that are due."""
    await tell_many(
        tx,
        [
            NewNotice(
                event_id=one.envelope.id,
                kind="grade_posted",
                pupil_id=one.event.pupil_id,
                about_id=one.event.mark_id,
                occurred_at=one.event.posted_at,
                values=_mark_values(one.event),
                section="marks",
            )
            for one in received
        ],
    )


@subscriptions.on(GradeChanged)
async def tell_of_correction(tx: Tx, event: GradeChanged) -> None:
    """One item with the last value: what nobody has read yet gives way to it (N-6)."""
    await supersede(tx, event.mark_id)
    await tell(
        tx,
        "grade_changed",
        about_id=event.mark_id,
        occurred_at=event.changed_at,
        circle="readers",
        pupil_id=event.pupil_id,
        section="marks",
        values={**_mark_values(event), "old_value": event.old_value},
    )


@subscriptions.on(GradeRemoved)
async def tell_of_removal(tx: Tx, event: GradeRemoved) -> None:
    """Unread items vanish with the mark; only those who have seen it hear that it is gone."""
    readers = await who_has_read(tx, event.mark_id)
    await supersede(tx, event.mark_id)
    await tell(
        tx,
        "grade_removed",
        about_id=event.mark_id,
        occurred_at=event.removed_at,
        circle="readers",
        pupil_id=event.pupil_id,
        section="marks",
        values={
            "subject": event.subject_title,
            "old_value": event.old_value,
            "date": _json(event.lesson_date),
        },
        only=readers,
        closed=True,
    )


def _mark_values(event: GradePosted | GradeChanged) -> dict[str, Any]:
    return {
        "subject": event.subject_title,
        "value": event.value,
        "form": event.control_form.name,
        "date": _json(event.lesson_date),
        "teacher": event.teacher_name,
    }


@subscriptions.on(InvitationSent)
async def tell_of_invitation(tx: Tx, event: InvitationSent) -> None:
    """An item with the actions accept and decline (D-3)."""
    await tell(
        tx,
        "invitation_sent",
        about_id=event.invitation_id,
        occurred_at=event.sent_at,
        expires_at=event.expires_at,
        named=[event.invitee_account_id],
        pupil_id=event.pupil_id,
        values={
            "child": event.child_label,
            "inviter": event.inviter_name,
            "sections": list(event.scope),
            "grant_until": _json(event.grant_until),
            "answer_until": _json(event.expires_at),
        },
    )


@subscriptions.on(InvitationAccepted)
async def tell_of_acceptance(tx: Tx, event: InvitationAccepted) -> None:
    """All level-2 representatives hear of a new reader (D-9)."""
    await settle_invitation(tx, event.invitation_id, "accepted")
    await tell(
        tx,
        "invitation_accepted",
        about_id=event.grant_id,
        occurred_at=event.accepted_at,
        circle="guardians",
        named=[event.inviter_account_id],
        besides=[event.invitee_account_id],
        pupil_id=event.pupil_id,
        values={"child": event.child_label, "invitee": event.invitee_name},
    )


@subscriptions.on(InvitationDeclined)
async def tell_of_refusal(tx: Tx, event: InvitationDeclined) -> None:
    """Only the inviter: the others were not asked."""
    await settle_invitation(tx, event.invitation_id, "declined")
    await tell(
        tx,
        "invitation_declined",
        about_id=event.invitation_id,
        occurred_at=event.declined_at,
        named=[event.inviter_account_id],
        pupil_id=event.pupil_id,
        values={"child": event.child_label},
    )


@subscriptions.on(InvitationCancelled)
async def end_cancelled_invitation(tx: Tx, event: InvitationCancelled) -> None:
    """Its actions end; the item says why it can no longer be answered."""
    await settle_invitation(tx, event.invitation_id, "cancelled")


@subscriptions.on(InvitationLapsed)
async def end_lapsed_invitation(tx: Tx, event: InvitationLapsed) -> None:
    """Its actions end."""
    await settle_invitation(tx, event.invitation_id, "lapsed")


@subscriptions.on(DelegationRevoked)
async def tell_of_lost_access(tx: Tx, event: DelegationRevoked) -> None:
    """The trusted person and the level-2 representatives, except who did it (D-9)."""
    await tell(
        tx,
        "delegation_revoked",
        about_id=event.grant_id,
        occurred_at=event.revoked_at,
        circle="guardians",
        named=[event.account_id] if event.account_id != event.revoked_by_account_id else [],
        besides=[event.revoked_by_account_id] if event.revoked_by_account_id else [],
        pupil_id=event.pupil_id,
        values={"child": event.child_label, "reason": event.reason},
    )


@subscriptions.on(TicketOpened)
async def tell_of_ticket(tx: Tx, event: TicketOpened) -> None:
    """The requester's number, if they have an account; by mail in any case."""
    await tell(
        tx,
        "ticket_opened",
        about_id=event.ticket_id,
        occurred_at=event.opened_at,
        named=[event.account_id] if event.account_id else [],
        values={"number": event.number},
    )


@subscriptions.on(TicketStatusChanged)
async def tell_of_ticket_status(tx: Tx, event: TicketStatusChanged) -> None:
    """The new state of a ticket."""
    await tell(
        tx,
        "ticket_status_changed",
        about_id=event.ticket_id,
        occurred_at=event.changed_at,
        named=[event.account_id] if event.account_id else [],
        values={"number": event.number, "status": event.status},
    )


@subscriptions.on(SecurityNoticed)
async def tell_of_security(tx: Tx, event: SecurityNoticed) -> None:
    """The owner, at once (N-4)."""
    values: dict[str, Any] = {"at": _json(event.occurred_at)}
    if event.kind == "contact_changed":
        values["contact"] = event.contact
    await tell(
        tx,
        _OF_SECURITY[event.kind],
        about_id=event.notice_id,
        occurred_at=event.occurred_at,
        named=[event.account_id],
        values=values,
    )


@subscriptions.on(DiaryAccessAccepted)
async def tell_of_recognition(tx: Tx, event: DiaryAccessAccepted) -> None:
    """The account that was recognised; the contacts of the record are warned apart (I-21)."""
    await tell(
        tx,
        "diary_access_accepted",
        about_id=event.person_id,
        occurred_at=event.accepted_at,
        named=[event.account_id],
        values={"level": event.level},
    )


@subscriptions.on(ReviewRequested)
async def tell_of_review(tx: Tx, event: ReviewRequested) -> None:
    """The class teachers who may settle it (I-22)."""
    await tell(
        tx,
        "review_requested",
        about_id=event.review_id,
        occurred_at=event.requested_at,
        named=event.teacher_account_ids,
        values={"outcome": event.outcome},
    )


@subscriptions.on(ApplicationRegistered)
async def tell_of_application(tx: Tx, event: ApplicationRegistered) -> None:
    """The applicant hears of each step (I-27): the number, and until when it is decided."""
    values = {"number": event.number, "decide_by": _json(event.decide_by)}
    await _tell_applicant(tx, event, "application_registered", event.registered_at, values)


@subscriptions.on(ApplicationMoved)
async def tell_of_step(tx: Tx, event: ApplicationMoved) -> None:
    """It is being reviewed, or was withdrawn."""
    values = {"number": event.number, "state": event.state}
    await _tell_applicant(tx, event, "application_moved", event.moved_at, values)


@subscriptions.on(ApplicationGranted)
async def tell_of_grant(tx: Tx, event: ApplicationGranted) -> None:
    """The school has agreed."""
    await _tell_applicant(tx, event, "application_granted", event.decided_at, {"number": event.number})


@subscriptions.on(ApplicationRefused)
async def tell_of_refused_application(tx: Tx, event: ApplicationRefused) -> None:
    """It has not, and why (I-26)."""
    values = {"number": event.number, "ground": event.ground}
    await _tell_applicant(tx, event, "application_refused", event.decided_at, values)


@subscriptions.on(ApplicationDeadlineNoticed)
async def tell_of_deadline(tx: Tx, event: ApplicationDeadlineNoticed) -> None:
    """Those who decide are reminded; when the term has run out, the director hears of it (I-25)."""
    await tell(
        tx,
        "application_due" if event.step == "reminder" else "application_overdue",
        about_id=event.application_id,
        occurred_at=event.noticed_at,
        named=event.staff_account_ids,
        values={"number": event.number, "decide_by": _json(event.decide_by)},
    )


async def _tell_applicant(
    tx: Tx,
    event: ApplicationRegistered | ApplicationMoved | ApplicationGranted | ApplicationRefused,
    kind: Kind,
    at: datetime,
    values: dict[str, Any],
) -> None:
    await tell(tx, kind, about_id=event.application_id, occurred_at=at, named=[event.account_id], values=values)


@subscriptions.on(BindingGranted)
async def catch_up_on_binding(tx: Tx, event: BindingGranted) -> None:
    """Marks and bindings come by different streams: the marks posted since may have been here first."""
    await catch_up(tx, account_id=event.account_id, pupil_id=event.pupil_id, since=event.granted_at)


@subscriptions.on(DelegationActivated)
async def catch_up_on_grant(tx: Tx, event: DelegationActivated) -> None:
    """The same for a trusted person."""
    await catch_up(tx, account_id=event.account_id, pupil_id=event.pupil_id, since=event.valid_from)
