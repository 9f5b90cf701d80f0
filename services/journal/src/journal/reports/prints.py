"""Papers as PDF, set by Typst (J-34): templates are ours, what people wrote is data and never read as markup."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from journal.reports.journal_paper import JournalPaper
from journal.reports.performance_paper import PerformancePaper
from journal.reports.rules import day, days, pieces
from journal.reports.words import words
from shared.http import Language

COLUMNS_ON_PAGE = 30
"""Lessons beside the pupils' names on a page of A4 laid across."""
_TEMPLATES = Path(__file__).parent / "templates"


def journal_print(paper: JournalPaper, language: Language) -> bytes:
    """Pages of the grid, as many as the lessons need, then topics and homework."""
    say = words(language)
    numbered = list(enumerate(paper.columns))
    return _print(
        "journal.typ",
        {
            **_head(paper, say, language),
            "class_name": paper.class_name,
            "subject": paper.subject,
            "teachers": ", ".join(paper.teachers),
            "names": [line.name for line in paper.lines],
            "summary": [[line.weighted, str(line.absences), line.period_mark] for line in paper.lines],
            "pages": [
                {
                    "dates": [f"{column.date:%d.%m}" for _, column in piece],
                    "cells": [[line.cells[index] for index, _ in piece] for line in paper.lines],
                }
                for piece in pieces(numbered, COLUMNS_ON_PAGE)
            ],
            "topics": [
                [day(column.date), str(column.number), column.topic, column.homework] for column in paper.columns
            ],
        },
        # Structure for screen readers would make the grid's thousands of cells sixteen times as large: it goes on
        # paper, and who cannot see it has the workbook.
        tagged=False,
    )


def performance_print(paper: PerformancePaper, language: Language) -> bytes:
    """One table, a subject in each row."""
    say = words(language)
    counts = ["" if n is None else str(n) for line in paper.lines for n in (line.absent, line.late)]
    return _print(
        "performance.typ",
        {
            **_head(paper, say, language),
            "class_name": paper.class_name,
            "pupil": paper.pupil,
            "periods": paper.periods,
            "lines": [
                {
                    "title": line.title,
                    "marks": line.marks,
                    "counts": [line.simple, line.weighted, *counts[2 * index : 2 * index + 2]],
                    "given": [*line.period_marks, line.year_mark],
                }
                for index, line in enumerate(paper.lines)
            ],
        },
    )


def _head(paper: JournalPaper | PerformancePaper, say: dict[str, str], language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "say": say,
        "school": paper.school,
        "period": f"{paper.period or say['school_year']}: {days(paper.first_day, paper.last_day)}",
        "made_on": day(paper.made_on),
    }


def _print(template: str, data: dict[str, Any], *, tagged: bool = True) -> bytes:
    # The fonts that come with Typst, whatever the machine has: the same paper everywhere, with Cyrillic letters.
    pdf = typst.compile(
        _template(template),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_tags=tagged,
    )
    assert isinstance(pdf, bytes), "one file without a name is bytes"
    return pdf


@cache
def _template(name: str) -> bytes:
    return (_TEMPLATES / name).read_bytes()
