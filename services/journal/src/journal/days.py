"""The days that a request asks for."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from journal.errors import DaysOutOfRange

A_YEAR: Final = 366
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
"""From which others are counted on: at the ends of the calendar a week or a year around it would run out of it."""


def require_days(first: date, last: date, most: int = A_YEAR) -> None:
    """Refuse days that run backwards or are too many for one answer.

    Raises:
        DaysOutOfRange: so it is.
    """
    if not 0 <= (last - first).days < most:
        raise DaysOutOfRange(most=most)
