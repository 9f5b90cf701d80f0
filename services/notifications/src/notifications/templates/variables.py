"""Kinds of variables: how a value of an event is shown in each language.

A template declares each of its variables with a kind, so that a date or a reason code is never shown raw.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.http.texts import Language, Text

Kind = Callable[[object, Language], str]
"""Shows a JSON value in a language."""

TOWN_ZONE: Final = ZoneInfo("Europe/Moscow")
"""Where a day ends for those who read «until 30 November»: one town, one zone."""

_MONTHS_RU = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def words(value: object, language: Language) -> str:
    """A name or title, shown as it was written, whatever the reader's language."""
    del language
    return str(value)


def day(value: object, language: Language) -> str:
    """A date: «23 ноября», «23 November»."""
    return _spoken(date.fromisoformat(str(value)), language)


def last_day(value: object, language: Language) -> str:
    """An instant, shown as its day with the year."""
    at = datetime.fromisoformat(str(value)).astimezone(TOWN_ZONE).date()
    return f"{_spoken(at, language)} {at.year}"


def _spoken(at: date, language: Language) -> str:
    months = _MONTHS_RU if language == "ru" else _MONTHS_EN
    return f"{at.day} {months[at.month - 1]}"


def _one_of(texts: Mapping[str, Text]) -> Kind:
    def show(value: object, language: Language) -> str:
        known = texts.get(str(value))
        # A value that a newer producer knows and we do not yet: better shown raw than not told at all.
        return known.format(language) if known else str(value)

    return show


mark = _one_of(
    {
        "зачёт": Text(ru="зачёт", en="pass"),
        "незачёт": Text(ru="незачёт", en="fail"),
        "н/а": Text(ru="н/а", en="not attested"),
        "осв": Text(ru="осв.", en="exempt"),
    }
)
"""A mark; digits are the same in every language."""

_section = _one_of(
    {
        "marks": Text(ru="оценки", en="marks"),
        "homework": Text(ru="домашние задания", en="homework"),
        "timetable": Text(ru="расписание", en="timetable"),
        "attendance": Text(ru="посещаемость", en="attendance"),
    }
)


def sections(value: object, language: Language) -> str:
    """Sections of a diary (D-7), as a list."""
    assert isinstance(value, list)
    return ", ".join(_section(item, language) for item in value)


end_reason = _one_of(
    {
        "revoked": Text(ru="отозван представителем ребёнка", en="revoked by a representative of the child"),
        "left": Text(ru="доверенное лицо отказалось от доступа", en="the trusted person gave it up"),
        "grantor_lost_right": Text(ru="у пригласившего больше нет этого права", en="who invited has lost the right"),
        "child_left": Text(ru="ученик выбыл из школы", en="the pupil left the school"),
        "account_disabled": Text(ru="учётная запись закрыта", en="the account was closed"),
    }
)
"""Why a trusted person's access ended."""

ticket_status = _one_of(
    {
        "new": Text(ru="принято", en="received"),
        "open": Text(ru="в работе", en="being worked on"),
        "pending_user": Text(ru="ждёт вашего ответа", en="waiting for your answer"),
        "on_hold": Text(ru="отложено", en="on hold"),
        "resolved": Text(ru="решено", en="solved"),
        "closed": Text(ru="закрыто", en="closed"),
        "merged": Text(ru="объединено с другим обращением", en="merged with another ticket"),
        "spam": Text(ru="отклонено", en="rejected"),
    }
)
"""What support calls the state of a ticket (S-5)."""
