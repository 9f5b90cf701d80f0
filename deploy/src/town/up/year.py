"""The year so far of the demo school: its lessons and marks by journal's imports, the rest as its people do it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from shared.localstack.errors import LocalStackError
from town.demo_school.history import quarters
from town.demo_school.model import Week
from town.demo_school.people import CLASS_TITLE, DIRECTOR, MOTHER, TEACHER
from town.people import Person, Refused

_TITLES = ("I четверть", "II четверть", "III четверть", "IV четверть")
_TASKS = ("§ 14, № 321–325", "Повторить правила, решить карточку", "№ 340, подготовиться к самостоятельной")

Command = Callable[..., str]
"""`town.run_command`."""


def live_the_year(base_url: Callable[[str], str], run_command: Command, folder: Path, week: Week) -> None:
    """Plan the periods, bring the history, let the known people write what they would, close what is over.

    Raises:
        LocalStackError: something was refused.
    """
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    try:
        with (
            Person(base_url, DIRECTOR) as director,
            Person(base_url, TEACHER) as teacher,
            Person(base_url, MOTHER) as mother,
        ):
            year = _Year(director, teacher, mother, week, today)
            year.plan()
            for command, name in (("import-timetable", "past-timetable.csv"), ("import-history", "history.csv")):
                run_command("journal", command, str(folder / name), name=f"demo-{command}-{name.partition('.')[0]}")
            year.attest()
            year.this_week()
            year.close()
    except (Refused, httpx.HTTPError) as error:
        raise LocalStackError(f"Год демонстрационной школы: {error}", f"The demo school's year: {error}") from error


class _Year:
    """What three people do."""

    def __init__(self, director: Person, teacher: Person, mother: Person, week: Week, today: date) -> None:
        self._director, self._teacher, self._mother = director, teacher, mother
        self._week, self._today = week, today
        lessons = teacher.get("journal", "/lessons", week=f"{week.monday:%G-W%V}")["items"]
        self._lessons = [one for one in lessons if one["class_name"] == CLASS_TITLE]
        self._school_id = lessons[0]["school_id"]
        self._class_id = self._lessons[0]["class_id"]
        self._periods: list[Any] = []

    def plan(self) -> None:
        """Four quarters for everybody."""
        plan = [
            {"kind": "quarter", "first_grade": 1, "last_grade": 11, "number": number, "title": title}
            | {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
            for number, (title, (first, last)) in enumerate(
                zip(_TITLES, quarters(self._week.year), strict=True), start=1
            )
        ]
        path = f"/schools/{self._school_id}/periods"
        self._periods = self._director.put("journal", path, {"periods": plan})["items"]

    def attest(self) -> None:
        """The known teacher sets the marks of the first quarter as they are proposed."""
        first = self._periods[0]
        subjects = {one["subject_id"] for one in self._lessons if one["subject_title"] != "Классный час"}
        if first["closed_at"] is not None or not self._is_over(first):
            return
        for subject_id in subjects:
            params = {"subject": subject_id, "period": first["period_id"]}
            page = self._teacher.get("journal", f"/classes/{self._class_id}/attestation", **params)["items"]
            rows = [
                {"pupil_id": line["pupil_id"], "value": str(proposed)}
                for line in page
                if (proposed := line["proposals"]["by_average"]["proposed"]) and line["mark"] is None
            ]
            if rows:
                body = {"subject_id": subject_id, "period_id": first["period_id"], "rows": rows}
                self._teacher.put("journal", f"/classes/{self._class_id}/attestation", body)

    def this_week(self) -> None:
        """Homework for the week's lessons, a note of last week, an announcement, an absence that is known."""
        for number, lesson in enumerate(self._lessons):
            if lesson["subject_title"] != "Классный час":
                task = {"text": _TASKS[number % len(_TASKS)], "minutes": 25}
                self._teacher.post("journal", f"/lessons/{lesson['lesson_id']}/homework", task)
        child = self._mother.get("journal", "/diaries")["items"][0]["pupil_id"]
        last_week = self._week.monday - timedelta(days=7)
        if last_week >= self._week.year_starts:
            note = {"rating": "good", "note": "Активно работал на уроках, помогал соседу по парте."}
            path = f"/classes/{self._class_id}/pupils/{child}/behaviour/{last_week:%G-W%V}"
            self._teacher.put("journal", path, note)
        words = {
            "title": "Родительское собрание",
            "text": "Приглашаем родителей в актовый зал в четверг в 18:30. Обсудим итоги четверти.",
        }
        self._director.post("journal", f"/schools/{self._school_id}/announcements", words)
        away = (self._today + timedelta(days=7)).isoformat()
        notice = {"first_day": away, "last_day": away, "reason": "у", "comment": "Приём у врача"}
        self._mother.post("journal", f"/diaries/{child}/absence-notices", notice)

    def close(self) -> None:
        """What is over."""
        for period in self._periods[:1]:
            if period["closed_at"] is None and self._is_over(period):
                body = {"version": period["version"]}
                self._director.post("journal", f"/periods/{period['period_id']}/close", body)

    def _is_over(self, period: Any) -> bool:
        return date.fromisoformat(period["ends_on"]) < self._today
