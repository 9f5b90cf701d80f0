"""The grid of a class in one subject (J-35): all that a teacher's page shows, as the bytes that are sent.

Two statements, however large the class: the page with its settings, and what stands on it. The cells come from the
database as JSON; of each pupil only the sums are taken in hand, for what is computed by rules: averages, trend, and
what the marks propose (J-12, J-16). `grid_answers` tells what the bytes mean.
"""

from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pydantic import TypeAdapter

from journal.attestation.page import thresholds_of
from journal.attestation.rules import Tally, Thresholds, propose_of
from journal.class_journal.grid_answers import GridHead, Reckoned
from journal.class_journal.grid_query import GRID
from journal.class_journal.page import Page
from journal.marks.rules import RECENT_MARKS, Sums, trend_between

_HEAD = TypeAdapter(GridHead)
_RECKONED = TypeAdapter(Reckoned)


async def read_grid(connection: Any, page: Page, now: datetime) -> bytes:
    """Read a page: `GridOut` as JSON."""
    return _HEAD.dump_json(GridHead.of(page))[:-1] + b"," + await _read(connection, page, now, whole=True)


async def read_changes(connection: Any, page: Page, now: datetime) -> bytes:
    """Read the columns that changed since the revision that the page was opened with: `ChangesOut` as JSON.

    Averages stay those of the whole page.
    """
    revision = b'{"revision":%d,' % page.revision
    if not page.changed:
        return revision + b'"control_forms":[],"authors":[],"groups":[],"columns":[],"pupils":[]}'
    return revision + await _read(connection, page, now, whole=False)


async def _read(connection: Any, page: Page, now: datetime, *, whole: bool) -> bytes:
    """The page's cells, or those of its changed columns, to the end of the JSON object that they are members of."""
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
    # Sorted here: the database would copy what is told for it.
    (_, above, *_), *pupils = sorted(map(tuple, rows), key=itemgetter(0))
    thresholds, minimum = thresholds_of(page.settings), page.settings.minimum_marks
    told = b",".join([b"%b,%b" % (told, _reckoned(tuple(sums), thresholds, minimum)) for _, told, *sums in pupils])
    return b'%b,"pupils":[%b]}' % (above, told)


@lru_cache(maxsize=4096)
def _reckoned(sums: tuple[int | None, ...], thresholds: Thresholds, minimum_marks: int) -> bytes:
    """What a pupil's sums give: members of a JSON object and its end.

    Remembered, for teachers open a page again and again, and few pupils have got a mark in between.
    """
    *counted, products_lately, weights_lately = (one or 0 for one in sums)
    products, weights, control, controls, class_, classes, home, homes = counted
    marks = Tally(products, weights, (control, controls), (class_, classes), (home, homes))
    whole = Sums(products, weights, marks.values, marks.count)
    trend = None
    if marks.count >= 2 * RECENT_MARKS:
        before = Sums(products - products_lately, weights - weights_lately)
        trend = trend_between(before, Sums(products_lately, weights_lately))
    reckoned = Reckoned(whole.weighted, whole.simple, trend, propose_of(marks, thresholds, minimum_marks))
    return _RECKONED.dump_json(reckoned)[1:]
