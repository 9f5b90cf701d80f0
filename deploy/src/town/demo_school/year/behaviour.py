"""How weeks went, in the words of class teachers and now and then of a subject teacher."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from town.demo_school.people import PUPIL
from town.demo_school.year.absences import Absences
from town.demo_school.year.calendar import is_taught
from town.demo_school.year.course import Course, full_name
from town.demo_school.year.entries import Row

COLUMNS = ("class_source_id", "pupil", "week", "subject_source_id", "rating", "note", "author_source_id")

_NOTES = {
    "exemplary": ("Пример для класса", "Помог организовать классное мероприятие", ""),
    "good": ("Активно работает на уроках", "Помогает товарищам", "Дежурство по классу — без замечаний", "", ""),
    "uneven": ("Отвлекается на уроках", "Опаздывает после перемен", "Забывает дневник и тетради"),
    "poor": ("Мешал вести урок, беседовали с родителями", "Самовольно ушёл с урока"),
}
_OF_SUBJECT = ("Отлично работает в группе", "Невнимателен при объяснении", "Готов к каждому уроку")
_SAID, _OF_SUBJECT_SAID = 0.35, 0.03


def behaviour(course: Course, absences: Absences) -> Iterator[Row]:
    """Of the weeks that ended; not of who was away all week."""
    rng = course.rng("behaviour")
    year = course.school.week.year
    taught = defaultdict(list)
    for teaching in course.school.teachings:
        taught[teaching.school_class.source_id].append(teaching)
    for monday in _mondays(course):
        days = [day for day in (monday + timedelta(days=offset) for offset in range(5)) if is_taught(day, year)]
        for school_class in course.school.classes:
            for pupil in school_class.pupils:
                said, of_subject = rng.random() < _SAID, rng.random() < _OF_SUBJECT_SAID
                known = pupil.source_id == PUPIL.source_id
                rating = rng.choices(("exemplary", "good", "uneven", "poor"), (12, 70, 16, 2))[0]
                rating = "good" if known and rating in {"uneven", "poor"} and rng.random() < 0.8 else rating
                note, teaching = rng.choice(_NOTES[rating]), rng.choice(taught[school_class.source_id])
                words = rng.choice(_OF_SUBJECT)
                if not days or all(absences.away(pupil, day) for day in days):
                    continue
                week = f"{monday:%G-W%V}"
                named = {"class_source_id": school_class.source_id, "pupil": full_name(pupil), "week": week}
                if said or known:
                    author = {"author_source_id": school_class.teacher.source_id}
                    yield named | {"rating": rating, "note": note} | author
                if of_subject and teaching.subject.key != "homeroom" and pupil in teaching.pupils:
                    subject = {"subject_source_id": teaching.subject.source_id}
                    good = "uneven" if words.startswith("Не") else "good"
                    author = {"author_source_id": teaching.teacher.source_id}
                    yield named | subject | {"rating": good, "note": words} | author


def _mondays(course: Course) -> Iterator[date]:
    monday = course.school.week.year_starts - timedelta(days=course.school.week.year_starts.weekday())
    while monday + timedelta(days=5) <= course.until:
        yield monday
        monday += timedelta(days=7)
