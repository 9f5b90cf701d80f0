"""Who and what is not there, or not for this caller; days and versions that do not fit."""

from shared.http import Conflict, Forbidden, NotFound, Problem, Text, Unprocessable
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


class NotYourLesson(Forbidden):
    """What a class's teacher writes, marks and homework and more, nobody else writes (J-1)."""

    code = "not_your_lesson"
    title = Text(ru="Здесь пишет другой учитель", en="Another teacher writes here")
    detail = Text(
        ru="Записи по предмету в классе ведёт только назначенный учитель, о классе в целом — классный руководитель.",
        en="Only the teacher assigned to the subject and class writes here; of the whole class, its class teacher.",
    )


class PupilNotInClass(Unprocessable):
    """A mark was meant for somebody who is not in the class of the lesson."""

    code = "pupil_not_in_class"
    title = Text(ru="Этот ученик не учится в этом классе", en="This pupil is not in this class")
    detail = Text(
        ru="Оценка ставится ученику того класса, у которого был урок.",
        en="A mark goes to a pupil of the class that had the lesson.",
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


class PupilNotInGroup(Unprocessable):
    """The lesson is of a group of the class, and this pupil is not in it (J-4)."""

    code = "pupil_not_in_group"
    title = Text(ru="Этот ученик не занимается в этой группе", en="This pupil is not in this group")
    detail = Text(
        ru="Урок идёт у группы «{group}»: отметки, «н» и точки на нём — только у её учеников.",
        en="The lesson is of the group “{group}”: marks, absences and points in it are for its pupils alone.",
    )


class GroupUnknown(Unprocessable):
    """Not a group of this class and subject, or it has ended."""

    code = "group_unknown"
    title = Text(ru="Такой группы по этому предмету в классе нет", en="The class has no such group in this subject")


class SubjectUnknown(Unprocessable):
    """Not a subject of the school."""

    code = "subject_unknown"
    title = Text(ru="Такого предмета в школе нет", en="The school does not teach this subject")


class StaleVersion(Conflict):
    """Somebody changed the record in between."""

    code = "stale_version"
    title = Text(ru="Запись уже изменили", en="The record has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}. Обновите страницу и повторите.",
        en="You changed version {base}, the current one is {current}. Reload and try again.",
    )


class SpanUnclear(Unprocessable):
    """One of: a period, from and to, a year (J-31)."""

    code = "span_unclear"
    title = Text(ru="Уточните, за какое время", en="Say which days you mean")
    detail = Text(
        ru="Укажите что-то одно: период, даты «с» и «по» вместе или учебный год.",
        en="Name one of them: a period, the days from and to together, or a school year.",
    )


class DaysOutOfRange(Unprocessable):
    """Days are asked for from the first to the last, and not too many at once."""

    code = "days_out_of_range"
    title = Text(ru="Проверьте даты", en="Check the dates")
    detail = Text(
        ru="Дата «по» не раньше даты «с», а всего дней не больше {most}.",
        en="The last day is not before the first, and there are at most {most} days.",
    )


class RowRepeated(Unprocessable):
    """Two rows of one request change the same thing."""

    code = "row_repeated"
    title = Text(ru="Эта запись уже есть в запросе", en="The request has this row already")
    detail = Text(
        ru="Одну оценку, отметку о посещении или точку в одном запросе меняют один раз.",
        en="A mark, an absence or a point is changed once in a request.",
    )


def in_words(problem: Problem, language: Language) -> dict[str, str]:
    """Code and texts of a problem that is part of an answer."""
    title = problem.title.format(language, **problem.fields)
    detail = (problem.detail or problem.title).format(language, **problem.fields)
    return {"code": problem.code, "title": title, "detail": detail}


class NotATeacher(Forbidden):
    """Who teaches nowhere has no lessons of one's own."""

    code = "not_a_teacher"
    title = Text(ru="У вас нет своих уроков", en="You have no lessons of your own")


class DateOutsideYear(Unprocessable):
    """Nothing is planned for a day outside the school year (J-4)."""

    code = "date_outside_year"
    title = Text(ru="Дата вне учебного года", en="The date is outside the school year")
    detail = Text(
        ru="Учебный год длится с {first} по {last}: выберите день внутри него.",
        en="The school year lasts from {first} to {last}: choose a day within it.",
    )


class TeacherUnknown(Unprocessable):
    """Not a teacher who works at the school now."""

    code = "teacher_unknown"
    title = Text(ru="Такого учителя в школе нет", en="The school has no such teacher")
