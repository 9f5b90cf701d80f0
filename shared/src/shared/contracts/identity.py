"""What identity tells: who exists, who is where, who may read whom. Contacts: sealed or as keyed hashes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.event import Event, Sealed

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Version = Annotated[int, Field(ge=1)]
KeyedHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""HMAC-SHA256 of a normal form under the town's look-up key, in hex: equal values meet, nobody reads them."""

ApplicationNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{6}-[0-9]$")]
"""YY-NNNNNN-C: year, counter, check digit (I-25)."""

StaffRole = Literal["subject_teacher", "class_teacher", "deputy", "director", "school_administrator", "agent"]


class SchoolOpened(Event, type="identity.school_opened.v1", stream="school", key="school_id"):
    """A school was connected or its card changed. Carries the whole card: the newest one wins."""

    school_id: UUID
    source_id: str
    name: Name
    city: Name
    time_zone: str
    year_title: str
    year_starts_on: date
    year_ends_on: date


class SubjectOpened(Event, type="identity.subject_opened.v1", stream="school", key="school_id"):
    """A school teaches a subject («Алгебра»), or renamed it."""

    school_id: UUID
    subject_id: UUID
    source_id: str
    title: Name


class ClassOpened(Event, type="identity.class_opened.v1", stream="school", key="school_id"):
    """A class of this school year exists («7А»), or was renamed."""

    school_id: UUID
    class_id: UUID
    source_id: str
    grade: Annotated[int, Field(ge=1, le=11)]
    name: Name
    """As people write it: «7А»."""


class ClassGroupChanged(Event, type="identity.class_group_changed.v1", stream="group", key="group_id"):
    """A part of a class learns a subject apart: the first English group. Sent whole when anything of it changes.

    Each group has a stream of its own, so the newest word about it is the last one; class, subject and pupils are told
    elsewhere and may come later. Who has left the class has left its groups, and is not named any more.
    """

    school_id: UUID
    group_id: UUID
    class_id: UUID
    subject_id: UUID
    source_id: str
    """The school system's own id: timetables name groups by it."""
    title: Name
    pupil_ids: tuple[UUID, ...]
    changed_on: date
    """At the school: who is named no more was in it up to this day, who is new is from this day on."""


class ClassGroupEnded(Event, type="identity.class_group_ended.v1", stream="group", key="group_id"):
    """A group is no more. Its pupils are not sent again: what it has learned stays theirs.

    Should the school bring it back, `ClassGroupChanged` is sent anew.
    """

    school_id: UUID
    group_id: UUID
    class_id: UUID
    ended_on: date


class PupilEnrolled(Event, type="identity.pupil_enrolled.v1", stream="pupil", key="pupil_id"):
    """A pupil is in a class from a day on. Sent again, whole, when class or name changes."""

    school_id: UUID
    pupil_id: UUID
    class_id: UUID
    surname: Name
    given_name: Name
    patronymic: Name | None = None
    since: date


class PupilLeft(Event, type="identity.pupil_left.v1", stream="pupil", key="pupil_id"):
    """A pupil is no longer in the school; access of staff ends the same day (I-15)."""

    school_id: UUID
    pupil_id: UUID
    left_on: date


class StaffAssigned(Event, type="identity.staff_assigned.v1", stream="person", key="person_id"):
    """A member of staff holds a role, for a class and subject where the role has them.

    Sent again, whole and with a higher `edge_version`, when the person's account or term changes:
    `account_id` is None until the person has one.
    """

    school_id: UUID
    person_id: UUID
    assignment_id: UUID
    account_id: UUID | None
    source_id: str
    """The school system's own id of the person: timetables name teachers by it."""
    surname: Name
    given_name: Name
    patronymic: Name | None = None
    role: StaffRole
    class_id: UUID | None = None
    subject_id: UUID | None = None
    valid_from: date
    valid_until: date | None = None
    """The last day; None while nobody has ended it."""
    edge_version: Version


class StaffReleased(Event, type="identity.staff_released.v1", stream="person", key="person_id"):
    """An assignment ended; the access that came with it ends at once."""

    school_id: UUID
    person_id: UUID
    assignment_id: UUID
    released_on: date
    edge_version: Version


class AgentAppointed(Event, type="identity.agent_appointed.v1", stream="account", key="account_id"):
    """An account works at the central desk of support. A school's own agents come as StaffAssigned."""

    account_id: UUID
    appointed_at: AwareDatetime
    edge_version: Version


class AgentDismissed(Event, type="identity.agent_dismissed.v1", stream="account", key="account_id"):
    """An account no longer works at the central desk; the access that came with it ends at once."""

    account_id: UUID
    dismissed_at: AwareDatetime
    edge_version: Version


class AccountRegistered(Event, type="identity.account_registered.v1", stream="account", key="account_id"):
    """An account exists, or its names or language changed. Carries no contact."""

    account_id: UUID
    surname: Name
    given_name: Name
    patronymic: Name | None = None
    locale: Literal["ru", "en"] = "ru"


class AccountDisabled(Event, type="identity.account_disabled.v1", stream="account", key="account_id"):
    """An account was closed by its owner or by an operator."""

    account_id: UUID


class ContactVerified(Event, type="identity.contact_verified.v1", stream="account", key="account_id"):
    """An account has proved an address. Each consumer gets it sealed under its own key (I-16)."""

    account_id: UUID
    kind: Literal["email", "phone"]
    sealed: dict[str, Sealed]
    """Consumer's name → the address sealed for it; context `contact:<account_id>`."""


class AccountReachable(Event, type="identity.account_reachable.v1", stream="account", key="account_id"):
    """Under which keyed hashes an account can be invited (D-2). Replaces what was said before."""

    account_id: UUID
    phone_hashes: tuple[KeyedHash, ...]
    """Proved phones only, E.164."""
    snils_hash: KeyedHash | None = None
    """Only when an identity provider asserted it."""
    surname_hash: KeyedHash
    """Of the surname in the normal form of I-17."""


class SessionsRevoked(Event, type="identity.sessions_revoked.v1", stream="account", key="account_id"):
    """Tokens of this account (or of one session of it) issued before the instant are void (I-9)."""

    account_id: UUID
    session_id: UUID | None = None
    not_before: AwareDatetime


class BindingGranted(Event, type="identity.binding_granted.v1", stream="pupil", key="pupil_id"):
    """An account may open a pupil's diary: the pupil's own, or a representative's.

    Level 1 reads; level 2 also signs, excuses, invites (I-19). It stands in the pupil's stream, so the
    pupil is known before it.
    """

    school_id: UUID
    pupil_id: UUID
    binding_id: UUID
    account_id: UUID
    relation: Literal["self", "representative"]
    level: Annotated[int, Field(ge=1, le=2)]
    granted_at: AwareDatetime
    edge_version: Version


class BindingLevelChanged(Event, type="identity.binding_level_changed.v1", stream="pupil", key="pupil_id"):
    """The level of a binding rose or fell."""

    school_id: UUID
    pupil_id: UUID
    binding_id: UUID
    account_id: UUID
    relation: Literal["self", "representative"]
    level: Annotated[int, Field(ge=1, le=2)]
    changed_at: AwareDatetime
    edge_version: Version


class BindingRevoked(Event, type="identity.binding_revoked.v1", stream="pupil", key="pupil_id"):
    """A binding ended; it leaves a tombstone, so that a late grant cannot revive it (J-2)."""

    school_id: UUID
    pupil_id: UUID
    binding_id: UUID
    account_id: UUID
    revoked_at: AwareDatetime
    edge_version: Version


class CodeIssued(Event, type="identity.code_issued.v1", stream="account", key="account_id"):
    """A one-time code or link has to reach an address within its short life (I-2, N-13): first in every queue.

    `account_id` is the account's id, also when the account is only being registered.
    """

    account_id: UUID
    code_id: UUID
    channel: Literal["sms", "email"]
    purpose: Literal["registration", "recovery", "contact_change", "sign_in", "already_registered"]
    """`already_registered` carries no code: it tells the owner of a taken contact that somebody used it (I-3)."""
    locale: Literal["ru", "en"]
    sealed: dict[str, Sealed]
    """For notifications; context `code:<code_id>`; JSON `{"address": …, "code": … | null, "link": … | null}`.

    `link` is the secret alone (URL-safe characters, at most 512): notifications knows the portal's address and puts
    the secret behind its `#`, so that it reaches no server log.
    """
    expires_at: AwareDatetime


class SecurityNoticed(Event, type="identity.security_noticed.v1", stream="account", key="account_id"):
    """Something an account's owner must hear of at once, wherever it can be heard (N-4, security)."""

    account_id: UUID
    notice_id: UUID
    kind: Literal["new_device", "contact_changed", "password_changed", "refresh_reused"]
    contact: Literal["phone", "email"] | None = None
    """Which contact changed."""
    sealed_old_address: dict[str, Sealed] | None = None
    """The contact as it was before, for notifications; context `security:<notice_id>`: the old one is told (I-5)."""
    occurred_at: AwareDatetime


class DiaryAccessAccepted(Event, type="identity.diary_access_accepted.v1", stream="person", key="person_id"):
    """An account was recognised as a person of a school; all contacts of the record are told (I-21)."""

    school_id: UUID
    person_id: UUID
    account_id: UUID
    level: Annotated[int, Field(ge=1, le=2)]
    sealed: dict[str, Sealed]
    """For notifications; context `record:<person_id>`; JSON `{"phone": … | null, "email": … | null, "undo": …}`:
    the school's contacts of the record, and the secret of «Это не я» (URL-safe characters, at most 512)."""
    accepted_at: AwareDatetime


class ReviewRequested(Event, type="identity.review_requested.v1", stream="person", key="person_id"):
    """An account waits for the class teacher's word on a record (I-22)."""

    school_id: UUID
    person_id: UUID
    review_id: UUID
    outcome: Literal["review", "conflict", "ambiguous", "pass_data_to_teacher", "undone"]
    """`undone`: somebody who was told of an acceptance said «Это не я» (I-21)."""
    teacher_account_ids: tuple[UUID, ...]
    """The class teachers who may settle it, as accounts."""
    requested_at: AwareDatetime


class ApplicationRegistered(Event, type="identity.application_registered.v1", stream="account", key="account_id"):
    """An application got its number (I-25)."""

    account_id: UUID
    application_id: UUID
    school_id: UUID
    number: ApplicationNumber
    decide_by: AwareDatetime
    registered_at: AwareDatetime


class ApplicationMoved(Event, type="identity.application_moved.v1", stream="account", key="account_id"):
    """An application went a step on its way that neither registers nor decides it (I-25, I-27)."""

    account_id: UUID
    application_id: UUID
    school_id: UUID
    number: ApplicationNumber
    state: Literal["in_review", "withdrawn"]
    moved_at: AwareDatetime


class ApplicationGranted(Event, type="identity.application_granted.v1", stream="account", key="account_id"):
    """An application was granted."""

    account_id: UUID
    application_id: UUID
    school_id: UUID
    number: ApplicationNumber
    decided_at: AwareDatetime


class ApplicationRefused(Event, type="identity.application_refused.v1", stream="account", key="account_id"):
    """An application was refused, on one of the five grounds (I-26)."""

    account_id: UUID
    application_id: UUID
    school_id: UUID
    number: ApplicationNumber
    ground: Literal[
        "outside_the_circle", "not_a_pupil", "documents_unfit", "documents_contradict", "withdrawn_by_applicant"
    ]
    decided_at: AwareDatetime


class ApplicationDeadlineNoticed(
    Event, type="identity.application_deadline_noticed.v1", stream="account", key="account_id"
):
    """An application has waited long: the school is reminded before its term ends, and the director hears of it after
    (I-25). Each is said once. For the staff, not for the applicant in whose stream it stands.
    """

    account_id: UUID
    application_id: UUID
    school_id: UUID
    number: ApplicationNumber
    step: Literal["reminder", "escalation"]
    staff_account_ids: tuple[UUID, ...]
    """Reminder: the class teacher, deputies and administrators. Escalation: the director. Empty if they have none."""
    decide_by: AwareDatetime
    noticed_at: AwareDatetime
