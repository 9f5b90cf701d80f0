"""The button of I-20: the own data go into the class teacher's queue, whoever the school knows or does not know."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert

from identity.errors import AccountNotFound, NothingToPass, PassedTooOften, SchoolNotFound
from identity.matching.candidates import own_sides
from identity.matching.evidence import weigh
from identity.matching.locks import lock_contacts_of_account
from identity.matching.names import NAME_LEVELS, compare
from identity.matching.questions import tell_teachers
from identity.matching.reconsider import own_facts, record_facts
from identity.matching.tables import reviews
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.registry.rules import UnacceptableClassName, comparable_class_name
from identity.registry.tables import classes, schools
from shared.db import Tx, UnitOfWork
from shared.http import Caller

MOST_A_DAY = 5
"""So often an account may pass its data in 24 hours: more than there are children in nearly every family."""
_DAY = timedelta(hours=24)

_OF_CLASS = text(
    """
    WITH pupils AS (
      SELECT pupil_id FROM enrolments WHERE school_id = :school_id AND class_id = :class_id AND left_on IS NULL
    )
    SELECT p.school_id, p.person_id, p.kind, p.surname, p.given_name, p.patronymic,
           p.phone_index, p.email_index, p.snils_index, p.birth_date_index,
           NULL AS bound_to, false AS phone_shared, false AS email_shared, NULL AS born_that_day, member.pupil_id
    FROM (
      SELECT pupil_id AS person_id, pupil_id FROM pupils
      UNION ALL
      SELECT g.representative_id, g.pupil_id FROM guardianships g JOIN pupils USING (pupil_id)
      WHERE g.school_id = :school_id AND g.ended_on IS NULL
    ) member
    JOIN people p ON p.school_id = :school_id AND p.person_id = member.person_id AND p.present
    ORDER BY p.person_id
    """
)


@dataclass(frozen=True, slots=True)
class Child:
    """Whose diary it is about."""

    name: PersonName

    def __str__(self) -> str:
        return " ".join(word for word in self.name if word)


async def pass_data(
    uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller, school_id: UUID, class_name: str, child: Child | None
) -> None:
    """Put the own data before the class teacher; what the school knows of it is not told to anybody here.

    A class that the school does not have goes to those who lead the school.

    Raises:
        AccountNotFound: closed.
        SchoolNotFound: not connected.
        NothingToPass: neither phone nor e-mail in the profile.
        PassedTooOften: more than five a day.
    """
    async with uow.begin() as tx:
        account = (await own_sides(tx.session, [caller.account_id])).get(caller.account_id)
        if account is None:
            raise AccountNotFound
        if account.phone_index is None and account.email_index is None:
            raise NothingToPass
        if await tx.session.scalar(select(schools.c.school_id).where(schools.c.school_id == school_id)) is None:
            raise SchoolNotFound
        # A look from either side at the same moment may ask the same question.
        await lock_contacts_of_account(tx.session, caller.account_id)
        await _not_too_often(tx, caller.account_id)
        if await _is_waiting(tx, caller.account_id, school_id, class_name, child):
            return
        class_id = await _class_of(tx, school_id, class_name)
        people = await _people_of(tx, school_id, class_id)
        record, pupil_id = _guess(account, people, child)
        own = own_facts(account)
        differing = weigh(own, record_facts(record)).differing() if record is not None else ()
        row = {
            "school_id": school_id,
            "review_id": tx.new_id(),
            "kind": "pass_data_to_teacher",
            "account_id": caller.account_id,
            "person_id": record.person_id if record is not None else None,
            "class_id": class_id,
            "class_name": class_name,
            "child_name": str(child) if child else None,
            "reason": "passed_by_person",
            "differing": list(differing),
            "proposed_level": 1,
            "facts": keys.own_index.of("match_facts", ""),
            "state": "open",
            "version": 1,
            "requested_at": tx.now,
        }
        # The teacher has been asked about this account and record already: once is enough.
        added = await tx.session.scalar(
            insert(reviews)
            .values(row)
            .on_conflict_do_nothing(
                index_elements=["school_id", "account_id", "person_id"], index_where=reviews.c.settled_at.is_(None)
            )
            .returning(reviews.c.review_id)
        )
        if added is not None:
            # Where no record fits, it is the child's teacher who is told.
            await tell_teachers(tx, [row | {"person_id": row["person_id"] or pupil_id}])


async def _not_too_often(tx: Tx, account_id: UUID) -> None:
    # One at a time, or ten requests at the same instant would all be the first.
    await tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('pass_data:' || :account_id, 0))"),
        {"account_id": str(account_id)},
    )
    passed = (
        await tx.session.execute(
            select(func.count().label("times"), func.min(reviews.c.requested_at).label("first")).where(
                reviews.c.account_id == account_id,
                reviews.c.kind == "pass_data_to_teacher",
                reviews.c.requested_at > tx.now - _DAY,
            )
        )
    ).one()
    if passed.times >= MOST_A_DAY:
        raise PassedTooOften(retry_after=math.ceil((passed.first + _DAY - tx.now).total_seconds()))


async def _is_waiting(tx: Tx, account_id: UUID, school_id: UUID, class_name: str, child: Child | None) -> bool:
    found = await tx.session.scalar(
        select(reviews.c.review_id)
        .where(
            reviews.c.account_id == account_id,
            reviews.c.school_id == school_id,
            reviews.c.kind == "pass_data_to_teacher",
            reviews.c.settled_at.is_(None),
            reviews.c.class_name == class_name,
            reviews.c.child_name.is_not_distinct_from(str(child) if child else None),
        )
        .limit(1)
    )
    return found is not None


async def _class_of(tx: Tx, school_id: UUID, class_name: str) -> UUID | None:
    try:
        comparable = comparable_class_name(class_name)
    except UnacceptableClassName:
        return None
    found: UUID | None = await tx.session.scalar(
        select(classes.c.class_id).where(
            classes.c.school_id == school_id, classes.c.comparable_name == comparable, classes.c.open
        )
    )
    return found


async def _people_of(tx: Tx, school_id: UUID, class_id: UUID | None) -> Sequence[Row[*tuple[Any, ...]]]:
    found = await tx.session.execute(_OF_CLASS, {"school_id": school_id, "class_id": class_id})
    return found.all()


def _guess(account: Row[Any], people: Sequence[Row[Any]], child: Child | None) -> tuple[Row[Any] | None, UUID | None]:
    """Whose record it most likely is, by name and for the teacher's eyes only; and which pupil it is about."""
    own = PersonName(account.surname, account.given_name, account.patronymic)
    pupils = [row for row in people if row.kind == "pupil"]
    if child is None:
        record = _best_named(own, pupils)
        return record, record.person_id if record is not None else None
    pupil = _best_named(child.name, pupils)
    # A pupil's representatives first; the child's name may be misspelt, or the parent noted with a brother.
    of_pupil = [row for row in people if pupil is not None and row.pupil_id == pupil.person_id]
    adults = [row for row in people if row.kind == "representative"]
    record = _best_named(own, (row for row in of_pupil if row.kind == "representative")) or _best_named(own, adults)
    return record, pupil.person_id if pupil is not None else None


def _best_named(name: PersonName, rows: Iterable[Row[Any]]) -> Row[Any] | None:
    levels = [
        (NAME_LEVELS.index(compare(name, PersonName(row.surname, row.given_name, row.patronymic)).level), row)
        for row in rows
    ]
    likely = [(level, row) for level, row in levels if NAME_LEVELS[level] != "none"]
    return min(likely, key=lambda one: one[0])[1] if likely else None
