"""A member of staff without an account keeps the duties; they just open nothing to anybody until there is a new one."""

from uuid import UUID

from sqlalchemy import update

from identity.registry.tables import people, staff_assignments
from shared.contracts.identity import StaffAssigned
from shared.db import Tx


async def take_account_off_duties(tx: Tx, account_id: UUID) -> None:
    """Tell the town that these duties have no account."""
    duty = staff_assignments.c
    rows = await tx.session.execute(
        update(staff_assignments)
        .where(
            duty.account_id == account_id, people.c.school_id == duty.school_id, people.c.person_id == duty.person_id
        )
        .values(account_id=None, edge_version=duty.edge_version + 1)
        .returning(staff_assignments, people.c.source_id, people.c.surname, people.c.given_name, people.c.patronymic)
    )
    for row in rows:
        if row.released_on is None:
            tx.emit(
                StaffAssigned(
                    school_id=row.school_id,
                    person_id=row.person_id,
                    assignment_id=row.assignment_id,
                    account_id=None,
                    source_id=row.source_id,
                    surname=row.surname,
                    given_name=row.given_name,
                    patronymic=row.patronymic,
                    role=row.role,
                    class_id=row.class_id,
                    subject_id=row.subject_id,
                    valid_from=row.valid_from,
                    valid_until=row.valid_until,
                    edge_version=row.edge_version,
                )
            )
