"""The own average against the class's (J-30): over time, by subject, by category of the control form, all combined.

Nobody's mark can be reckoned from it. A class average stands only where at least five pupils have marks; it is always
that of the whole week, month, period or year, so that no two charts differ by one day; and it has one decimal place,
so that one mark more or less hardly moves it.
"""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from journal.access.read_diary import Reading
from journal.diary.spans import SPAN, Span
from journal.diary.sql import COUNTS, average_of
from journal.errors import PeriodNotFound, StepsUnclear

By = Literal["subject", "category", "week", "month", "period", "year"]
Step = Literal["week", "month", "period", "year"]
FEWEST = 5
"""Pupils with marks, the own one among them, from whom on a class average says nothing about anybody."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is drawn, and by what it is split."""

    by_subject: bool
    by_category: bool
    step: Step
    subject_id: UUID | None = None
    category: str | None = None

    @classmethod
    def asked(cls, by: list[By], subject_id: UUID | None, category: str | None) -> "Criteria":
        """Read `by`; without any step in time, the year.

        Raises:
            StepsUnclear: two steps in time.
        """
        steps = [one for one in get_args(Step) if one in by]
        if len(steps) > 1:
            raise StepsUnclear
        step: Step = steps[0] if steps else "year"
        return cls("subject" in by, "category" in by, step, subject_id, category)


async def read_chart(reading: Reading, span: Span, criteria: Criteria) -> str:
    """A JSON object with from, to and points, as PostgreSQL writes it.

    Raises:
        PeriodNotFound: the school has no such period.
    """
    pupil = reading.diary.pupil
    chart: str | None = await reading.connection.fetchval(
        CHARTS[criteria.step],
        pupil.school_id,
        pupil.pupil_id,
        span.period_id,
        span.first,
        span.last,
        span.year,
        reading.today,
        reading.grade,
        # Who left has no class to be compared with.
        None if pupil.left_on else pupil.class_id,
        criteria.subject_id,
        criteria.category,
        criteria.by_subject,
        criteria.by_category,
    )
    if chart is None:
        raise PeriodNotFound
    return chart


# Of each step: where the bucket of a day begins, and first and last day of all buckets that the span touches.
_STEPS: dict[Step, tuple[str, str, str]] = {
    "week": (
        "date_trunc('week', m.date)::date",
        "date_trunc('week', span.first)::date",
        "date_trunc('week', span.last)::date + 6",
    ),
    "month": (
        "date_trunc('month', m.date)::date",
        "date_trunc('month', span.first)::date",
        "(date_trunc('month', span.last) + interval '1 month')::date - 1",
    ),
    "period": (
        "(SELECT max(q.starts_on) FROM of_pupil q WHERE m.date BETWEEN q.starts_on AND q.ends_on)",
        "(SELECT min(q.starts_on) FROM of_pupil q WHERE q.ends_on >= span.first AND q.starts_on <= span.last)",
        "(SELECT max(q.ends_on) FROM of_pupil q WHERE q.ends_on >= span.first AND q.starts_on <= span.last)",
    ),
    "year": (
        "(SELECT year_starts_on FROM span)",
        "span.year_starts_on",
        "(span.year_starts_on + interval '1 year')::date - 1",
    ),
}


def _chart(bucket: str, first: str, last: str) -> str:
    own = "m.pupil_id = $2 AND m.date BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)"
    return f"""
    WITH {SPAN},
    whole AS MATERIALIZED (SELECT {first} AS first, {last} AS last FROM span),
    mates AS (
      SELECT pupil_id FROM pupils WHERE school_id = $1 AND class_id = $9::uuid AND left_on IS NULL
      UNION SELECT $2::uuid
    ),
    of_class AS (
      SELECT m.pupil_id, m.date, m.value::int AS value, f.weight, {bucket} AS starts_on,
             CASE WHEN $12 THEN m.subject_id END AS subject_id, CASE WHEN $13 THEN f.category END AS category
      FROM mates
      JOIN marks m ON m.school_id = $1 AND m.pupil_id = mates.pupil_id
      JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
      WHERE m.removed_at IS NULL AND {COUNTS}
        AND m.date BETWEEN (SELECT first FROM whole) AND (SELECT last FROM whole)
        AND ($10::uuid IS NULL OR m.subject_id = $10::uuid) AND ($11::text IS NULL OR f.category = $11::text)
    ),
    points AS (
      SELECT m.subject_id, m.category, m.starts_on, count(*) FILTER (WHERE {own}) AS own_marks,
             {average_of(f"sum(value * weight) FILTER (WHERE {own})", f"sum(weight) FILTER (WHERE {own})")} AS own,
             CASE WHEN count(DISTINCT m.pupil_id) >= {FEWEST}
               THEN {average_of("sum(value * weight)", "sum(weight)", places=1)} END AS class
      FROM of_class m
      WHERE m.starts_on IS NOT NULL
      GROUP BY m.subject_id, m.category, m.starts_on
    )
    SELECT json_build_object(
      'from', span.first, 'to', span.last, 'points', (
        SELECT coalesce(json_agg(json_build_object(
                 'subject_id', p.subject_id, 'subject', s.title, 'category', p.category, 'starts_on', p.starts_on,
                 'own_marks', p.own_marks, 'own_average', p.own, 'class_average', p.class)
                 ORDER BY s.title, p.subject_id, p.category, p.starts_on), '[]')
        FROM points p
        LEFT JOIN subjects s ON s.school_id = $1 AND s.subject_id = p.subject_id
        WHERE p.own_marks > 0 OR p.class IS NOT NULL
      )
    )::text
    FROM span
    """  # noqa: S608 - made of constants


CHARTS: dict[Step, str] = {step: _chart(*parts) for step, parts in _STEPS.items()}
