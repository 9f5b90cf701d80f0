"""Bell schedules: lesson number → start and end, local time."""

from datetime import date, time

_Schedule = tuple[tuple[str, str], ...]

_STANDARD: _Schedule = (
    ("08:30", "09:15"),
    ("09:25", "10:10"),
    ("10:30", "11:15"),
    ("11:35", "12:20"),
    ("12:35", "13:20"),
    ("13:30", "14:15"),
    ("14:25", "15:10"),
)
# Grade 1: a dynamic pause of 40 minutes after the second lesson; lessons of 35 minutes until the new year (J-5).
_FIRST_HALF: _Schedule = (
    ("08:30", "09:05"),
    ("09:15", "09:50"),
    ("10:30", "11:05"),
    ("11:20", "11:55"),
    ("12:05", "12:40"),
)
_SECOND_HALF: _Schedule = (
    ("08:30", "09:10"),
    ("09:20", "10:00"),
    ("10:40", "11:20"),
    ("11:30", "12:10"),
    ("12:20", "13:00"),
)


def bells(grade: int, day: date) -> tuple[tuple[time, time], ...]:
    """The lessons of a day in order; the first of the tuple is lesson 1."""
    schedule = _STANDARD
    if grade == 1:
        schedule = _FIRST_HALF if day.month >= 9 else _SECOND_HALF
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in schedule)
