"""When a role or an enrolment holds, and what day it is at the school."""

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from identity.school_import.roster import Term
from identity.sheets import Line, Sheet


def term_of(line: Line, today: date) -> Term | None:
    """When a role or enrolment holds; None if that is over. An open beginning is filled in later."""
    begins, ends = line.day("beginDate"), line.day("endDate")
    if begins and ends and ends < begins:
        line.complain("endDate", "date_order")
    if ends and ends < today:
        return None
    return Term(begins or date.min, ends)


def longer(one: Term | None, other: Term | None) -> Term | None:
    """Of two terms the one that ends later; None is over."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda term: term.valid_until or date.max)


def quiet_day(line: Line, column: str) -> date | None:
    """A date whose mistake has been reported already."""
    try:
        return date.fromisoformat(line.raw(column))
    except ValueError:
        return None


def time_zone(name: str) -> str:
    """Check the name of a time zone (IANA).

    Raises:
        ValueError: there is none of this name.
    """
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError):  # a folder of the database, «Europe», is an OSError
        raise ValueError("time zone") from None


def school_day(orgs: Sheet, now: datetime) -> date:
    """The date at the school; by UTC while the bundle does not say where the school is."""
    zone = "UTC"
    for line in orgs.lines:
        if line.raw("type") == "school":
            with suppress(ValueError):
                zone = time_zone(line.raw("metadata.timeZone"))
    return now.astimezone(ZoneInfo(zone)).date()
