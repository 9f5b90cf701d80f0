"""Kinds of variables: how a value of an event is shown in each language.

A template declares each of its variables with a kind, so that a date or a reason code is never shown raw.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
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


def moment(value: object, language: Language) -> str:
    """An instant, shown as day and time of the town: «23 ноября, 12:00»."""
    at = datetime.fromisoformat(str(value)).astimezone(TOWN_ZONE)
    return f"{_spoken(at.date(), language)}, {at:%H:%M}"


def week(value: object, language: Language) -> str:
    """An ISO week, `2026-W48`: «23–29 ноября», «30 ноября – 6 декабря»."""
    first = date.fromisoformat(f"{value}-1")
    return _span(first, first + timedelta(days=6), language)


def days(value: object, language: Language) -> str:
    """The first and the last of some days, `2026-11-27/2026-11-28`: «27 ноября», «27–28 ноября»."""
    first, last = map(date.fromisoformat, str(value).split("/"))
    return _spoken(first, language) if first == last else _span(first, last, language)


def _span(first: date, last: date, language: Language) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_spoken(last, language)}"
    return f"{_spoken(first, language)} – {_spoken(last, language)}"


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

point_kind = _one_of(
    {
        "debt": Text(ru="долг", en="debt"),
        "retake": Text(ru="пересдача", en="retake"),
        "planned": Text(ru="запланированная работа", en="planned work"),
    }
)
"""What a point is for (J-14)."""

vanishing = _one_of(
    {
        "due_date": Text(ru="срок прошёл, отметки нет", en="its term has passed without a mark"),
        "period_end": Text(ru="учебный период закончился", en="the period has ended"),
        "withdrawn": Text(ru="учитель её снял", en="the teacher took it back"),
    }
)
"""Why a point ended without a mark (J-15)."""

task = _one_of(
    {
        "homework": Text(ru="домашнее задание", en="homework"),
        "homework_voluntary": Text(ru="домашнее задание по желанию", en="voluntary homework"),
        "self_study": Text(ru="самоподготовка", en="self-study"),
        "self_study_voluntary": Text(ru="самоподготовка по желанию", en="voluntary self-study"),
    }
)
"""Kind of a task, and whether it must be done (J-23)."""

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

code_purpose = _one_of(
    {
        "registration": Text(ru="регистрация", en="registration"),
        "recovery": Text(ru="новый пароль", en="new password"),
        "contact_change": Text(ru="новый контакт", en="new contact"),
        "sign_in": Text(ru="вход", en="sign-in"),
    }
)
"""What a one-time code is for (I-2)."""

_CODE = Text(ru="Код {code}.", en="Code {code}.")
_LINK = Text(ru="Перейдите по ссылке:\n{link}\n", en="Follow the link:\n{link}\n")


def proof(value: object, language: Language) -> str:
    """A one-time code, a link, or one below the other: `{"code": … | null, "link": … | null}`."""
    assert isinstance(value, Mapping)
    code, link = value["code"], value["link"]
    shown = [_CODE.format(language, code=code)] if code else []
    # Nothing stands behind an address on its line, so that no program takes it for a part of the address.
    shown += [_LINK.format(language, link=link)] if link else []
    return "\n".join(shown)


_contact = _one_of(
    {
        "phone": Text(ru="номер телефона", en="phone number"),
        "email": Text(ru="адрес электронной почты", en="e-mail address"),
    }
)
_SOME_CONTACT = Text(ru="контакт", en="contact")


def contact(value: object, language: Language) -> str:
    """Which contact, if that was said."""
    return _SOME_CONTACT.format(language) if value is None else _contact(value, language)


access_level = _one_of(
    {
        "1": Text(ru="читать дневник", en="read the diary"),
        "2": Text(
            ru="читать дневник, подписывать недели, приглашать доверенных лиц",
            en="read the diary, sign weeks, invite trusted persons",
        ),
    }
)
"""What the level of an access allows (I-19)."""

review_outcome = _one_of(
    {
        "review": Text(
            ru="Данные человека в учётной записи и в журнале расходятся.",
            en="The data of a person differ between account and school.",
        ),
        "conflict": Text(
            ru="На запись журнала, уже связанную с учётной записью, претендует ещё одна.",
            en="Another account claims a record that has an account already.",
        ),
        "ambiguous": Text(
            ru="Учётной записи подходит больше одной записи журнала.",
            en="More than one record of the school fits an account.",
        ),
        "pass_data_to_teacher": Text(
            ru="Вам передали данные, которых в журнале не хватает.",
            en="You were given data that the school's record lacks.",
        ),
        "undone": Text(
            ru="Человек из журнала сообщил: доступ по его данным получил не он. Доступ закрыт.",
            en="A person of the school says that somebody else got access by their data. The access is closed.",
        ),
    }
)
"""Why a class teacher is asked (I-19, I-22)."""

application_state = _one_of(
    {
        "in_review": Text(ru="рассматривается", en="being reviewed"),
        "withdrawn": Text(ru="отозвано", en="withdrawn"),
    }
)
"""Where an application is on its way (I-25)."""

refusal_ground = _one_of(
    {
        "outside_the_circle": Text(
            ru="заявитель не входит в круг лиц, которым открывают доступ",
            en="the applicant is not among those who may be given access",
        ),
        "not_a_pupil": Text(ru="ребёнок не учится в этой школе", en="the child is not a pupil of this school"),
        "documents_unfit": Text(
            ru="документы не соответствуют требованиям", en="the documents do not meet the requirements"
        ),
        "documents_contradict": Text(
            ru="сведения в документах противоречат друг другу", en="the documents contradict each other"
        ),
        "withdrawn_by_applicant": Text(ru="заявление отозвано заявителем", en="withdrawn by the applicant"),
    }
)
"""The five grounds of a refusal (I-26)."""
