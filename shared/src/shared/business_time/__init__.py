"""Deadlines in business time: pure functions over calendars with hours, holidays, transferred and shortened days.

Identity reckons the term of an application by it (I-25), support its service levels (S-8). Nothing here asks a
clock or a database: the same question has the same answer on every machine and in every year to come, and
`Calendar.version` says by which calendar a stored deadline was reckoned.
"""

from shared.business_time.calendar import ALL_DAY, Calendar, Hours, every_day, working_week
from shared.business_time.reckoning import (
    NoBusinessTime,
    Pause,
    add_business_time,
    add_working_days,
    business_time_between,
)
from shared.business_time.russia import production_calendar

__all__ = [
    "ALL_DAY",
    "Calendar",
    "Hours",
    "NoBusinessTime",
    "Pause",
    "add_business_time",
    "add_working_days",
    "business_time_between",
    "every_day",
    "production_calendar",
    "working_week",
]
