"""Bells, weekly timetables, substitutions, cancelled lessons, curricula."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from journal.errors.faulty_body import FaultyBody
from journal.mistakes import FileRule
from shared.http import Conflict, NotFound, Text, Unprocessable
from shared.http.texts import Language


class LessonIsCancelled(Conflict):
    """A cancelled lesson takes no marks, absences or points (J-4)."""

    code = "lesson_is_cancelled"
    title = Text(ru="Урок отменён", en="The lesson is cancelled")
    detail = Text(
        ru="В отменённый урок ничего не записывают. Если он всё же был, завуч вернёт его в расписание.",
        en="Nothing is written into a cancelled lesson. If it was held after all, a deputy brings it back.",
    )


class LessonNotCancelled(Conflict):
    """Only a cancelled lesson is brought back."""

    code = "lesson_not_cancelled"
    title = Text(ru="Урок не отменён", en="The lesson is not cancelled")


class LessonNotSubstituted(Conflict):
    """There is no substitution to take back."""

    code = "lesson_not_substituted"
    title = Text(ru="На этом уроке нет замены", en="The lesson has no substitution")


class LessonHasEntries(Conflict):
    """A lesson in which marks, absences or points stand was held: it is not cancelled (J-4)."""

    code = "lesson_has_entries"
    title = Text(ru="На этом уроке уже есть записи", en="The lesson has entries already")
    detail = Text(
        ru="На уроке стоят оценки, отсутствия или точки ({count}): урок был. Если записи ошибочны, сначала уберите их.",
        en="Marks, absences or points stand in it ({count}): it was held. If they are wrong, remove them first.",
    )


class RoomUnknown(Unprocessable):
    """The school has listed its rooms, and this is none of them."""

    code = "room_unknown"
    title = Text(ru="Такого кабинета в школе нет", en="The school has no such room")
    detail = Text(ru="Кабинета «{room}» нет в списке кабинетов школы.", en="“{room}” is not a room of the school.")


class LessonsClash(Conflict):
    """A teacher, a room, a class or a group would be in two lessons at once (J-4); `errors` names each clash."""

    code = "lessons_clash"
    title = Text(ru="В расписании накладки", en="Lessons clash")
    detail = Text(ru="Накладок: {count}. Ничего не изменено.", en="Clashes: {count}. Nothing was changed.")

    SHOWN = 200

    def __init__(self, clashes: Sequence[tuple[date, str, str, FileRule, str]]) -> None:
        """Each: day, the lesson, who or what is in both, the rule, the other lesson."""
        self.clashes = tuple(clashes)
        super().__init__(count=len(self.clashes))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its clashes in one language."""
        errors = [
            {
                "date": day.isoformat(),
                "lesson": lesson,
                "other": other,
                "field": who,
                "code": rule.code,
                "message": rule.text.format(language, other=other),
            }
            for day, lesson, who, rule, other in self.clashes[: self.SHOWN]
        ]
        return {**super().render(language, instance), "errors": errors, "count": len(self.clashes)}


class BellScheduleNotFound(NotFound):
    """The school has no bell schedule of this id."""

    code = "bell_schedule_not_found"
    title = Text(ru="Такого расписания звонков нет", en="There is no such bell schedule")


class BellSchedulesCompete(Conflict):
    """On some day a class could not tell which of two bell schedules to follow."""

    code = "bell_schedules_compete"
    title = Text(ru="На эти дни уже есть расписание звонков", en="These days have a bell schedule already")
    detail = Text(
        ru="Для тех же классов, смены и дней действует «{name}».",
        en="“{name}” is for the same grades, shift and days.",
    )


class BellsRefused(Unprocessable):
    """A bell schedule contradicts itself, the year or the norms (J-5); nothing of it was taken."""

    code = "bells_refused"
    title = Text(ru="В расписании звонков есть ошибки", en="The bell schedule has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "grades_reversed": Text(ru="Последний класс меньше первого.", en="The last grade is below the first."),
        "outside_the_year": Text(ru="Дни выходят за учебный год.", en="The days lie outside the school year."),
        "ends_before_start": Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."),
        "out_of_order": Text(
            ru="Начинается раньше, чем кончилось предыдущее.", en="Starts before the one before ends."
        ),
        "number_wrong": Text(
            ru="У урока есть номер, он растёт от урока к уроку; у перемены номера нет.",
            en="A lesson has a number, which grows from lesson to lesson; a break has none.",
        ),
        "meal_in_lesson": Text(ru="Едят на перемене, а не на уроке.", en="Meals are in breaks, not in lessons."),
        "no_lessons": Text(ru="Нет ни одного урока.", en="There is no lesson."),
        "lesson_too_long": Text(
            ru="Урок не длиннее {minutes} минут (СП 2.4.3648-20).", en="A lesson has at most {minutes} minutes."
        ),
        "dynamic_pause_too_short": Text(
            ru="Динамическая пауза — не меньше {minutes} минут.", en="A dynamic pause has at least {minutes} minutes."
        ),
        "dynamic_pause_missing": Text(
            ru="Первому классу нужна динамическая пауза не меньше {minutes} минут.",
            en="Grade 1 needs a dynamic pause of at least {minutes} minutes.",
        ),
    }

    def __init__(self, faults: Sequence[tuple[str, str, int]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {
                "field": f"body.{field}",
                "code": fault,
                "message": self.FAULTS[fault].format(language, minutes=minutes),
            }
            for field, fault, minutes in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}


class WeeklyTimetableNotFound(NotFound):
    """The class has no weekly timetable of this id."""

    code = "weekly_timetable_not_found"
    title = Text(ru="Такого недельного расписания нет", en="There is no such weekly timetable")


class WeeklyTimetablesOverlap(Conflict):
    """A class has one weekly timetable at a time."""

    code = "weekly_timetables_overlap"
    title = Text(ru="На эти дни у класса уже есть расписание", en="The class has a timetable for these days already")
    detail = Text(
        ru="С {starts_on} по {ends_on} действует другое расписание: сначала измените его последний день.",
        en="Another one is valid from {starts_on} to {ends_on}: change its last day first.",
    )


class WeeklyTimetableRefused(FaultyBody):
    """A weekly timetable names what the school does not have, or one place twice; nothing of it was taken."""

    code = "weekly_timetable_refused"
    title = Text(ru="В недельном расписании есть ошибки", en="The weekly timetable has mistakes")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Дни выходят за учебный год.", en="The days lie outside the school year."),
        "ends_before_start": Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."),
        "place_twice": Text(ru="Два урока с одним номером в один день.", en="Two lessons of one number on one day."),
        "group_unknown": Text(ru="Такой группы в классе нет.", en="The class has no such group."),
        "group_of_another_subject": Text(ru="Эта группа учит другой предмет.", en="This group learns another subject."),
        "groups_share_pupils": Text(
            ru="В двух группах одни и те же ученики, а уроки идут в одно время.",
            en="Two groups have pupils in common, and their lessons are at the same time.",
        ),
        "teacher_twice": Text(
            ru="Один учитель у двух групп в одно время.", en="One teacher has two groups at the same time."
        ),
        "subject_unknown": Text(ru="Такого предмета в школе нет.", en="The school does not teach this subject."),
        "teacher_unknown": Text(ru="Такого учителя в школе нет.", en="The school has no such teacher."),
        "room_unknown": Text(ru="Такого кабинета в школе нет.", en="The school has no such room."),
    }


class BellsMissing(Conflict):
    """No bell schedule says when a lesson of the weekly timetable begins; `errors` names each once."""

    code = "bells_missing"
    title = Text(ru="Для этих уроков нет звонков", en="No bells for these lessons")
    detail = Text(
        ru="Уроков без звонков: {count}. Добавьте их в расписание звонков смены и класса.",
        en="Lessons without bells: {count}. Add them to the bell schedule of their shift and grade.",
    )

    def __init__(self, missing: Sequence[tuple[date, str, int, int]]) -> None:
        """Each: the first such day, the class, its shift, the lesson's number."""
        self.missing = tuple(missing)
        super().__init__(count=len(self.missing))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with the places that it is about."""
        errors = [
            {"field": "number", "code": self.code, "message": f"{name}, № {number}", "date": day.isoformat()}
            | {"class_name": name, "shift": shift, "number": number}
            for day, name, shift, number in self.missing[:200]
        ]
        return {**super().render(language, instance), "errors": errors}


class CurriculumNotFound(NotFound):
    """The school has no curriculum of this id."""

    code = "curriculum_not_found"
    title = Text(ru="Такого учебного плана нет", en="There is no such curriculum")


class CurriculumRefused(FaultyBody):
    """A curriculum contradicts the school or itself (J-7); nothing of it was taken."""

    code = "curriculum_refused"
    title = Text(ru="В учебном плане есть ошибки", en="The curriculum has mistakes")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "profile_too_early": Text(ru="Профиль бывает с 10 класса.", en="There are profiles from grade 10 on."),
        "class_unknown": Text(ru="В этой параллели нет такого класса.", en="The parallel has no such class."),
        "subject_unknown": Text(ru="Такого предмета в школе нет.", en="The school does not teach this subject."),
        "subject_twice": Text(ru="Предмет указан дважды.", en="The subject stands twice."),
    }
