"""Files with mistakes, and files that are too large or of another kind."""

from collections.abc import Iterable
from typing import Any

from journal.mistakes import Mistake
from shared.http import Conflict, NotFound, Problem, TemporarilyUnavailable, Text, Unprocessable
from shared.http.texts import Language


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


class TooBusyToPrint(TemporarilyUnavailable):
    """So many papers are being made that another would only wait (J-34)."""

    code = "too_busy_to_print"
    title = Text(ru="Сейчас готовится много документов", en="Many documents are being made just now")
    detail = Text(ru="Повторите через полминуты.", en="Try again in half a minute.")

    def __init__(self) -> None:
        super().__init__(retry_after=30)
