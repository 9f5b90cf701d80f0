"""The next number of the year: YY-NNNNNN-C, without gaps (S-3)."""

from sqlalchemy.dialects.postgresql import insert

from shared.crypto import check_number
from shared.db import Tx
from support.access.terms import OFFICE
from support.errors import NumbersExhausted
from support.tickets.tables import ticket_counters

LAST = 999_999


async def take_number(tx: Tx) -> str:
    """Take the next number; call it late: until the commit nobody else can take one.

    Raises:
        NumbersExhausted: the year has had a million.
    """
    year = tx.now.astimezone(OFFICE).year
    statement = insert(ticket_counters).values(year=year, last=1)
    taken = statement.on_conflict_do_update(
        index_elements=[ticket_counters.c.year],
        set_={"last": ticket_counters.c.last + 1},
        where=ticket_counters.c.last < LAST,
    ).returning(ticket_counters.c.last)
    last = (await tx.session.execute(taken)).scalar_one_or_none()
    if last is None:
        raise NumbersExhausted
    return check_number(year, last)
