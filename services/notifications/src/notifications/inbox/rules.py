"""Categories, kinds and actions of notices. All are enumerations: an address never comes out of data (N-3)."""

from datetime import datetime
from typing import Final, Literal, Self

Category = Literal[
    "marks", "attendance", "homework", "announcements", "signatures", "access", "support", "security", "applications"
]
State = Literal["unread", "read", "archived"]
Kind = Literal[
    "grade_posted",
    "grade_changed",
    "grade_removed",
    "period_mark_set",
    "period_mark_removed",
    "point_set",
    "point_due_soon",
    "point_vanished",
    "absence_without_notice",
    "absence_with_notice",
    "lateness",
    "absence_removed",
    "absence_notice_given",
    "absence_notice_withdrawn",
    "homework_assigned",
    "homework_withdrawn",
    "announcement_posted",
    "announcement_withdrawn",
    "week_signed",
    "invitation_sent",
    "invitation_accepted",
    "invitation_declined",
    "delegation_revoked",
    "ticket_opened",
    "ticket_status_changed",
    "security_new_device",
    "security_contact_changed",
    "security_password_changed",
    "security_refresh_reused",
    "diary_access_accepted",
    "review_requested",
    "application_registered",
    "application_moved",
    "application_granted",
    "application_refused",
    "application_due",
    "application_overdue",
]
ActionKind = Literal["accept_invitation", "decline_invitation"]
ActionState = Literal["pending", "done", "expired"]
Outcome = Literal["accepted", "declined", "cancelled", "lapsed"]
LinkKind = Literal[
    "diary_week",
    "performance",
    "attendance",
    "point",
    "homework",
    "announcement",
    "invitation",
    "grant",
    "ticket",
    "review",
    "application",
]

CATEGORY: Final[dict[Kind, Category]] = {
    "grade_posted": "marks",
    "grade_changed": "marks",
    "grade_removed": "marks",
    "period_mark_set": "marks",
    "period_mark_removed": "marks",
    "point_set": "marks",
    "point_due_soon": "marks",
    "point_vanished": "marks",
    "absence_without_notice": "attendance",
    "absence_with_notice": "attendance",
    "lateness": "attendance",
    "absence_removed": "attendance",
    "absence_notice_given": "attendance",
    "absence_notice_withdrawn": "attendance",
    "homework_assigned": "homework",
    "homework_withdrawn": "homework",
    "announcement_posted": "announcements",
    "announcement_withdrawn": "announcements",
    "week_signed": "signatures",
    "invitation_sent": "access",
    "invitation_accepted": "access",
    "invitation_declined": "access",
    "delegation_revoked": "access",
    "ticket_opened": "support",
    "ticket_status_changed": "support",
    "security_new_device": "security",
    "security_contact_changed": "security",
    "security_password_changed": "security",
    "security_refresh_reused": "security",
    "diary_access_accepted": "security",
    "review_requested": "access",
    "application_registered": "applications",
    "application_moved": "applications",
    "application_granted": "applications",
    "application_refused": "applications",
    "application_due": "applications",
    "application_overdue": "applications",
}
ACTIONS: Final[dict[Kind, tuple[ActionKind, ...]]] = {
    "invitation_sent": ("accept_invitation", "decline_invitation"),
}
LINK: Final[dict[Kind, LinkKind]] = {
    "grade_posted": "diary_week",
    "grade_changed": "diary_week",
    "grade_removed": "diary_week",
    "period_mark_set": "performance",
    "period_mark_removed": "performance",
    "point_set": "point",
    "point_due_soon": "point",
    "point_vanished": "diary_week",
    "absence_without_notice": "diary_week",
    "absence_with_notice": "diary_week",
    "lateness": "diary_week",
    "absence_removed": "diary_week",
    "absence_notice_given": "attendance",
    "absence_notice_withdrawn": "attendance",
    "homework_assigned": "homework",
    "announcement_posted": "announcement",
    "week_signed": "diary_week",
    "invitation_sent": "invitation",
    "invitation_accepted": "grant",
    "delegation_revoked": "grant",
    "ticket_opened": "ticket",
    "ticket_status_changed": "ticket",
    "review_requested": "review",
    "application_registered": "application",
    "application_moved": "application",
    "application_granted": "application",
    "application_refused": "application",
    "application_due": "application",
    "application_overdue": "application",
}


class Position(int):
    """An item's place in the order of arrival; what a cursor of this room carries.

    Raises:
        ValueError: not a place that the database could have given out.
    """

    def __new__(cls, value: int) -> Self:
        if type(value) is not int or not 0 < value < 2**63:
            raise ValueError("not a position")
        return super().__new__(cls, value)


def action_state(outcome: Outcome | None, expires_at: datetime, now: datetime) -> ActionState:
    """The state of an item's actions (N-1): done by the invitee, over without them, or still to decide.

    A lapse is seen at its instant, also while the event that says so is still on its way.
    """
    if outcome in {"accepted", "declined"}:
        return "done"
    if outcome is not None or expires_at <= now:
        return "expired"
    return "pending"
