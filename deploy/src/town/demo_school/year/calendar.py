"""The school year: quarters, holidays, and on which days there are lessons."""

from datetime import date, timedelta

Days = tuple[date, date]
"""First and last."""

HOLIDAYS = ("Осенние каникулы", "Зимние каникулы", "Весенние каникулы")


def quarters(year: int) -> tuple[Days, ...]:
    """The four quarters of the school year that begins in `year`."""
    return (
        (date(year, 9, 1), date(year, 10, 25)),
        (date(year, 11, 2), date(year, 12, 30)),
        (date(year + 1, 1, 11), date(year + 1, 3, 21)),
        (date(year + 1, 3, 29), date(year + 1, 5, 31)),
    )


def holidays(year: int) -> tuple[tuple[str, Days], ...]:
    """What lies between the quarters."""
    days = quarters(year)
    return tuple(
        (title, (days[place][1] + timedelta(days=1), days[place + 1][0] - timedelta(days=1)))
        for place, title in enumerate(HOLIDAYS)
    )


def quarter_of(day: date, year: int) -> int | None:
    """Which quarter a day lies in, from 0; None in holidays."""
    return next((place for place, (first, last) in enumerate(quarters(year)) if first <= day <= last), None)


def is_taught(day: date, year: int) -> bool:
    """Whether there are lessons on a weekday."""
    free = {(11, 4), (2, 23), (3, 8), (5, 1), (5, 9)}
    return (day.month, day.day) not in free and quarter_of(day, year) is not None


def days_from(first: date, before: date) -> list[date]:
    """All days from the first to the one before `before`."""
    return [first + timedelta(days=offset) for offset in range(max(0, (before - first).days))]
