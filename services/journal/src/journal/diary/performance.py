"""The performance table (J-29) in one statement, for a period, a year, or days chosen freely (J-31)."""

from journal.access.read_diary import Reading
from journal.calendar.unmarked import has_marks
from journal.diary.spans import SPAN, Span
from journal.diary.sql import COUNTS, MARK, MARKS, average_of
from journal.errors import PeriodNotFound
from journal.instants import instants


async def read_performance(reading: Reading, span: Span) -> str:
    """A JSON object with from, to, periods and subjects, as PostgreSQL writes it.

    Raises:
        PeriodNotFound: the school has no such period.
    """
    pupil = reading.diary.pupil
    table: str | None = await reading.connection.fetchval(
        PERFORMANCE,
        pupil.school_id,
        pupil.pupil_id,
        span.period_id,
        span.first,
        span.last,
        span.year,
        reading.today,
        reading.grade,
        "attendance" in reading.diary.sections,
    )
    if table is None:
        raise PeriodNotFound
    return table


PERFORMANCE = f"""
    WITH {SPAN},
    of_days AS (
      SELECT m.subject_id, count(*) FILTER (WHERE {COUNTS}) AS counted,
             sum(m.value::int * f.weight) FILTER (WHERE {COUNTS}) AS products,
             sum(f.weight) FILTER (WHERE {COUNTS}) AS weights,
             sum(m.value::int) FILTER (WHERE {COUNTS}) AS total,
             json_agg(json_build_object('date', m.date, 'lesson_id', m.lesson_id, {MARK})
                      ORDER BY m.date, m.posted_at, m.mark_id) AS found
      FROM {MARKS}
      WHERE m.school_id = $1 AND m.pupil_id = $2 AND m.removed_at IS NULL
        AND m.date BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)
      GROUP BY m.subject_id
    ),
    missed AS (
      SELECT subject_id, count(*) FILTER (WHERE kind = 'absent') AS absent,
             count(*) FILTER (WHERE kind = 'late') AS late
      FROM absences
      WHERE $9 AND school_id = $1 AND pupil_id = $2 AND removed_at IS NULL
        AND date BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)
      GROUP BY subject_id
    ),
    given AS (
      SELECT p.subject_id, max(p.value) FILTER (WHERE p.period_id IS NULL) AS of_year,
             json_agg(json_build_object(
               'period_id', p.period_id, 'period', q.title, 'number', q.number, 'value', p.value, {instants("p.set_at")}
             ) ORDER BY q.starts_on) FILTER (WHERE p.period_id IS NOT NULL) AS found
      FROM attestation_marks p
      LEFT JOIN periods q ON q.school_id = p.school_id AND q.period_id = p.period_id
      WHERE p.school_id = $1 AND p.pupil_id = $2 AND p.value IS NOT NULL
        AND p.year_starts_on = (SELECT year_starts_on FROM span)
      GROUP BY p.subject_id
    )
    SELECT json_build_object(
      'from', span.first, 'to', span.last, 'period_id', span.period_id, 'year_starts_on', span.year_starts_on,
      'periods', (
        SELECT coalesce(json_agg(json_build_object(
                 'period_id', p.period_id, 'number', p.number, 'title', p.title, 'kind', p.kind,
                 'starts_on', p.starts_on, 'ends_on', p.ends_on) ORDER BY p.starts_on), '[]')
        FROM of_pupil p
      ),
      'subjects', (
        SELECT coalesce(json_agg(json_build_object(
                 'subject_id', s.subject_id, 'subject', s.title, 'marks', coalesce(d.found, '[]'),
                 'average', {average_of("d.total", "d.counted")},
                 'weighted_average', {average_of("d.products", "d.weights")},
                 'absent', CASE WHEN $9 THEN coalesce(x.absent, 0) END,
                 'late', CASE WHEN $9 THEN coalesce(x.late, 0) END,
                 'period_marks', coalesce(g.found, '[]'), 'year_mark', g.of_year) ORDER BY s.title, s.subject_id), '[]')
        FROM (
          SELECT subject_id FROM of_days UNION SELECT subject_id FROM given
          UNION SELECT subject_id FROM missed WHERE {has_marks("$1", "subject_id")}
        ) one
        JOIN subjects s ON s.school_id = $1 AND s.subject_id = one.subject_id
        LEFT JOIN of_days d ON d.subject_id = one.subject_id
        LEFT JOIN missed x ON x.subject_id = one.subject_id
        LEFT JOIN given g ON g.subject_id = one.subject_id
      )
    )::text
    FROM span
"""  # noqa: S608 - made of constants
