"""What a member of staff does in a school, and telling the town when it begins, changes or ends (I-12, I-15).

Every assignment counts its own `edge_version`: whoever keeps access by it believes only a higher one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from shared.contracts.identity import StaffAssigned, StaffReleased, StaffRole
from shared.db import Tx


class DutyKey(NamedTuple):
    """What makes an assignment: the same duty again is the same assignment."""

    person_id: UUID
    role: StaffRole
    class_id: UUID | None
    subject_id: UUID | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a duty, as the town is told."""

    source_id: str
    surname: str
    given_name: str
    patronymic: str | None
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class Admission:
    """The ground on which an administrator admitted somebody by hand; a bundle has none."""

    basis: str
    recorded_by: UUID


def assign(
    tx: Tx,
    school_id: UUID,
    key: DutyKey,
    holder: Holder,
    before: Row[Any] | None,
    *,
    valid_from: date,
    valid_until: date | None,
    admission: Admission | None = None,
) -> dict[str, Any]:
    """Tell the town that a duty is held, and answer the row to keep.

    Args:
        tx: the open transaction.
        school_id: where.
        key: which duty.
        holder: who; the newest names and account.
        before: the row of the same duty, ended ones too: it goes on with its id and version.
        valid_from: the first day.
        valid_until: the last day; None while nobody has ended it.
        admission: where it was recorded by hand.
    """
    term = {"valid_from": valid_from, "valid_until": valid_until}
    told = {**_next(tx, school_id, key, before, holder.account_id), **term}
    tx.emit(
        StaffAssigned(
            **told,
            source_id=holder.source_id,
            surname=holder.surname,
            given_name=holder.given_name,
            patronymic=holder.patronymic,
        )
    )
    return {
        **told,
        "released_on": None,
        "released_by": None,
        "basis": admission.basis if admission else None,
        "recorded_by": admission.recorded_by if admission else None,
    }


def release(
    tx: Tx, row: Row[Any], released_on: date, *, account_id: UUID | None, released_by: UUID | None = None
) -> dict[str, Any]:
    """Tell the town that a duty ended, and answer the row to keep.

    Args:
        tx: the open transaction.
        row: the assignment as it stands.
        released_on: the day.
        account_id: the person's account.
        released_by: the account of who ended it by hand; None for a bundle or the end of a term.
    """
    key = DutyKey(row.person_id, row.role, row.class_id, row.subject_id)
    kept = _next(tx, row.school_id, key, row, account_id)
    tx.emit(
        StaffReleased(
            school_id=row.school_id,
            person_id=row.person_id,
            assignment_id=row.assignment_id,
            released_on=released_on,
            edge_version=kept["edge_version"],
        )
    )
    return {
        **kept,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "released_on": released_on,
        "released_by": released_by,
        "basis": row.basis,
        "recorded_by": row.recorded_by,
    }


def admission_of(row: Row[Any]) -> Admission | None:
    """The ground that an assignment's row has; None for one that came by a bundle."""
    return None if row.recorded_by is None else Admission(row.basis, row.recorded_by)


def _next(tx: Tx, school_id: UUID, key: DutyKey, before: Row[Any] | None, account_id: UUID | None) -> dict[str, Any]:
    return {
        "school_id": school_id,
        "assignment_id": before.assignment_id if before else tx.new_id(),
        **key._asdict(),
        "edge_version": before.edge_version + 1 if before else 1,
        "account_id": account_id,
    }
