"""The page that is signed (J-32), made of what is shown of a week. Pure: no I/O.

Only the school's word on the week is in it: who reads the page, and what the pupil has ticked off, is left out. So are
reasons of absences, which are P3: a signed page is given on. The norm of the bag and the names of class and groups are
those of today, not of the week; with them every page of 7А would be another one as soon as the class is called 8А.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any, Literal

import rfc8785

_PAGE = b"zvonok.diary-page.v1\n"
"""What is hashed begins differently from what is sealed: a page can never pass for a record."""


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value (RFC 8785, UTF-8)."""
    return rfc8785.dumps(value)


def page_hash(page: Mapping[str, Any]) -> str:
    """What a page is known by: 64 hex digits. A proof that was made for one hash signs no other page."""
    return sha256(_PAGE + canonical(page)).hexdigest()


State = Literal["unsigned", "signed", "changed"]


def state_of(current: str, signed: Collection[str]) -> State:
    """Of a week, by the hashes of the page as it stands and of the versions that were signed.

    `changed`: «подписана версия от …, есть изменения»; the old signature stays valid for its version.
    """
    if not signed:
        return "unsigned"
    return "signed" if current in signed else "changed"


def frozen_page(week: str, pupil_id: str, name: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The same for everybody and every time, until the school changes something.

    Args:
        week: 2026-W48.
        pupil_id: whose.
        name: the pupil's.
        shown: the page with every section, from the JSON that PostgreSQL writes.
    """
    return {
        "week": week,
        "pupil": {"pupil_id": pupil_id, "name": name},
        **shown,
        "backpack": _bag(shown["backpack"]),
        "days": [_day(day) for day in shown["days"]],
    }


def _day(day: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **day,
        "backpack": _bag(day["backpack"]),
        "lessons": [_lesson(lesson) for lesson in day["lessons"]],
        "homework": [_task(task) for task in day["homework"]],
    }


def _lesson(lesson: Mapping[str, Any]) -> dict[str, Any]:
    absence = lesson["absence"]
    said = {name: value for name, value in lesson.items() if name != "group"}
    return {
        **said,
        "absence": absence and {name: value for name, value in absence.items() if name != "reason"},
        "homework": [_task(task) for task in lesson["homework"]],
    }


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in task.items() if name != "done_at"}


def _bag(bag: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if bag is None else {"grams": bag["grams"]}
