"""Expected failures of journal."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from journal.mistakes import FileRule, Mistake
from shared.http import Conflict, Forbidden, NotFound, Problem, TemporarilyUnavailable, Text, Unprocessable
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


class FileRefused(Unprocessable):
    """A file has mistakes; nothing of it was taken. `errors` names file, line, column and rule of each."""

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


class TimetableRefused(FileRefused):
    """A timetable has mistakes."""

    code = "timetable_refused"
    title = Text(ru="В расписании есть ошибки", en="The timetable has mistakes")


class HistoryRefused(FileRefused):
    """A file of marks and absences from before has mistakes."""

    code = "history_refused"
    title = Text(ru="В файле истории есть ошибки", en="The file of history has mistakes")


class CityEventsRefused(FileRefused):
    """A file of city events has mistakes (J-27)."""

    code = "city_events_refused"
    title = Text(ru="В файле событий есть ошибки", en="The file of events has mistakes")


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


class ControlFormNotFound(NotFound):
    """The school has no form of this id (J-9)."""

    code = "control_form_not_found"
    title = Text(ru="Такой формы контроля нет", en="There is no such control form")


class ControlFormNameTaken(Conflict):
    """Names of control forms are unique in a school; an archived form keeps its name (J-9)."""

    code = "control_form_name_taken"
    title = Text(ru="Форма контроля с таким названием уже есть", en="A control form of this name exists already")
    detail = Text(
        ru="Форма «{name}» есть в школе; если она в архиве, её можно вернуть.",
        en="The school has “{name}”; if it is archived it can be brought back.",
    )


class StaleControlForm(Conflict):
    """Somebody changed the form in between; `current` is how it stands now."""

    code = "stale_control_form"
    title = Text(ru="Форму контроля уже изменили", en="The control form has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}.",
        en="You changed version {base}, the current one is {current}.",
    )


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
    """Somebody changed the mark, absence or point in between; `current` is how it stands now."""

    code = "stale_version"
    title = Text(ru="Эту клетку уже изменили", en="This cell has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}.",
        en="You changed version {base}, the current one is {current}.",
    )


class MarkExcludesAbsence(Unprocessable):
    """A mark and «н» of one pupil in one lesson exclude each other, unless a reason is given (J-13)."""

    code = "mark_excludes_absence"
    title = Text(ru="Оценка и «н» на одном уроке исключают друг друга", en="A mark and an absence exclude each other")
    detail = Text(
        ru="Если так и должно быть, укажите причину: например, работу ученик сдал позже.",
        en="If it is meant so, give a reason: the work was handed in later, for example.",
    )


class SeveralMarksInCell(Conflict):
    """The row does not say which of the marks in the cell it means."""

    code = "several_marks_in_cell"
    title = Text(ru="В клетке несколько оценок", en="There are several marks in the cell")
    detail = Text(ru="Укажите, какую из них вы меняете: mark_id.", en="Say which of them you change: mark_id.")


class AbsenceNotFound(NotFound):
    """The pupil is not marked absent or late in this lesson."""

    code = "absence_not_found"
    title = Text(ru="Отметки об отсутствии нет", en="There is no absence here")


class NotYourChild(Forbidden):
    """Reading a diary is not speaking for the child (J-21)."""

    code = "not_your_child"
    title = Text(ru="Предупредить об отсутствии может только родитель", en="Only a parent gives notice of an absence")
    detail = Text(
        ru="Нужны права законного представителя второго уровня.",
        en="This needs the rights of a representative of level 2.",
    )


class NoticeDaysWrong(Unprocessable):
    """A notice is given beforehand and for a bounded time (J-21)."""

    code = "notice_days_wrong"
    title = Text(ru="Проверьте дни отсутствия", en="Check the days of the absence")
    detail = Text(
        ru="Первый день — не раньше {today}, всего не больше {days} дней подряд.",
        en="The first day is not before {today}, and at most {days} days in a row.",
    )


class NoticeNotFound(NotFound):
    """Unknown, of another pupil, or withdrawn already."""

    code = "notice_not_found"
    title = Text(ru="Такого предупреждения нет", en="There is no such notice")


class NoticeHasBegun(Conflict):
    """A notice is withdrawn before its first day (J-21)."""

    code = "notice_has_begun"
    title = Text(ru="Отозвать уже нельзя", en="It is too late to withdraw")
    detail = Text(
        ru="Отсутствие начинается {first_day}: отозвать предупреждение можно было накануне. Скажите классному"
        " руководителю.",
        en="The absence begins on {first_day}: the notice could be withdrawn until the day before. Tell the class"
        " teacher.",
    )


class PointNotFound(NotFound):
    """No open point stands in the cell."""

    code = "point_not_found"
    title = Text(ru="Открытой точки здесь нет", en="There is no open point here")


class DueDatePassed(Unprocessable):
    """A point is due today or later, and not before its lesson (J-14)."""

    code = "due_date_passed"
    title = Text(ru="Срок точки уже прошёл", en="The due date has passed already")
    detail = Text(ru="Укажите день не раньше {earliest}.", en="Name a day not before {earliest}.")


class ColumnRefused(Unprocessable):
    """Asked for all or nothing, and some rows cannot be saved; `refused` says which and why (J-10)."""

    code = "column_refused"
    title = Text(ru="Сохранить всё не получилось", en="Not everything can be saved")
    detail = Text(ru="Строк с ошибками: {count}. Ничего не сохранено.", en="Rows refused: {count}. Nothing was saved.")

    def __init__(self, refused: Sequence[tuple[int, UUID, Problem]]) -> None:
        self.refused = refused
        super().__init__(count=len(refused))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its rows in one language."""
        rows = [
            {"row": row, "pupil_id": pupil_id, **in_words(problem, language)} for row, pupil_id, problem in self.refused
        ]
        return {**super().render(language, instance), "refused": rows}


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


class HomeworkFileNotFound(NotFound):
    """Unknown, taken off, or of a task that this caller may not read."""

    code = "homework_file_not_found"
    title = Text(ru="Файл не найден", en="File not found")
    detail = Text(
        ru="Такого файла нет, его убрали или задание этого класса вам не открыто.",
        en="There is no such file, it was taken off, or the homework of this class is not open to you.",
    )


class HomeworkFileTooLarge(Problem):
    """Up to 10 MB each (J-23)."""

    code = "homework_file_too_large"
    status = 413
    title = Text(ru="Файл больше 10 МБ", en="The file is over 10 MB")
    detail = Text(
        ru="Уменьшите файл или дайте в задании ссылку на него.",
        en="Make the file smaller, or give a link to it in the task.",
    )


class HomeworkFileTypeRefused(Unprocessable):
    """By what is inside; the name says nothing (J-23)."""

    code = "homework_file_type"
    title = Text(
        ru="Принимаются PDF, JPEG, PNG, DOCX, XLSX, PPTX и ODT", en="PDF, JPEG, PNG, DOCX, XLSX, PPTX, ODT are accepted"
    )
    detail = Text(
        ru="Файл другого вида, повреждён или содержит макросы; переименовать его не поможет. Сохраните его как PDF.",
        en="The file is of another kind, damaged, or has macros; renaming does not help. Save it as PDF.",
    )


class TooManyHomeworkFiles(Conflict):
    """Of one task (J-23)."""

    code = "too_many_homework_files"
    title = Text(ru="Не больше пяти файлов в задании", en="At most five files in a task")
    detail = Text(ru="Сначала уберите один из них.", en="Take one of them off first.")


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


class SpanUnclear(Unprocessable):
    """One of: a period, from and to, a year (J-31)."""

    code = "span_unclear"
    title = Text(ru="Уточните, за какое время", en="Say which days you mean")
    detail = Text(
        ru="Укажите что-то одно: период, даты «с» и «по» вместе или учебный год.",
        en="Name one of them: a period, the days from and to together, or a school year.",
    )


class StepsUnclear(Unprocessable):
    """A chart has one step in time (J-30)."""

    code = "steps_unclear"
    title = Text(ru="У графика один шаг по времени", en="A chart has one step in time")
    detail = Text(
        ru="Выберите неделю, месяц, период или год — что-то одно; предмет и вид работы можно добавить к любому из них.",
        en="Choose one of week, month, period, year; subject and category go with any of them.",
    )


class ViewersNotYours(Forbidden):
    """Who looked into a diary is told to representatives of level 2 alone (J-2)."""

    code = "viewers_not_yours"
    title = Text(ru="Кто смотрел дневник, видит только родитель", en="Only a parent sees who looked into the diary")
    detail = Text(
        ru="Нужны права законного представителя второго уровня.",
        en="This needs the rights of a representative of level 2.",
    )


class DaysOutOfRange(Unprocessable):
    """A span of days is from the first to the last, of a year at most."""

    code = "days_out_of_range"
    title = Text(ru="Проверьте даты", en="Check the dates")
    detail = Text(
        ru="Дата «по» не раньше даты «с», и между ними не больше года.",
        en="The last day is not before the first, and at most a year later.",
    )


class PeriodClosed(Conflict):
    """The lesson's period is closed: it is written into again only when the director has reopened it (J-11, J-19)."""

    code = "period_closed"
    title = Text(ru="Период закрыт", en="The period is closed")
    detail = Text(
        ru="«{title}» закрыт: изменить журнал можно после того, как директор откроет период с указанием причины.",
        en="“{title}” is closed: the journal can be changed once the director reopens the period with a reason.",
    )


class NotYoursToPlan(Forbidden):
    """For deputies and the director (J-1)."""

    code = "not_yours_to_plan"
    title = Text(ru="Это делает администрация школы", en="The school's direction does this")
    detail = Text(
        ru="Учебный год планируют завучи и директор, закрытый период открывает только директор.",
        en="Deputies and the director plan the school year; the director alone reopens a closed period.",
    )


class PeriodNotFound(NotFound):
    """Unknown, or of a school this caller has nothing to do with."""

    code = "period_not_found"
    title = Text(ru="Период не найден", en="Period not found")
    detail = Text(ru="Такого учебного периода нет.", en="There is no such attestation period.")


class PeriodsRefused(Unprocessable):
    """The plan of a year contradicts itself or the year; nothing of it was taken."""

    code = "periods_refused"
    title = Text(ru="В плане учебного года есть ошибки", en="The plan of the year has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Период выходит за учебный год.", en="The period lies outside the school year."),
        "ends_before_start": Text(ru="Период кончается раньше, чем начинается.", en="It ends before it starts."),
        "grades_reversed": Text(ru="Последний класс меньше первого.", en="The last grade is below the first."),
        "same_number": Text(
            ru="У одного класса два периода с этим номером.", en="One grade has two periods of this number."
        ),
        "overlaps": Text(ru="Пересекается с другим периодом того же класса.", en="Overlaps another of the same grade."),
    }

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {"field": f"body.periods[{index}]", "code": fault, "message": self.FAULTS[fault].format(language)}
            for index, fault in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}


class PeriodInUse(Conflict):
    """A period that has marks, or was closed once, stays."""

    code = "period_in_use"
    title = Text(ru="Период нельзя убрать", en="The period cannot be removed")
    detail = Text(
        ru="«{titles}»: за период уже выставлены оценки или он уже закрывался.",
        en="“{titles}”: marks were set for it, or it was closed before.",
    )


class PeriodNotForGrade(Unprocessable):
    """The period is of other grades than the class."""

    code = "period_not_for_grade"
    title = Text(ru="Это период других классов", en="A period of other grades")


class ThresholdsOutOfOrder(Unprocessable):
    """A 5 needs a higher average than a 4, a 4 than a 3 (J-16)."""

    code = "thresholds_out_of_order"
    title = Text(ru="Пороги идут не по порядку", en="The thresholds are out of order")
    detail = Text(
        ru="Порог пятёрки выше порога четвёрки, а он выше порога тройки; все от 1 до 5.",
        en="The threshold of a 5 is above that of a 4, which is above that of a 3; all from 1 to 5.",
    )


class PeriodNotClosed(Conflict):
    """Only a closed period is opened again."""

    code = "period_not_closed"
    title = Text(ru="Период не закрыт", en="The period is not closed")


class PeriodNotOver(Conflict):
    """A period is closed on its last day at the earliest (J-19)."""

    code = "period_not_over"
    title = Text(ru="Период ещё идёт", en="The period is not over")
    detail = Text(
        ru="Период закрывают не раньше его последнего дня: {ends_on}.",
        en="A period is closed on its last day at the earliest: {ends_on}.",
    )


class ReasonToDiffer(Unprocessable):
    """A period mark that differs from every proposal needs a reason (J-17)."""

    code = "reason_to_differ"
    title = Text(ru="Укажите причину", en="Give a reason")
    detail = Text(
        ru="Отметка отличается от предложенных ({proposed}): напишите, почему.",
        en="The mark differs from what is proposed ({proposed}): say why.",
    )


class TooFewMarks(Unprocessable):
    """Below the school's minimum a pupil is attested only with a reason (J-17)."""

    code = "too_few_marks"
    title = Text(ru="Мало отметок для аттестации", en="Too few marks to attest")
    detail = Text(
        ru="Отметок за период: {count}. Поставьте «н/а» или напишите, почему ученик аттестован.",
        en="Marks in the period: {count}. Set “not attested”, or say why the pupil is attested.",
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


class AnnouncementNotFound(NotFound):
    """Unknown, taken back, or not for this caller."""

    code = "announcement_not_found"
    title = Text(ru="Объявление не найдено", en="Announcement not found")
    detail = Text(
        ru="Такого объявления нет, его отозвали или оно не для вас.",
        en="There is no such announcement, it was taken back, or it is not for you.",
    )


class NotYoursToAnnounce(Forbidden):
    """A class is told by its teachers, a parallel by the direction (J-26)."""

    code = "not_yours_to_announce"
    title = Text(ru="Сюда объявляет кто-то другой", en="Others announce here")
    detail = Text(
        ru="Классу объявляют его учителя, параллели и школе — завучи и директор.",
        en="A class is told by its teachers, a parallel and the school by deputies and the director.",
    )


class FeedNotFound(NotFound):
    """Unknown, taken back, or its owner may no longer see this timetable."""

    code = "feed_not_found"
    title = Text(ru="Такого календаря нет", en="There is no such calendar")
    detail = Text(
        ru="Адрес неверен, отозван, или это расписание вам больше не открыто. Новый адрес можно получить в дневнике.",
        en="The address is wrong or taken back, or this timetable is no longer open to you. The diary makes a new one.",
    )


class NotATeacher(Forbidden):
    """Who teaches nowhere has no lessons of one's own."""

    code = "not_a_teacher"
    title = Text(ru="У вас нет своих уроков", en="You have no lessons of your own")


class TooManyFeeds(Conflict):
    """An account has as many addresses as it may."""

    code = "too_many_feeds"
    title = Text(ru="Слишком много адресов календаря", en="Too many calendar addresses")
    detail = Text(
        ru="Их не больше {most}: сначала отзовите те, которыми не пользуетесь.",
        en="There are at most {most}: take back those that you do not use.",
    )


class NotYoursToSign(Forbidden):
    """A week is signed by representatives of level 2 (J-1)."""

    code = "not_yours_to_sign"
    title = Text(ru="Подписать неделю вы не можете", en="You cannot sign the week")
    detail = Text(
        ru="Дневник подписывает законный представитель с полным доступом.",
        en="The diary is signed by a representative with full access.",
    )


class WeekNotOver(Conflict):
    """The present week is signed from its Friday on, a coming one not at all (J-32)."""

    code = "week_not_over"
    title = Text(ru="Неделя ещё не закончилась", en="The week is not over")
    detail = Text(ru="Подписать её можно с пятницы, {friday}.", en="It can be signed from Friday on, {friday}.")


class PageChanged(Conflict):
    """The page is no longer what was shown to the signer; `page_hash` is what it is now."""

    code = "page_changed"
    title = Text(ru="Страница дневника изменилась", en="The page has changed")
    detail = Text(
        ru="Пока вы подписывали, в дневнике появились изменения. Посмотрите неделю ещё раз и подпишите её.",
        en="While you were signing, the diary changed. Look at the week once more and sign it.",
    )


class ProofNotForThisPage(Forbidden):
    """The password or code was given for another page, or for none (J-32)."""

    code = "proof_not_for_this_page"
    title = Text(ru="Подтвердите подпись паролем", en="Confirm the signature by your password")
    detail = Text(
        ru="Пароль или код нужно ввести именно для этой страницы дневника.",
        en="The password or code has to be given for this very page of the diary.",
    )


class SignatureNotFound(NotFound):
    """Unknown, or of a diary that is not open to this caller."""

    code = "signature_not_found"
    title = Text(ru="Подпись не найдена", en="Signature not found")


class SigningNotSetUp(TemporarilyUnavailable):
    """The service was started without its keys for seals."""

    code = "signing_not_set_up"
    title = Text(ru="Подпись временно недоступна", en="Signing is not available at the moment")


class DateOutsideYear(Unprocessable):
    """Nothing is planned for a day outside the school year (J-4)."""

    code = "date_outside_year"
    title = Text(ru="Дата вне учебного года", en="The date is outside the school year")
    detail = Text(
        ru="Учебный год длится с {first} по {last}: выберите день внутри него.",
        en="The school year lasts from {first} to {last}: choose a day within it.",
    )


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


class TeacherUnknown(Unprocessable):
    """Not a teacher who works at the school now."""

    code = "teacher_unknown"
    title = Text(ru="Такого учителя в школе нет", en="The school has no such teacher")


class RoomUnknown(Unprocessable):
    """The school has listed its rooms, and this is none of them."""

    code = "room_unknown"
    title = Text(ru="Такого кабинета в школе нет", en="The school has no such room")
    detail = Text(ru="Кабинета «{room}» нет в списке кабинетов школы.", en="“{room}” is not a room of the school.")


class LessonsClash(Conflict):
    """A teacher, a room or a class would be in two lessons at once (J-4); `errors` names each clash."""

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


class WeeklyTimetableRefused(Unprocessable):
    """A weekly timetable names what the school does not have, or one place twice; nothing of it was taken."""

    code = "weekly_timetable_refused"
    title = Text(ru="В недельном расписании есть ошибки", en="The weekly timetable has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Дни выходят за учебный год.", en="The days lie outside the school year."),
        "ends_before_start": Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."),
        "place_twice": Text(ru="Два урока с одним номером в один день.", en="Two lessons of one number on one day."),
        "subject_unknown": Text(ru="Такого предмета в школе нет.", en="The school does not teach this subject."),
        "teacher_unknown": Text(ru="Такого учителя в школе нет.", en="The school has no such teacher."),
        "room_unknown": Text(ru="Такого кабинета в школе нет.", en="The school has no such room."),
    }

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {"field": f"body.{field}", "code": fault, "message": self.FAULTS[fault].format(language)}
            for field, fault in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}


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


class CurriculumRefused(Unprocessable):
    """A curriculum contradicts the school or itself (J-7); nothing of it was taken."""

    code = "curriculum_refused"
    title = Text(ru="В учебном плане есть ошибки", en="The curriculum has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "profile_too_early": Text(ru="Профиль бывает с 10 класса.", en="There are profiles from grade 10 on."),
        "class_unknown": Text(ru="В этой параллели нет такого класса.", en="The parallel has no such class."),
        "subject_unknown": Text(ru="Такого предмета в школе нет.", en="The school does not teach this subject."),
        "subject_twice": Text(ru="Предмет указан дважды.", en="The subject stands twice."),
    }

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {"field": f"body.{field}", "code": fault, "message": self.FAULTS[fault].format(language)}
            for field, fault in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}


class HolidaysRefused(Unprocessable):
    """The holidays of a year contradict themselves or the year; nothing of them was taken."""

    code = "holidays_refused"
    title = Text(ru="В каникулах и выходных есть ошибки", en="The holidays have mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Дни выходят за учебный год.", en="The days lie outside the school year."),
        "ends_before_start": Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."),
        "grades_reversed": Text(ru="Последний класс меньше первого.", en="The last grade is below the first."),
        "overlaps": Text(ru="Пересекается с другими для того же класса.", en="Overlaps another of the same grade."),
    }

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {"field": f"body.holidays[{index}]", "code": fault, "message": self.FAULTS[fault].format(language)}
            for index, fault in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}


class NotYourOwnData(Forbidden):
    """Whoever may look into a diary does not thereby take all of it along (J-34)."""

    code = "not_your_own_data"
    title = Text(ru="Выгрузить данные может только семья", en="Only the family exports these data")
    detail = Text(
        ru="Все данные об ученике выгружает он сам или его законный представитель.",
        en="All data about a pupil are exported by the pupil or a legal representative.",
    )


class TooBusyToPrint(TemporarilyUnavailable):
    """So many papers are being made that another would only wait (J-34)."""

    code = "too_busy_to_print"
    title = Text(ru="Сейчас готовится много документов", en="Many documents are being made just now")
    detail = Text(ru="Повторите через полминуты.", en="Try again in half a minute.")

    def __init__(self) -> None:
        super().__init__(retry_after=30)
