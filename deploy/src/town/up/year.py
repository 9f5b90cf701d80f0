"""The year so far of the demo school: what is bulk by journal's imports, the rest as its people do it over HTTP."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from shared.localstack.errors import LocalStackError
from town.demo_school.day import bell_schedules, regime
from town.demo_school.model import Week
from town.demo_school.people import CLASS_TITLE, DIRECTOR, MOTHER, PUPIL, TEACHER
from town.demo_school.subjects import HOMEROOM
from town.demo_school.write import HISTORY
from town.demo_school.year.calendar import holidays, quarters
from town.people import Person, Refused

_TITLES = ("I четверть", "II четверть", "III четверть", "IV четверть")
_TO_THE_SCHOOL = (
    ("Родительское собрание", "Приглашаем родителей в актовый зал в четверг в 18:30. Обсудим итоги четверти."),
    ("Сбор макулатуры", "В пятницу с 8:00 до 8:30 у главного входа. Собранное перевяжите, пожалуйста, бечёвкой."),
)
_TO_THE_CLASS = ("Музей космонавтики", "В субботу едем всем классом: сбор в 10:00 у школы, взять воду и сменную обувь.")

Command = Callable[..., str]
"""Runs a command of journal to its end."""


def live_the_year(base_url: Callable[[str], str], run_command: Command, folder: Path, week: Week, today: date) -> None:
    """Plan the year, bring what has happened, close what is over, let the known people write what they would.

    Raises:
        LocalStackError: something was refused.
    """
    try:
        with (
            Person(base_url, DIRECTOR) as director,
            Person(base_url, TEACHER) as teacher,
            Person(base_url, MOTHER) as mother,
            Person(base_url, PUPIL) as pupil,
        ):
            year = _Year(director, teacher, mother, pupil, week, today)
            year.plan()
            for command, names in (
                ("import-timetable", ("past-timetable.csv",)),
                ("import-history", HISTORY),
                ("import-city-events", ("city-events.csv",)),
            ):
                run_command(command, *(str(folder / name) for name in names), name=f"demo-year-{command}")
            year.close()
            year.this_week()
    except (Refused, httpx.HTTPError) as error:
        raise LocalStackError(f"Год демонстрационной школы: {error}", f"The demo school's year: {error}") from error


class _Year:
    """What four people do."""

    def __init__(
        self, director: Person, teacher: Person, mother: Person, pupil: Person, week: Week, today: date
    ) -> None:
        self._director, self._teacher, self._mother, self._pupil = director, teacher, mother, pupil
        self._week, self._today = week, today
        lessons = teacher.get("journal", "/lessons", week=f"{week.monday:%G-W%V}")["items"]
        own = next(one for one in lessons if one["class_name"] == CLASS_TITLE)
        self._class_id = own["class_id"]
        self._school = f"/schools/{own['school_id']}"
        self._unmarked = sorted({one["subject_id"] for one in lessons if one["subject_title"] == HOMEROOM.title})
        self._periods: list[Any] = []

    def plan(self) -> None:
        """Four quarters for everybody, holidays between them, bells, what classes do after their lessons, no marks in
        «Классный час».
        """
        year = self._week.year
        of_all = {"first_grade": 1, "last_grade": 11}
        plan = [
            {"kind": "quarter", "number": number, "title": title, **of_all, **_span(*days)}
            for number, (title, days) in enumerate(zip(_TITLES, quarters(year), strict=True), start=1)
        ]
        self._periods = self._director.put("journal", f"{self._school}/periods", {"periods": plan})["items"]
        free = [{"title": title, **of_all, **_span(*days)} for title, days in holidays(year)]
        self._director.put("journal", f"{self._school}/holidays", {"holidays": free})
        settings = self._director.get("journal", f"{self._school}/settings")
        if settings["unmarked_subjects"] != self._unmarked:
            body = {"version": settings["version"], "unmarked_subjects": self._unmarked}
            self._director.patch("journal", f"{self._school}/settings", body)
        if self._director.get("journal", f"{self._school}/bell-schedules")["items"]:
            return  # an attempt before this one came so far
        for place, one in enumerate(self._director.get("journal", f"{self._school}/overview")["classes"]):
            body = {"version": 0, "items": regime(int(one["class_name"][:-1]), place)}
            self._director.put("journal", f"/classes/{one['class_id']}/daily-regime", body)
        for schedule in bell_schedules(year):
            self._director.post("journal", f"{self._school}/bell-schedules", schedule)

    def close(self) -> None:
        """What is over."""
        for period in self._periods:
            if period["closed_at"] is None and date.fromisoformat(period["ends_on"]) < self._today:
                body = {"version": period["version"]}
                self._director.post("journal", f"/periods/{period['period_id']}/close", body)

    def this_week(self) -> None:
        """Announcements, tasks that are ticked off, an absence that is known beforehand."""
        for title, text in _TO_THE_SCHOOL:
            self._director.post("journal", f"{self._school}/announcements", {"title": title, "text": text})
        title, text = _TO_THE_CLASS
        self._teacher.post("journal", f"/classes/{self._class_id}/announcements", {"title": title, "text": text})
        child = self._mother.get("journal", "/diaries")["items"][0]["pupil_id"]
        span = {"from": self._week.monday.isoformat(), "to": self._today.isoformat()}
        tasks = self._pupil.get("journal", f"/diaries/{child}/homework", **span)["items"]
        for task in tasks[:-2]:
            self._pupil.put("journal", f"/diaries/{child}/homework/{task['homework_id']}/done")
        away = (self._today + timedelta(days=7)).isoformat()
        notice = {"first_day": away, "last_day": away, "reason": "у", "comment": "Приём у врача"}
        self._mother.post("journal", f"/diaries/{child}/absence-notices", notice)


def _span(first: date, last: date) -> dict[str, str]:
    return {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
