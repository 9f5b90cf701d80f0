"""The next number of the year: YY-NNNNNN-C, without gaps (I-25)."""

from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert

from identity.applications.errors import ApplicationNumbersExhausted
from identity.applications.tables import application_counters
from shared.crypto import check_number
from shared.db import Tx

_OFFICE = ZoneInfo("Europe/Moscow")
"""The year of a number is one for all schools."""
_LAST = 999_999


async def take_number(tx: Tx) -> str:
    """Take the next number; call it late: until the commit nobody else can take one.

    Raises:
        ApplicationNumbersExhausted: the year has had a million.
    """
    year = tx.now.astimezone(_OFFICE).year
    statement = insert(application_counters).values(year=year, last=1)
    taken = statement.on_conflict_do_update(
        index_elements=[application_counters.c.year],
        set_={"last": application_counters.c.last + 1},
        where=application_counters.c.last < _LAST,
    ).returning(application_counters.c.last)
    last = (await tx.session.execute(taken)).scalar_one_or_none()
    if last is None:
        raise ApplicationNumbersExhausted
    return check_number(year, last)
