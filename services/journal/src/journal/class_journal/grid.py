"""The grid of a class in one subject (J-35): all that a teacher's page shows, as the bytes that are sent.

Two statements, however large the class: the page with its settings, and what stands on it. The cells come from the
database as JSON; of each pupil only the sums are taken in hand, for what is computed by rules: averages, trend, and
what the marks propose (J-12, J-16). `grid_answers` tells what the bytes mean.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from journal.attestation.page import thresholds_of
from journal.attestation.rules import Tally, Thresholds, propose_of
from journal.calendar.rules import SchoolSettings
from journal.class_journal.grid_answers import GridHead, Reckoned
from journal.class_journal.grid_query import GRID
from journal.class_journal.page import Page
from journal.marks.rules import RECENT_MARKS, Sums, trend_between

_HEAD = TypeAdapter(GridHead)
_RECKONED = TypeAdapter(Reckoned)


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands on a page: members of a JSON object, without its braces."""

    columns: str
    """`control_forms`, `authors` and `columns`."""
    pupils: str
    """`pupils`."""

    @property
    def told(self) -> str:
        return f'{self.columns},"pupils":[{self.pupils}]'


async def read_grid(connection: Any, page: Page, now: datetime) -> bytes:
    """Read a page: `GridOut` as JSON."""
    cells = await _read(connection, page, now, whole=True)
    head = _HEAD.dump_json(GridHead.of(page)).decode()
    return f"{head[:-1]},{cells.told}}}".encode()


async def read_changes(connection: Any, page: Page, now: datetime) -> bytes:
    """Read the columns that changed since the revision that the page was opened with: `ChangesOut` as JSON.

    Averages stay those of the whole page.
    """
    if not page.changed:
        told = '"control_forms":[],"authors":[],"columns":[],"pupils":[]'
    else:
        told = (await _read(connection, page, now, whole=False)).told
    return f'{{"revision":{page.revision},{told}}}'.encode()


async def _read(connection: Any, page: Page, now: datetime, *, whole: bool) -> Cells:
    """The page's cells, or those of its changed columns."""
    rows = await connection.fetch(
        GRID,
        page.school_class.school_id,
        page.school_class.class_id,
        page.subject_id,
        page.first_day,
        page.last_day,
        whole,
        page.changed,
        RECENT_MARKS,
        now - page.settings.edit_window,
        [first for first, _ in page.closed],
        [last for _, last in page.closed],
        page.may_edit,
        page.may_take_attendance,
    )
    above, pupils = rows[0], rows[1:]
    thresholds = thresholds_of(page.settings)
    return Cells(above["told"], ",".join(_row(row, thresholds, page.settings) for row in pupils))


def _row(row: Any, thresholds: Thresholds, settings: SchoolSettings) -> str:
    # By place, not by name: a name is looked up anew in each row.
    _, told, products, weights, *categories, products_lately, weights_lately = tuple(row)
    control, controls, class_, classes, home, homes = categories
    marks = Tally(
        products or 0,
        weights or 0,
        (control or 0, controls or 0),
        (class_ or 0, classes or 0),
        (home or 0, homes or 0),
    )
    sums = Sums(marks.products, marks.weights, marks.values, marks.count)
    trend = None
    if marks.count >= 2 * RECENT_MARKS:
        before = Sums(products - products_lately, weights - weights_lately)
        trend = trend_between(before, Sums(products_lately, weights_lately))
    reckoned = Reckoned(sums.weighted, sums.simple, trend, propose_of(marks, thresholds, settings.minimum_marks))
    return f"{told},{_RECKONED.dump_json(reckoned).decode()[1:]}"
