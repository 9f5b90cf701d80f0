"""What delegation tells: invitations and grants of trusted persons."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.event import Event

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Section = Literal["marks", "homework", "timetable", "attendance"]
"""What of a diary a trusted person may read (D-7)."""


class InvitationSent(Event, type="delegation.invitation_sent.v1", stream="invitation", key="invitation_id"):
    """An invitation reached an account (D-2): at once, or later, when the addressee turned up.

    The invitee sees who invites and the child's given name and initial, no more (D-3).
    """

    invitation_id: UUID
    inviter_account_id: UUID
    inviter_name: Name
    invitee_account_id: UUID
    pupil_id: UUID
    child_label: Name
    """«Анна К.»"""
    scope: tuple[Section, ...]
    grant_until: AwareDatetime
    sent_at: AwareDatetime
    expires_at: AwareDatetime


class InvitationAccepted(Event, type="delegation.invitation_accepted.v1", stream="invitation", key="invitation_id"):
    """The invitee accepted; a grant follows as DelegationActivated."""

    invitation_id: UUID
    inviter_account_id: UUID
    invitee_account_id: UUID
    invitee_name: Name
    pupil_id: UUID
    child_label: Name
    grant_id: UUID
    accepted_at: AwareDatetime


class InvitationDeclined(Event, type="delegation.invitation_declined.v1", stream="invitation", key="invitation_id"):
    """The invitee declined."""

    invitation_id: UUID
    inviter_account_id: UUID
    invitee_account_id: UUID
    pupil_id: UUID
    child_label: Name
    declined_at: AwareDatetime


class InvitationCancelled(Event, type="delegation.invitation_cancelled.v1", stream="invitation", key="invitation_id"):
    """A representative of the child took the invitation back before it was answered."""

    invitation_id: UUID
    inviter_account_id: UUID
    invitee_account_id: UUID | None
    pupil_id: UUID
    cancelled_at: AwareDatetime


class InvitationLapsed(Event, type="delegation.invitation_lapsed.v1", stream="invitation", key="invitation_id"):
    """Nobody answered within 7 days (D-3)."""

    invitation_id: UUID
    inviter_account_id: UUID
    invitee_account_id: UUID | None
    pupil_id: UUID
    lapsed_at: AwareDatetime


class DelegationActivated(Event, type="delegation.delegation_activated.v1", stream="grant", key="grant_id"):
    """A trusted person may read the named sections of one child's diary until the instant given."""

    grant_id: UUID
    pupil_id: UUID
    account_id: UUID
    granted_by_account_id: UUID
    scope: tuple[Section, ...]
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    edge_version: Annotated[int, Field(ge=1)]


class DelegationRevoked(Event, type="delegation.delegation_revoked.v1", stream="grant", key="grant_id"):
    """A grant ended: a representative revoked it, the trusted person left, or the grantor lost the right."""

    grant_id: UUID
    pupil_id: UUID
    account_id: UUID
    granted_by_account_id: UUID
    child_label: Name
    reason: Literal["revoked", "left", "grantor_lost_right", "child_left", "account_disabled"]
    revoked_by_account_id: UUID | None
    revoked_at: AwareDatetime
    edge_version: Annotated[int, Field(ge=1)]
