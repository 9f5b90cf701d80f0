"""Papers as XLSX. Texts are written as texts: what begins like a formula never becomes one (J-34)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from journal.reports.journal_paper import JournalPaper
from journal.reports.performance_paper import PerformancePaper
from journal.reports.rules import days, looks_like_formula
from journal.reports.words import words
from shared.http import Language


class _Sheet:
    """One sheet, written from top to bottom: in constant memory a row is gone once the next one begins."""

    def __init__(self, book: Any, name: str, widths: dict[str, float]) -> None:
        self._book = book
        self._sheet = book.add_worksheet(name)
        self._row = 0
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        for columns, width in widths.items():
            self._sheet.set_column(columns, width)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)  # A4
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C&P / &N")

    def line(self, *values: Any, **format_: Any) -> None:
        """The next row: numbers and dates as such, everything else as text."""
        for column, value in enumerate(values):
            self._write(column, value, format_)
        self._row += 1

    def freeze(self, columns: int) -> None:
        """Keep what is above and left of here in sight, and repeat it on each printed page."""
        self._sheet.freeze_panes(self._row, columns)
        self._sheet.repeat_rows(self._row - 1)
        if columns:
            self._sheet.repeat_columns(0, columns - 1)

    def _write(self, column: int, value: Any, format_: dict[str, Any]) -> None:
        if value is None or value == "":
            self._sheet.write_blank(self._row, column, None, self._format(format_))
        elif isinstance(value, date):
            # Excel knows no date alone.
            at = datetime.combine(value, time())
            self._sheet.write_datetime(self._row, column, at, self._format({**format_, "num_format": "dd.mm.yyyy"}))
        elif isinstance(value, float):
            self._sheet.write_number(self._row, column, value, self._format({**format_, "num_format": "0.00"}))
        elif isinstance(value, int):
            self._sheet.write_number(self._row, column, value, self._format(format_))
        else:
            marked = {"quote_prefix": True} if looks_like_formula(value) else {}
            # Never `write`, which looks for formulas, links and numbers in texts.
            self._sheet.write_string(self._row, column, value, self._format({**format_, **marked}))

    def _format(self, format_: dict[str, Any]) -> Any:
        key = tuple(sorted(format_.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(format_))
        return self._formats[key]


HEAD = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#EEEEEE"}
BODY = {"border": 1, "valign": "top", "text_wrap": True}


def journal_workbook(paper: JournalPaper, language: Language) -> bytes:
    """Two sheets: pupils by lessons, and what the lessons were about."""
    say = words(language)
    with _book() as (book, content):
        sheet = _Sheet(book, say["marks"], {"A:A": 4, "B:B": 34, "C:XFD": 6})
        _title(sheet, paper.school, f"{say['journal']}: {paper.class_name}, {paper.subject}")
        sheet.line(f"{paper.period or say['school_year']}: {days(paper.first_day, paper.last_day)}")
        sheet.line(f"{say['teacher']}: {', '.join(paper.teachers)}")
        sheet.line(say["legend"], italic=True)
        dates = [f"{column.date:%d.%m}\n{column.number}" for column in paper.columns]
        sheet.line("№", say["pupil"], *dates, say["weighted"], say["missed"], say["of_period"], **HEAD)
        sheet.freeze(2)
        for number, line in enumerate(paper.lines, 1):
            cells = [_number(cell) for cell in line.cells]
            of_period = _number(line.period_mark)
            sheet.line(number, line.name, *cells, _decimal(line.weighted), line.absences, of_period, **BODY)
        sheet = _Sheet(book, say["topics"], {"A:A": 12, "B:B": 7, "C:D": 60})
        sheet.line(say["date"], say["lesson"], say["topic"], say["homework"], **HEAD)
        sheet.freeze(0)
        for column in paper.columns:
            sheet.line(column.date, column.number, column.topic, column.homework, **BODY)
    return content.getvalue()


def performance_workbook(paper: PerformancePaper, language: Language) -> bytes:
    """One sheet: a subject in each row."""
    say = words(language)
    with _book() as (book, content):
        sheet = _Sheet(book, say["marks"], {"A:A": 30, "B:B": 60, "C:XFD": 11})
        _title(sheet, paper.school, f"{say['performance']}: {paper.pupil}, {paper.class_name}")
        sheet.line(f"{paper.period or say['school_year']}: {days(paper.first_day, paper.last_day)}")
        counts = ("mean", "weighted", "missed", "late")
        heads = (say["subject"], say["marks"], *(say[name] for name in counts), *paper.periods, say["of_year"])
        sheet.line(*heads, **HEAD)
        sheet.freeze(1)
        for line in paper.lines:
            sheet.line(
                line.title,
                " ".join(line.marks),
                _decimal(line.simple),
                _decimal(line.weighted),
                line.absent,
                line.late,
                *(_number(mark) for mark in line.period_marks),
                _number(line.year_mark),
                **BODY,
            )
    return content.getvalue()


@contextmanager
def _book() -> Iterator[tuple[Any, io.BytesIO]]:
    content = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        yield book, content


def _title(sheet: _Sheet, school: str, title: str) -> None:
    sheet.line(school)
    sheet.line(title, bold=True, font_size=14)


def _number(cell: str) -> int | str:
    """A single mark as a number, so that the workbook can count it; «5/4» and «н» are words."""
    return int(cell) if cell.isascii() and cell.isdecimal() else cell


def _decimal(average: str) -> float | str:
    return float(average) if average else ""
