"""Marks, absences and points that cannot stand where they were put."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from journal.errors.places import in_words
from shared.http import Conflict, NotFound, Problem, Text, Unprocessable
from shared.http.texts import Language


class MarkNotFound(NotFound):
    """Unknown, removed, or of a class this caller has nothing to do with."""

    code = "mark_not_found"
    title = Text(ru="Оценка не найдена", en="Mark not found")
    detail = Text(
        ru="Такой оценки нет, она удалена или журнал этого класса вам не открыт.",
        en="There is no such mark, it was removed, or the journal of its class is not open to you.",
    )


class ControlFormUnknown(Unprocessable):
    """Not a control form of the lesson's school (J-9)."""

    code = "control_form_unknown"
    title = Text(ru="Такой формы контроля в школе нет", en="The school has no such control form")
    detail = Text(
        ru="Выберите форму контроля из списка школы: эта не указана или убрана в архив.",
        en="Choose a control form from the school's list: this one is not named, or archived.",
    )


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


class SubjectHasNoMarks(Unprocessable):
    """The school's settings say of the subject that no marks are set in it; «н» and homework are as in any other."""

    code = "subject_has_no_marks"
    title = Text(ru="По этому предмету отметки не ставятся", en="No marks are set in this subject")
    detail = Text(
        ru="По предмету «{subject}» отметки не ставятся: так записано в настройках школы. Отсутствия и домашние"
        " задания записывают как обычно.",
        en="No marks are set in “{subject}”: the school's settings say so. Absences and homework are written as usual.",
    )


class ReasonRequired(Unprocessable):
    """The edit window is over (J-11)."""

    code = "reason_required"
    title = Text(ru="Укажите причину", en="Give a reason")
    detail = Text(
        ru="Время на исправление без объяснений (дней: {days}) прошло: напишите, почему вы исправляете или удаляете.",
        en="The time to correct without explaining (days: {days}) is over: say why you correct or remove it.",
    )


class StaleMark(Conflict):
    """Somebody changed the mark, absence or point in between; `current` is how it stands now."""

    code = "stale_version"
    title = Text(ru="Эту клетку уже изменили", en="This cell has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {current}. Посмотрите, что в клетке, и повторите.",
        en="You changed version {base}, the current one is {current}. See what stands in the cell and try again.",
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
    detail = Text(
        ru="Ученик на этом уроке был и не опоздал: убирать нечего. Обновите страницу.",
        en="The pupil was there and in time: there is nothing to take back. Reload the page.",
    )


class PointNotFound(NotFound):
    """No open point stands in the cell."""

    code = "point_not_found"
    title = Text(ru="Открытой точки здесь нет", en="There is no open point here")
    detail = Text(
        ru="Её уже сняли, закрыли оценкой или её срок прошёл. Обновите страницу.",
        en="It was taken back, settled by a mark, or its due date has passed. Reload the page.",
    )


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

    def __init__(self, refused: Sequence[tuple[int, UUID, Problem]], cells: Mapping[UUID, Any]) -> None:
        """`cells` are those of the refused rows as they stand; the route that knows how they are shown renders them."""
        self.refused = refused
        self.cells = cells
        super().__init__(count=len(refused))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its rows in one language."""
        rows = [
            {"row": row, "pupil_id": pupil_id, **in_words(problem, language), "current": self.cells.get(pupil_id)}
            for row, pupil_id, problem in self.refused
        ]
        return {**super().render(language, instance), "refused": rows}


class StepsUnclear(Unprocessable):
    """A chart has one step in time (J-30)."""

    code = "steps_unclear"
    title = Text(ru="У графика один шаг по времени", en="A chart has one step in time")
    detail = Text(
        ru="Выберите неделю, месяц, период или год — что-то одно; предмет и вид работы можно добавить к любому из них.",
        en="Choose one of week, month, period, year; subject and category go with any of them.",
    )
