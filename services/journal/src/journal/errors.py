"""Expected failures of journal."""

from collections.abc import Iterable
from typing import Any

from journal.mistakes import Mistake
from shared.http import Conflict, Forbidden, NotFound, Text, Unprocessable
from shared.http.texts import Language


class PupilNotFound(NotFound):
    """Unknown, or not for this caller: the answer does not say which (J-1)."""

    code = "pupil_not_found"
    title = Text(ru="Ученик не найден", en="Pupil not found")
    detail = Text(
        ru="Такого ученика нет или его дневник вам не открыт.",
        en="There is no such pupil, or the diary is not open to you.",
    )


class SchoolClassNotFound(NotFound):
    """Unknown, or not for this caller."""

    code = "class_not_found"
    title = Text(ru="Класс не найден", en="Class not found")
    detail = Text(
        ru="Такого класса нет или его журнал вам не открыт.",
        en="There is no such class, or its journal is not open to you.",
    )


class SchoolNotFound(NotFound):
    """Unknown, or not for this caller."""

    code = "school_not_found"
    title = Text(ru="Школа не найдена", en="School not found")
    detail = Text(ru="Такой школы нет или она вам не открыта.", en="There is no such school, or not for you.")


class LessonNotFound(NotFound):
    """Unknown, or of a class this caller has nothing to do with."""

    code = "lesson_not_found"
    title = Text(ru="Урок не найден", en="Lesson not found")
    detail = Text(
        ru="Такого урока нет или журнал этого класса вам не открыт.",
        en="There is no such lesson, or the journal of its class is not open to you.",
    )


class MarkNotFound(NotFound):
    """Unknown, removed, or of a class this caller has nothing to do with."""

    code = "mark_not_found"
    title = Text(ru="Оценка не найдена", en="Mark not found")
    detail = Text(
        ru="Такой оценки нет, она удалена или журнал этого класса вам не открыт.",
        en="There is no such mark, it was removed, or the journal of its class is not open to you.",
    )


class NotYourLesson(Forbidden):
    """Marks are kept by the subject teacher of this class and subject alone (J-1)."""

    code = "not_your_lesson"
    title = Text(ru="Оценки здесь ставит другой учитель", en="Another teacher keeps the marks here")
    detail = Text(
        ru="Оценки по этому предмету в этом классе ставит только назначенный учитель.",
        en="Only the teacher assigned to this subject and class keeps its marks.",
    )


class TimetableRefused(Unprocessable):
    """The file has mistakes; nothing of it was taken. `errors` names file, line, column and rule of each."""

    code = "timetable_refused"
    title = Text(ru="В расписании есть ошибки", en="The timetable has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не загружено.", en="Mistakes: {count}. Nothing was imported.")

    SHOWN = 200
    """As many mistakes as an answer lists; `count` is always the whole number."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(count=len(self.mistakes))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its mistakes in one language."""
        errors = [
            {
                "file": mistake.file,
                "line": mistake.line,
                "column": mistake.column,
                "rule": mistake.rule.code,
                # The members that all validation errors of the town have.
                "field": mistake.place,
                "code": mistake.rule.code,
                "message": mistake.message(language),
            }
            for mistake in self.mistakes[: self.SHOWN]
        ]
        return {**super().render(language, instance), "errors": errors, "count": len(self.mistakes)}


class PupilNotInClass(Unprocessable):
    """A mark was meant for somebody who is not in the class of the lesson."""

    code = "pupil_not_in_class"
    title = Text(ru="Этот ученик не учится в этом классе", en="This pupil is not in this class")
    detail = Text(
        ru="Оценка ставится ученику того класса, у которого был урок.",
        en="A mark goes to a pupil of the class that had the lesson.",
    )


class ControlFormUnknown(Unprocessable):
    """Not a control form of the lesson's school (J-9)."""

    code = "control_form_unknown"
    title = Text(ru="Такой формы контроля в школе нет", en="The school has no such control form")


class GradeOneHasNoMarks(Unprocessable):
    """Grade 1 has no marks (J-8)."""

    code = "grade_one_has_no_marks"
    title = Text(ru="В первом классе оценки не ставят", en="There are no marks in grade 1")


class ReasonRequired(Unprocessable):
    """The edit window is over (J-11)."""

    code = "reason_required"
    title = Text(ru="Укажите причину", en="Give a reason")
    detail = Text(
        ru="Прошло больше {days} дней: исправить или удалить оценку можно только с указанием причины.",
        en="More than {days} days have passed: a mark is corrected or removed only with a reason.",
    )


class StaleMark(Conflict):
    """Somebody changed the mark in between; `current` is how it stands now."""

    code = "stale_version"
    title = Text(ru="Оценку уже изменили", en="The mark has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}.",
        en="You changed version {base}, the current one is {current}.",
    )


class WeekUnknown(NotFound):
    """The path names no ISO week."""

    code = "week_unknown"
    title = Text(ru="Такой недели нет", en="There is no such week")
    detail = Text(
        ru="Неделя пишется как 2026-W48: год и номер недели по ISO 8601.",
        en="A week is written as 2026-W48: year and week number of ISO 8601.",
    )


class LessonsPeriodRequired(Unprocessable):
    """Lessons are listed for one day or one week."""

    code = "lessons_period_required"
    title = Text(ru="Укажите день или неделю", en="Name a day or a week")
    detail = Text(
        ru="Передайте ровно один параметр: date (2026-11-23) или week (2026-W48).",
        en="Pass exactly one parameter: date (2026-11-23) or week (2026-W48).",
    )


class HomeworkNotFound(NotFound):
    """Unknown, taken back, or of a class this caller has nothing to do with."""

    code = "homework_not_found"
    title = Text(ru="Задание не найдено", en="Homework not found")
    detail = Text(
        ru="Такого задания нет, его отменили или журнал этого класса вам не открыт.",
        en="There is no such homework, it was taken back, or the journal of its class is not open to you.",
    )


class SubjectUnknown(Unprocessable):
    """Not a subject of the school."""

    code = "subject_unknown"
    title = Text(ru="Такого предмета в школе нет", en="The school does not teach this subject")


class PupilsOwn(Forbidden):
    """Homework is ticked off by the pupil alone (J-1)."""

    code = "pupils_own"
    title = Text(ru="Это делает только сам ученик", en="Only the pupil does this")
    detail = Text(
        ru="Отметить задание выполненным может только сам ученик.",
        en="Homework is ticked off by the pupil, by nobody else.",
    )


class StaleVersion(Conflict):
    """Somebody changed the record in between."""

    code = "stale_version"
    title = Text(ru="Запись уже изменили", en="The record has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}. Обновите страницу и повторите.",
        en="You changed version {base}, the current one is {current}. Reload and try again.",
    )


class DaysOutOfRange(Unprocessable):
    """A span of days is from the first to the last, of a year at most."""

    code = "days_out_of_range"
    title = Text(ru="Проверьте даты", en="Check the dates")
    detail = Text(
        ru="Дата «по» не раньше даты «с», и между ними не больше года.",
        en="The last day is not before the first, and at most a year later.",
    )
