"""A day besides its lessons: bells with their meals, clubs and walks of each grade, as journal takes them over HTTP."""

from datetime import date, time, timedelta
from typing import Any

from town.demo_school.bells import bells
from town.demo_school.subjects import LAST_PRIMARY_GRADE

_MEALS = {1: "Завтрак", 3: "Обед"}
"""Breaks with a meal, by the lesson before them."""
_PAUSE_AFTER = 2
"""Lessons before the dynamic pause of grade 1."""

_CLUBS = (
    ("club", 2, "Шахматы", "Кабинет 204"),
    ("club", 4, "Хор", "Актовый зал"),
    ("physical_activity", 3, "Секция баскетбола", "Спортзал 1"),
    ("extracurricular", 5, "Функциональная грамотность", "Кабинет 212"),
    ("club", 1, "Робототехника", "Мастерская"),
    ("extracurricular", 4, "Россия — мои горизонты", "Кабинет 210"),
)


def bell_schedules(year: int) -> list[dict[str, Any]]:
    """Of grade 1 before and after the new year, and of all others."""
    autumn, spring = (date(year, 9, 1), date(year, 12, 31)), (date(year + 1, 1, 1), date(year + 1, 8, 31))
    return [
        _schedule("1 класс, первое полугодие", 1, 1, autumn),
        _schedule("1 класс, второе полугодие", 1, 1, spring),
        _schedule("Основное", 2, 11, (autumn[0], spring[1])),
    ]


def _schedule(name: str, first_grade: int, last_grade: int, days: tuple[date, date]) -> dict[str, Any]:
    rings: list[dict[str, Any]] = []
    lessons = bells(first_grade, days[0])
    for number, (starts_at, ends_at) in enumerate(lessons, start=1):
        rings.append(_ring("lesson", starts_at, ends_at) | {"number": number})
        if number == len(lessons):
            break
        follows = lessons[number][0]
        if first_grade == 1 and number == _PAUSE_AFTER:
            rings.append(_ring("dynamic_pause", ends_at, follows))
        elif number in _MEALS:
            rings.append(_ring("break", ends_at, follows) | {"meal": _MEALS[number]})
    span = {"starts_on": days[0].isoformat(), "ends_on": days[1].isoformat()}
    return {"name": name, "first_grade": first_grade, "last_grade": last_grade, **span, "rings": rings}


def _ring(kind: str, starts_at: time, ends_at: time) -> dict[str, Any]:
    return {"kind": kind, "starts_at": starts_at.isoformat("minutes"), "ends_at": ends_at.isoformat("minutes")}


def regime(grade: int, place: int) -> list[dict[str, Any]]:
    """What a class does after its lessons; `place` tells the classes apart."""
    items: list[dict[str, Any]] = []
    if grade <= LAST_PRIMARY_GRADE:
        for weekday in range(1, 6):
            items.append(_item("meal", weekday, "13:15", 30, "Обед", "Столовая"))
            items.append(_item("walk", weekday, "13:50", 60, "Прогулка", "Школьный двор"))
            items.append(_item("meal", weekday, "16:00", 20, "Полдник", "Столовая"))
        after = "15:00"
    else:
        items += (_item("meal", weekday, "13:20", 10, "Обед", "Столовая") for weekday in range(1, 6))
        after = "15:30"
    for number in range(3):
        kind, weekday, title, where = _CLUBS[(place + number) % len(_CLUBS)]
        items.append(_item(kind, weekday, after, 45, title, where))
    return items


def _item(kind: str, weekday: int, starts_at: str, minutes: int, title: str, place: str) -> dict[str, Any]:
    start = timedelta(hours=int(starts_at[:2]), minutes=int(starts_at[3:]) + minutes)
    ends_at = f"{start.seconds // 3600:02}:{start.seconds // 60 % 60:02}"
    words = {"kind": kind, "weekday": weekday, "title": title, "place": place}
    return words | {"starts_at": starts_at, "ends_at": ends_at}
