"""Lessons as an iCalendar file (RFC 5545), by the library; times in the school's own zone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import STATUS, Calendar, Event, Timezone

from journal.timetable.queries import Lesson
from shared.http import Language, Text

PRODUCT = "-//Zvonok//School diary//RU"
FETCH_AGAIN = timedelta(hours=1)
DAY = timedelta(days=1)

_LESSON = Text(ru="{number} урок", en="Lesson {number}")
_INSTEAD = Text(ru="Замена: вместо {teacher}", en="Substitution for {teacher}")
_CANCELLED = Text(ru="Урок отменён", en="Cancelled")
_ROOM = Text(ru="каб. {room}", en="room {room}")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a calendar program knows a file by."""

    feed_id: UUID
    """The same each time, so that programs know the file again."""
    title: str
    """«Михаил, 7А»."""
    time_zone: str
    """The school's; summer and winter time come with the file."""
    language: Language
    """Of the few words that are ours."""


def calendar_file(
    heading: Heading,
    lessons: Iterable[Lesson],
    days: tuple[date, date],
    *,
    now: datetime,
    teacher_ids: Collection[UUID] = (),
) -> bytes:
    """The file's bytes: lessons in order; for a teacher (`teacher_ids`, one in each school) with class and group.

    `days` are the first and the last that the file is for. Its time zone stands in it also in the holidays: a calendar
    without any component is none (RFC 5545, 3.6), and some programs drop the address when they get one.

    A cancelled lesson stays, as cancelled: programs that have it already learn of it so. For a teacher a lesson that
    another holds instead is one, too.
    """
    zone = ZoneInfo(heading.time_zone)
    calendar = Calendar.new(prodid=PRODUCT, uid=heading.feed_id, name=heading.title, refresh_interval=FETCH_AGAIN)
    # Older programs read these instead of REFRESH-INTERVAL and the zone of each event.
    calendar.add("x-wr-timezone", heading.time_zone)
    calendar.add("x-published-ttl", "PT1H")
    first, last = days
    calendar.add_component(Timezone.from_tzid(heading.time_zone, first_date=first, last_date=last + DAY))
    for lesson in lessons:
        calendar.add_component(_event(lesson, zone, heading.language, teacher_ids, now))
    content: bytes = calendar.to_ical()
    return content


def _event(lesson: Lesson, zone: ZoneInfo, language: Language, teacher_ids: Collection[UUID], now: datetime) -> Event:
    called = ", ".join(filter(None, (lesson.subject_title, lesson.class_name, lesson.group_title)))
    gone = lesson.cancelled or bool(teacher_ids and lesson.teacher_id not in teacher_ids)
    about = [_CANCELLED.format(language)] if lesson.cancelled else []
    about += [_LESSON.format(language, number=lesson.number)]
    about += [lesson.topic] if lesson.topic else []
    about += [] if teacher_ids and not gone else [lesson.teacher_name]
    if lesson.planned_teacher_id not in {None, lesson.teacher_id}:
        about += [_INSTEAD.format(language, teacher=lesson.planned_teacher_name)]
    return Event.new(
        uid=f"{lesson.lesson_id}@zvonok",
        stamp=now,
        start=datetime.combine(lesson.date, lesson.starts_at, zone),
        end=datetime.combine(lesson.date, lesson.ends_at, zone),
        summary=_plain(called if teacher_ids else lesson.subject_title),
        description="\n".join(_plain(line) for line in about),
        location=_place(lesson.room, language),
        status=STATUS.CANCELLED if gone else STATUS.CONFIRMED,
        # Programs take a change for newer than what they have only if this has grown.
        sequence=lesson.version - 1,
    )


def _place(room: str, language: Language) -> str | None:
    """«каб. 212»; «Спортзал 2» needs no such word."""
    return _plain(_ROOM.format(language, room=room) if room[:1].isdigit() else room) or None


def _plain(text: str) -> str:
    """Without control characters, such as Word's line break: with one the whole file is none (RFC 5545, 3.3.11)."""
    return "".join(" " if category(character) == "Cc" else character for character in text)
