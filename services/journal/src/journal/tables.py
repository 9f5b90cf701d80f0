"""All tables of the service: importing this fills the metadata."""

from journal.access import tables as access
from journal.marks import tables as marks
from journal.roster import tables as roster
from journal.schema import metadata
from journal.timetable import tables as timetable

ROOMS = (roster, access, timetable, marks)

__all__ = ["ROOMS", "metadata"]
