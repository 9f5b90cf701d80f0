"""The days that a request asks for."""

from datetime import date
from typing import Final

from journal.errors import DaysOutOfRange

A_YEAR: Final = 366


def require_days(first: date, last: date, most: int = A_YEAR) -> None:
    """Refuse days that run backwards or are too many for one answer.

    Raises:
        DaysOutOfRange: so it is.
    """
    if not 0 <= (last - first).days < most:
        raise DaysOutOfRange(most=most)
