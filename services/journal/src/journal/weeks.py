"""ISO weeks as they stand in paths: `2026-W48`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from journal.errors import WeekUnknown

_ISO_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on."""

    monday: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-Www`; ValueError if there is no such week."""
        match = _ISO_WEEK.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not an ISO week")
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        if date.max - monday < timedelta(days=6):
            raise ValueError(f"{text!r} does not end within the calendar")
        return cls(monday)

    @classmethod
    def asked(cls, text: str) -> Self:
        """Read the week of a request.

        Raises:
            WeekUnknown: there is no such week.
        """
        try:
            return cls.parse(text)
        except ValueError:
            raise WeekUnknown from None

    def may_be_judged(self, today: date) -> bool:
        """Whether the week is as good as over, so that it may be summed up and signed: from its Friday on (J-32)."""
        return today >= self.friday

    @property
    def friday(self) -> date:
        return self.monday + timedelta(days=4)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=offset) for offset in range(7))

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"
