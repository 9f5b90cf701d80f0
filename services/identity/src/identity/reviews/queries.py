"""Reads of the queue: both sides of each review, in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.tables import account_details, account_identifiers, account_records, accounts
from identity.bulk import among
from identity.matching.tables import reviews
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.authority import Authority, who_learns_where
from identity.registry.tables import classes, guardianships, people
from shared.crypto import FieldPlace

_CONTACTS = ("phone", "email", "snils")


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says. In clear, for whoever looks after this class."""

    surname: str
    given_name: str
    patronymic: str | None
    values: dict[str, str] = field(repr=False)
    """`phone`, `email`, `snils`, `birth_date`, as far as they are there."""
    proved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RecordSide(Side):
    """The school's side."""

    person_id: UUID = field(kw_only=True)
    kind: str = field(kw_only=True)
    class_names: tuple[str, ...] = field(kw_only=True)
    pupils: tuple[str, ...] = field(kw_only=True)
    """Whom a representative answers for."""
    bound_to: UUID | None = field(kw_only=True)
    """The account that has the record."""


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A review with both sides."""

    review: Row[Any]
    account: Side
    record: RecordSide | None


def _in_care(statement: Select[Any], authority: Authority) -> Select[Any]:
    """Only what the caller may settle: the own classes, or the whole school."""
    if authority.leads_school:
        return statement
    learns = who_learns_where(authority.school_id).subquery()
    mine = list(authority.class_ids)
    of_mine = select(learns.c.person_id).where(learns.c.class_id.in_(mine))
    return statement.where(or_(reviews.c.person_id.in_(of_mine), among(reviews.c.class_id, mine)))


async def open_reviews(
    session: AsyncSession, authority: Authority, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """A page of what waits, the oldest first: ids grow with time."""
    statement = (
        select(reviews)
        .where(reviews.c.school_id == authority.school_id, reviews.c.settled_at.is_(None))
        .order_by(reviews.c.review_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(reviews.c.review_id > after)
    rows: Sequence[Row[Any]] = (await session.execute(_in_care(statement, authority))).all()
    return rows


async def cards_of(
    session: AsyncSession, keys: PersonalDataKeys, school_id: UUID, rows: Sequence[Row[Any]]
) -> list[ReviewCard]:
    """Both sides of reviews of one school; four statements however many."""
    own = await _account_sides(session, keys, [row.account_id for row in rows])
    records = await _record_sides(session, keys, school_id, [row.person_id for row in rows if row.person_id])
    return [ReviewCard(row, own[row.account_id], records.get(row.person_id)) for row in rows]


async def both_sides(
    session: AsyncSession, keys: PersonalDataKeys, review: Row[Any], person_id: UUID
) -> tuple[Side, RecordSide]:
    """The account of a review, and a record that may be another than the review names."""
    own = await _account_sides(session, keys, [review.account_id])
    records = await _record_sides(session, keys, review.school_id, [person_id])
    return own[review.account_id], records[person_id]


async def _account_sides(
    session: AsyncSession, keys: PersonalDataKeys, account_ids: Sequence[UUID]
) -> dict[UUID, Side]:
    found = await session.execute(
        select(accounts, account_details.c.birth_date)
        .outerjoin(account_details, account_details.c.account_id == accounts.c.account_id)
        .where(among(accounts.c.account_id, account_ids))
    )
    owners = {row.account_id: row for row in found}
    identifiers = await session.execute(
        select(account_identifiers).where(
            among(account_identifiers.c.account_id, account_ids), account_identifiers.c.kind.in_(_CONTACTS)
        )
    )
    person_keys = {account_id: keys.vault.open_person_key(row.data_key) for account_id, row in owners.items()}
    values: dict[UUID, dict[str, str]] = {account_id: {} for account_id in owners}
    proved: dict[UUID, set[str]] = {account_id: set() for account_id in owners}
    for row in identifiers:
        place = FieldPlace("account_identifiers", row.kind, row.account_id)
        values[row.account_id][row.kind] = person_keys[row.account_id].decrypt(place, row.value)
        if row.proved_at is not None:
            proved[row.account_id].add(row.kind)
    for account_id, row in owners.items():
        if row.birth_date is not None:
            place = FieldPlace("account_details", "birth_date", account_id)
            values[account_id]["birth_date"] = person_keys[account_id].decrypt(place, row.birth_date)
    return {
        account_id: Side(row.surname, row.given_name, row.patronymic, values[account_id], frozenset(proved[account_id]))
        for account_id, row in owners.items()
    }


async def _record_sides(
    session: AsyncSession, keys: PersonalDataKeys, school_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, RecordSide]:
    if not person_ids:
        return {}
    found = await session.execute(
        select(people, accounts.c.account_id.label("bound_to"))
        .outerjoin(
            account_records,
            (account_records.c.school_id == people.c.school_id) & (account_records.c.person_id == people.c.person_id),
        )
        .outerjoin(accounts, (accounts.c.account_id == account_records.c.account_id) & (accounts.c.status == "active"))
        .where(people.c.school_id == school_id, among(people.c.person_id, person_ids))
    )
    learns = who_learns_where(school_id, person_ids).subquery()
    pupil = people.alias()
    places = await session.execute(
        select(
            learns.c.person_id,
            classes.c.name,
            pupil.c.surname,
            pupil.c.given_name,
        )
        .join(classes, (classes.c.school_id == school_id) & (classes.c.class_id == learns.c.class_id))
        .outerjoin(
            guardianships,
            (guardianships.c.school_id == school_id)
            & (guardianships.c.representative_id == learns.c.person_id)
            & guardianships.c.ended_on.is_(None),
        )
        .outerjoin(pupil, (pupil.c.school_id == school_id) & (pupil.c.person_id == guardianships.c.pupil_id))
        .order_by(classes.c.grade, classes.c.name, pupil.c.surname, pupil.c.given_name)
    )
    class_names: dict[UUID, dict[str, None]] = {}
    pupils: dict[UUID, dict[str, None]] = {}
    for row in places:
        class_names.setdefault(row.person_id, {})[row.name] = None
        if row.surname is not None:
            pupils.setdefault(row.person_id, {})[f"{row.surname} {row.given_name}"] = None
    sides = {}
    for row in found:
        key = keys.vault.open_person_key(row.data_key)
        values = {
            column: key.decrypt(FieldPlace("people", column, row.person_id), stored)
            for column in (*_CONTACTS, "birth_date")
            if (stored := getattr(row, column)) is not None
        }
        sides[row.person_id] = RecordSide(
            row.surname,
            row.given_name,
            row.patronymic,
            values,
            person_id=row.person_id,
            kind=row.kind,
            class_names=tuple(class_names.get(row.person_id, ())),
            pupils=tuple(pupils.get(row.person_id, ())),
            bound_to=row.bound_to,
        )
    return sides
