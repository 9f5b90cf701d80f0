"""Which events also go out of the house. Runs after the notification centre's handlers, in the same transaction.

Whoever got a copy in the notification centre also gets the message; an account without a proved address drops out
when it is sent. One-time codes go past the notification centre.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import null, update

from notifications.audience.queries import zones_of
from notifications.channels.rules import Channel
from notifications.dispatch.enqueue import SealedMessage, locales_of, send_sealed, send_to_all_who_were_told
from notifications.dispatch.mail_absences import AbsenceMail, mail_absences
from notifications.dispatch.rules import AT_NIGHT, CODES, QUIET_HOURS, SECURITY, SECURITY_LIFE, USEFUL_LIFE
from notifications.dispatch.tables import messages
from notifications.events import subscriptions
from notifications.inbox import consumers as before_us
from notifications.school_day import consumers as also_before_us
from shared.bus.subscriptions import Received
from shared.contracts import Event
from shared.contracts.delegation import DelegationRevoked, InvitationAccepted, InvitationSent
from shared.contracts.identity import (
    AccountDisabled,
    ApplicationDeadlineNoticed,
    ApplicationGranted,
    ApplicationMoved,
    ApplicationRefused,
    ApplicationRegistered,
    CodeIssued,
    DiaryAccessAccepted,
    ReviewRequested,
    SecurityNoticed,
)
from shared.contracts.journal import AbsenceRecorded, AbsenceRemoved
from shared.contracts.support import TicketOpened, TicketStatusChanged
from shared.db import Tx

BEFORE_US: Final = (before_us, also_before_us)
"""Handlers run in the order of binding: a message goes to whoever has just got a copy."""
US: Final = "notifications"
A = TypeVar("A", AbsenceRecorded, AbsenceRemoved)


@subscriptions.on_many(CodeIssued)
async def send_code(tx: Tx, received: Sequence[Received[CodeIssued]]) -> None:
    """First in its queue, for as long as the code lives, and never in the notification centre (N-13)."""
    await send_sealed(
        tx,
        [_code(one.envelope.id, one.event, one.event.sealed[US]) for one in received if US in one.event.sealed],
    )


def _code(event_id: UUID, event: CodeIssued, sealed: str) -> SealedMessage:
    has_code = event.purpose != "already_registered"
    contact = "phone" if event.channel == "sms" else "email"
    return SealedMessage(
        event_id=event_id,
        recipient_id=event.account_id,
        channel=event.channel,
        target="code",
        kind="one_time_code" if has_code else "contact_already_registered",
        values={"purpose": event.purpose} if has_code else {"contact": contact},
        sealed=sealed,
        sealed_context=f"code:{event.code_id}",
        expires_at=event.expires_at,
        locale=event.locale,
        priority=CODES,
    )


@subscriptions.on(SecurityNoticed)
async def send_security_notice(tx: Tx, event: SecurityNoticed) -> None:
    """Everywhere where the owner can be heard, also at the contact that is none any more (N-4, I-5)."""
    assert tx.cause is not None
    await send_to_all_who_were_told(tx, ("email", "sms"), expires_at=tx.now + SECURITY_LIFE, priority=SECURITY)
    sealed = (event.sealed_old_address or {}).get(US)
    if event.contact is None or sealed is None:
        return
    old = SealedMessage(
        event_id=tx.cause.id,
        recipient_id=event.account_id,
        channel="sms" if event.contact == "phone" else "email",
        target="old_contact",
        kind="security_contact_removed",
        values={"contact": event.contact, "at": event.occurred_at.isoformat()},
        sealed=sealed,
        sealed_context=f"security:{event.notice_id}",
        expires_at=tx.now + SECURITY_LIFE,
        locale=(await locales_of(tx, [event.account_id])).get(event.account_id),
        priority=SECURITY,
    )
    await send_sealed(tx, [old])


@subscriptions.on_many(DiaryAccessAccepted)
async def warn_contacts_of_record(tx: Tx, received: Sequence[Received[DiaryAccessAccepted]]) -> None:
    """To all contacts that the school has recorded, with «Это не я» (I-21); one that it has not drops out.

    When a school joins, hundreds are recognised at once.
    """
    locales = await locales_of(tx, [one.event.account_id for one in received])
    channels: tuple[Channel, ...] = ("email", "sms")
    await send_sealed(
        tx,
        [
            SealedMessage(
                event_id=one.envelope.id,
                recipient_id=one.event.person_id,
                channel=channel,
                target="record",
                kind="record_access_accepted",
                values={},
                sealed=one.event.sealed[US],
                sealed_context=f"record:{one.event.person_id}",
                expires_at=tx.now + USEFUL_LIFE,
                locale=locales.get(one.event.account_id),
                priority=SECURITY,
            )
            for one in received
            if US in one.event.sealed
            for channel in channels
        ],
    )


@subscriptions.on(InvitationSent)
async def mail_invitation(tx: Tx, event: InvitationSent) -> None:
    """Useful until it lapses (N-7)."""
    await send_to_all_who_were_told(tx, ("email",), expires_at=event.expires_at)


async def mail_to_all_who_were_told(tx: Tx, event: Event) -> None:
    """To representatives and the trusted person (D-9), a school's staff (I-22, I-25), the applicant (I-27)."""
    del event
    await send_to_all_who_were_told(tx, ("email",), expires_at=tx.now + USEFUL_LIFE)


for _told in (
    InvitationAccepted,
    DelegationRevoked,
    ReviewRequested,
    ApplicationRegistered,
    ApplicationMoved,
    ApplicationGranted,
    ApplicationRefused,
    ApplicationDeadlineNoticed,
):
    subscriptions.on(_told)(mail_to_all_who_were_told)


@subscriptions.on_many(AbsenceRecorded)
async def mail_families(tx: Tx, received: Sequence[Received[AbsenceRecorded]]) -> None:
    """An «н» without a notice, at once (J-21); «came late after all» to whoever was alarmed before.

    An «н» that a teacher fills in on a later day is news, but no alarm: the notification centre has it.
    """
    # What an excused «н» would say, the family has said itself.
    told = [one for one in received if one.event.kind == "late" or not one.event.has_notice]
    await _mail_of_attendance(
        tx, told, to_all=lambda event, today: event.kind == "absent" and event.lesson_date == today
    )


@subscriptions.on_many(AbsenceRemoved)
async def mail_of_presence(tx: Tx, received: Sequence[Received[AbsenceRemoved]]) -> None:
    """Nobody is left with an alarm that was false."""
    await _mail_of_attendance(tx, received, to_all=lambda _event, _today: False)


async def _mail_of_attendance(tx: Tx, received: Sequence[Received[A]], *, to_all: Callable[[A, date], bool]) -> None:
    if not received:
        return
    zones = await zones_of(tx, (one.event.school_id for one in received))
    mails = []
    for one in received:
        zone = zones[one.event.school_id]
        due_at = AT_NIGHT.over(tx.now, zone)
        mails.append(
            AbsenceMail(
                event_id=one.envelope.id,
                due_at=due_at,
                reason=QUIET_HOURS if due_at > tx.now else None,
                to_all=to_all(one.event, tx.now.astimezone(zone).date()),
            )
        )
    await mail_absences(tx, mails)


@subscriptions.on(TicketOpened)
async def mail_ticket(tx: Tx, event: TicketOpened) -> None:
    """To the address that the ticket was filed with, account or not."""
    await _mail_to_requester(tx, event, "ticket_opened", {"number": event.number})


@subscriptions.on(TicketStatusChanged)
async def mail_ticket_status(tx: Tx, event: TicketStatusChanged) -> None:
    """The same, when a ticket moves."""
    await _mail_to_requester(tx, event, "ticket_status_changed", {"number": event.number, "status": event.status})


async def _mail_to_requester(
    tx: Tx, event: TicketOpened | TicketStatusChanged, kind: str, values: dict[str, Any]
) -> None:
    assert tx.cause is not None
    mail = SealedMessage(
        event_id=tx.cause.id,
        recipient_id=event.account_id or event.ticket_id,
        channel="email",
        target="requester",
        kind=kind,
        values=values,
        sealed=event.sealed_email,
        sealed_context=f"ticket:{event.ticket_id}",
        expires_at=tx.now + USEFUL_LIFE,
        locale=event.locale,
    )
    await send_sealed(tx, [mail])


@subscriptions.on(AccountDisabled)
async def drop_messages(tx: Tx, event: AccountDisabled) -> None:
    """Nothing goes to a closed account any more, and no address of it stays.

    Except to a contact that it had before: whoever took an account over could silence the warning by closing it.
    """
    await tx.session.execute(
        update(messages)
        .where(
            messages.c.recipient_id == event.account_id,
            messages.c.status == "pending",
            messages.c.target != "old_contact",
        )
        .values(status="dropped", reason="account_disabled", sealed=null(), sealed_context=null(), done_at=tx.now)
    )
