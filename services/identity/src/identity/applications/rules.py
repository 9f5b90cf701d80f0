"""Pure rules of applications: steps, what each kind needs, terms (I-24 … I-26)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from identity.applications.form import Form, Kind
from identity.personal_data.person_name import PersonName
from shared.business_time import Hours, add_working_days, production_calendar, working_week
from shared.names import comparable_name, comparable_patronymic

Channel = Literal["portal", "in_person", "by_representative"]
"""In person: the applicant hands it over and a member of staff enters and submits it. By a representative: a member of
staff enters what a representative brings with a power of attorney, and the applicant submits it from the own account,
because the writer must be the submitter (I-26)."""

DocumentKind = Literal["identity_document", "birth_certificate", "guardianship_document", "power_of_attorney", "other"]

Ground = Literal[
    "outside_the_circle", "not_a_pupil", "documents_unfit", "documents_contradict", "withdrawn_by_applicant"
]
"""Exactly the five (I-26)."""


class State(StrEnum):
    """Where an application is. Submitting registers it in the same moment; the history shows both steps."""

    DRAFT = "draft"
    REGISTERED = "registered"
    IN_REVIEW = "in_review"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[State, frozenset[State]] = MappingProxyType({
    State.DRAFT: frozenset({State.REGISTERED, State.WITHDRAWN}),
    State.REGISTERED: frozenset({State.IN_REVIEW, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset({State.GRANTED, State.REFUSED, State.WITHDRAWN}),
    State.GRANTED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
})  # fmt: skip
"""I-25; anything else is a conflict."""

WAITING = (State.REGISTERED, State.IN_REVIEW)
"""The school owes an answer."""

OVER = (State.GRANTED, State.REFUSED, State.WITHDRAWN)

MOST_OPEN = 10
"""Applications of one account that are not over: nobody has more children, and nobody fills the school's queue."""
MOST_A_DAY = 20
"""Applications of one account begun within 24 hours: withdrawing makes no room for more."""
MOST_DOCUMENTS = 10
LARGEST_DOCUMENT = 10 * 1024 * 1024
"""Bytes (I-24)."""
LARGEST_TOGETHER = 30 * 1024 * 1024
"""Bytes of all documents of one application."""
FILES_KEPT = timedelta(days=30)
"""After the decision: the purpose of the files is reached, and article 21 of the law on personal data gives 30 days."""
DRAFT_KEPT = timedelta(days=90)
"""After it was begun: nobody will submit it any more."""
YOUNGEST_APPLICANT = 14
"""Years from which a pupil applies alone (I-24)."""
DECIDED_WITHIN = 3
"""Working days (I-25)."""
REMINDED_AFTER = 2
"""Working days: one is left."""

_OFFICE = working_week(Hours(time(9), time(18)))


class Terms(NamedTuple):
    """When the school must have decided, and when it is reminded."""

    remind_at: datetime
    decide_by: datetime
    calendar_version: str


def terms_of(registered_at: datetime, school_zone: ZoneInfo) -> Terms:
    """The term begins on the day after registration, by the calendar of the school's place (I-25)."""
    calendar = production_calendar(school_zone, _OFFICE)
    return Terms(
        add_working_days(registered_at, REMINDED_AFTER, calendar),
        add_working_days(registered_at, DECIDED_WITHIN, calendar),
        calendar.version,
    )


def missing_fields(kind: Kind, form: Form) -> list[str]:
    """Fields that this kind of application cannot do without, in the order of the form."""
    wanted: dict[Kind, tuple[tuple[str, object], ...]] = {
        "representative": (("child", form.child), ("relation", form.relation)),
        "pupil": (),
        "trusted_person": (("child", form.child),),
        "teacher": (("lessons", form.lessons),),
    }
    return [field for field, value in wanted[kind] if not value]


def unborn(form: Form, today: date) -> list[str]:
    """Fields of people who are not born yet: a slip of the pen."""
    people = (("applicant.birth_date", form.applicant), ("child.birth_date", form.child))
    return [field for field, person in people if person is not None and person.birth_date > today]


def missing_documents(
    kind: Kind, channel: Channel, form: Form, attached: Collection[DocumentKind]
) -> list[DocumentKind]:
    """Documents that still have to be attached; consent is no file but given when submitting (I-24)."""
    wanted: list[DocumentKind] = ["identity_document"]
    if kind == "representative":
        wanted.append("birth_certificate" if form.relation == "parent" else "guardianship_document")
    if channel == "by_representative":
        wanted.append("power_of_attorney")
    return [document for document in wanted if document not in attached]


def is_own_name(form: Form, account: PersonName) -> bool:
    """Whether the writer is the submitter: the form names the person whose account it is (I-26)."""
    written = form.applicant
    return (
        comparable_name(written.surname) == comparable_name(account.surname)
        and comparable_name(written.given_name) == comparable_name(account.given_name)
        and comparable_patronymic(written.patronymic) == comparable_patronymic(account.patronymic)
    )


def age_on(birth_date: date, day: date) -> int:
    """Whole years; somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
