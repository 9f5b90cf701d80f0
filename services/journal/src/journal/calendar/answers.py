"""Periods as answers show them."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from journal.calendar.queries import Period
from shared.http import Answer

Kind = Literal["quarter", "trimester", "half_year"]


class PeriodOut(Answer):
    """A period as it stands."""

    period_id: UUID
    year_title: str
    kind: Kind
    first_grade: int
    last_grade: int
    number: int
    title: str
    starts_on: date
    ends_on: date
    closed_at: datetime | None
    """Closed: nothing is written into its lessons until the director opens it again."""
    version: int

    @classmethod
    def of(cls, period: Period) -> Self:
        return cls.model_validate(period, from_attributes=True)
