"""All tables of the service: importing this fills the metadata."""

from journal.access import tables as access
from journal.announcements import tables as announcements
from journal.attendance import tables as attendance
from journal.attestation import tables as attestation
from journal.backpack import tables as backpack
from journal.behaviour import tables as behaviour
from journal.bells import tables as bells
from journal.calendar import tables as calendar
from journal.city_events import tables as city_events
from journal.curricula import tables as curricula
from journal.daily_regime import tables as daily_regime
from journal.feeds import tables as feeds
from journal.homework import tables as homework
from journal.marks import tables as marks
from journal.pages import tables as pages
from journal.points import tables as points
from journal.roster import tables as roster
from journal.schema import metadata
from journal.signature import tables as signature
from journal.timetable import tables as timetable
from journal.weekly_timetable import tables as weekly_timetable

ROOMS = (
    roster,
    access,
    calendar,
    bells,
    timetable,
    weekly_timetable,
    curricula,
    daily_regime,
    marks,
    points,
    attendance,
    pages,
    homework,
    behaviour,
    backpack,
    attestation,
    announcements,
    city_events,
    feeds,
    signature,
)

__all__ = ["ROOMS", "metadata"]
