"""The days that a family looks at: a period, a school year, or days chosen freely (J-31)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from journal.days import require_days
from journal.errors import SpanUnclear


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for; nothing: the period that runs now, in holidays the school year so far."""

    period_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    year: int | None = None
    """In which the school year begins."""

    @classmethod
    def asked(cls, period_id: UUID | None, first: date | None, last: date | None, year: int | None) -> "Span":
        """Read one of `period`, `from` and `to`, `year`.

        Raises:
            SpanUnclear: more than one of them, or only one of the days.
            DaysOutOfRange: backwards, or more than a year.
        """
        if (first is None) != (last is None) or sum(one is not None for one in (period_id, first, year)) > 1:
            raise SpanUnclear
        if first is not None and last is not None:
            require_days(first, last)
        return cls(period_id, first, last, year)


# $1 school, $2 pupil, $3 period, $4 first and $5 last day, $6 year, $7 today, $8 grade. No row: no such period.
# A school year is known by its periods, by the school's card, or by what the pupil was given in it.
SPAN = """
    years AS (
      SELECT year_starts_on FROM periods WHERE school_id = $1
      UNION SELECT year_starts_on FROM schools WHERE school_id = $1
      UNION SELECT year_starts_on FROM attestation_marks WHERE school_id = $1 AND pupil_id = $2
    ),
    of_year AS (
      SELECT coalesce(
        max(year_starts_on),
        make_date(coalesce($6::int, extract(year FROM coalesce($5::date, $7::date) - interval '8 months')::int), 9, 1)
      ) AS starts_on
      FROM years
      WHERE CASE WHEN $6::int IS NULL THEN year_starts_on <= coalesce($5::date, $7::date)
                 ELSE extract(year FROM year_starts_on) = $6::int END
    ),
    span AS MATERIALIZED (
      SELECT p.period_id, coalesce($4::date, p.starts_on, y.starts_on) AS first,
             coalesce($5::date, p.ends_on, (y.starts_on + interval '1 year')::date - 1) AS last,
             coalesce(p.year_starts_on, y.starts_on) AS year_starts_on
      FROM of_year y
      LEFT JOIN LATERAL (
        SELECT * FROM periods
        WHERE school_id = $1 AND CASE
          WHEN $3::uuid IS NOT NULL THEN period_id = $3::uuid
          ELSE $4::date IS NULL AND $6::int IS NULL AND $7::date BETWEEN starts_on AND ends_on
            AND $8::int BETWEEN first_grade AND last_grade
        END
        ORDER BY starts_on DESC LIMIT 1
      ) p ON true
      WHERE $3::uuid IS NULL OR p.period_id IS NOT NULL
    ),
    -- Of the grade that the pupil was in then, and those that something was given for.
    of_pupil AS (
      SELECT p.* FROM span JOIN periods p ON p.school_id = $1 AND p.year_starts_on = span.year_starts_on
      WHERE $8::int - (extract(year FROM (SELECT year_starts_on FROM schools WHERE school_id = $1))
                       - extract(year FROM p.year_starts_on)) BETWEEN p.first_grade AND p.last_grade
        OR p.period_id IN (SELECT period_id FROM attestation_marks
                           WHERE school_id = $1 AND pupil_id = $2 AND year_starts_on = p.year_starts_on)
    )
"""
"""CTEs `span` (period_id, first, last, year_starts_on) and `of_pupil` (the year's periods)."""
