"""Numbers of the year for people, YY-NNNNNN-C, without gaps (I-25, S-3)."""

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from shared.crypto import check_number
from shared.db.uow import Tx

_OFFICE: Final = ZoneInfo("Europe/Moscow")
"""The year of a number is one for the whole country."""
_LAST: Final = 999_999


async def take_number(tx: Tx, counters: Table, exhausted: type[Exception]) -> str:
    """Take the next number; call it late: until the commit nobody else can take one.

    A row and not a sequence: a number taken back with its transaction is given to the next one.

    Args:
        tx: the transaction that uses the number.
        counters: the service's table of `year` and `last`.
        exhausted: what to raise when the year has had a million.
    """
    year = tx.now.astimezone(_OFFICE).year
    statement = insert(counters).values(year=year, last=1)
    taken = statement.on_conflict_do_update(
        index_elements=[counters.c.year],
        set_={"last": counters.c.last + 1},
        where=counters.c.last < _LAST,
    ).returning(counters.c.last)
    last: int | None = (await tx.session.execute(taken)).scalar_one_or_none()
    if last is None:
        raise exhausted
    return check_number(year, last)
