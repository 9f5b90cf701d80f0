"""Set the marks of a period or of the year (J-17, J-18): the teacher's word, beside what the marks propose."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Date, Integer, SmallInteger, Text, Uuid, bindparam, text

from journal.attestation.page import Line, Target, read_page
from journal.attestation.queries import AttestationMark
from journal.attestation.rules import PeriodMarkValue, reason_is_needed
from journal.attestation.target import target_to_keep
from journal.errors import PupilNotInClass, ReasonToDiffer, RowRepeated, StaleVersion, SubjectHasNoMarks, TooFewMarks
from journal.roster.queries import Teacher, find_subject
from shared.contracts.journal import PeriodMarkSet
from shared.db import Tx, UnitOfWork
from shared.http import Caller, Problem


@dataclass(frozen=True, slots=True)
class Wish:
    """What the teacher wants to stand for one pupil; value None takes it back."""

    pupil_id: UUID
    value: PeriodMarkValue | None
    version: int
    """Of what was seen; 0: nothing stood there."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a wish: what stands now, and why it was refused if it was."""

    pupil_id: UUID
    standing: AttestationMark | None
    refused: Problem | None = None
    changed: bool = False
    """Not, if it stood so already: nothing is written then, and nobody is told."""


# One round for the whole class: what is replaced goes into the history, then all rows are put.
_PUT = text(
    """
    WITH wanted AS (
      SELECT * FROM unnest(:ids, :pupils, :marks, :reasons, :averages, :priorities, :versions)
        AS w (id, pupil_id, value, reason, by_average, by_priority, version)
    ), kept AS (
      INSERT INTO attestation_history
        (school_id, attestation_mark_id, version, value, reason, author_id, set_at, replaced_at)
      SELECT a.school_id, a.attestation_mark_id, a.version, a.value, a.reason, a.author_id, a.set_at, :now
      FROM attestation_marks a JOIN wanted w ON w.pupil_id = a.pupil_id
      WHERE a.school_id = :school AND a.subject_id = :subject AND a.year_starts_on = :year
        AND a.period_id IS NOT DISTINCT FROM :period
    )
    INSERT INTO attestation_marks AS a
      (school_id, attestation_mark_id, pupil_id, class_id, subject_id, year_starts_on, period_id, value, reason,
       by_average, by_priority, author_id, set_at, version)
    SELECT :school, w.id, w.pupil_id, :class, :subject, :year, :period, w.value, w.reason,
           w.by_average, w.by_priority, :author, :now, w.version
    FROM wanted w
    ON CONFLICT ON CONSTRAINT attestation_marks_place_key DO UPDATE
    SET class_id = excluded.class_id, value = excluded.value, reason = excluded.reason,
        by_average = excluded.by_average, by_priority = excluded.by_priority,
        author_id = excluded.author_id, set_at = excluded.set_at, version = excluded.version
    """
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("marks", type_=ARRAY(Text)),
    bindparam("reasons", type_=ARRAY(Text)),
    bindparam("averages", type_=ARRAY(SmallInteger)),
    bindparam("priorities", type_=ARRAY(SmallInteger)),
    bindparam("versions", type_=ARRAY(Integer)),
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("subject", type_=Uuid),
    bindparam("year", type_=Date),
    bindparam("period", type_=Uuid),
    bindparam("author", type_=Uuid),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
)
# Whoever sets marks of these pupils waits, always in the order of ids.
_HOLD = text(
    "SELECT pupil_id FROM pupils WHERE school_id = :school AND class_id = :class AND left_on IS NULL"
    " ORDER BY pupil_id FOR NO KEY UPDATE"
)


async def set_marks(
    uow: UnitOfWork,
    caller: Caller,
    class_id: UUID,
    subject_id: UUID,
    period_id: UUID | None,
    wishes: Sequence[Wish],
) -> list[Result]:
    """Set what can be set; each row that cannot says why and what stands there.

    Raises:
        SchoolClassNotFound, NotYourLesson, GradeOneHasNoMarks: not the caller's to keep.
        PeriodNotFound, PeriodNotForGrade, PeriodClosed: not a period in which marks are set.
    """
    async with uow.begin() as tx:
        target, teacher = await target_to_keep(tx, caller, class_id, subject_id, period_id)
        held = {"school": target.school.school_id, "class": class_id}
        await tx.session.execute(_HOLD, held)
        title = await find_subject(tx.session, target.school.school_id, subject_id) or ""
        lines = {line.pupil.pupil_id: line for line in await read_page(tx.session, target)}
        results = _judge(tx, target, title, teacher, lines, wishes)
        done = [(lines[one.pupil_id], one.standing) for one in results if one.changed and one.standing]
        if done:
            await _put(tx, target, teacher, [standing for _, standing in done])
            for line, standing in done:
                tx.emit(_told(target, title, line, standing, teacher))
        return results


def _judge(
    tx: Tx, target: Target, title: str, teacher: Teacher, lines: dict[UUID, Line], wishes: Sequence[Wish]
) -> list[Result]:
    results: list[Result] = []
    rows = Counter(wish.pupil_id for wish in wishes)
    for wish in wishes:
        line = lines.get(wish.pupil_id)
        standing = line.standing if line else None
        refused = RowRepeated() if rows[wish.pupil_id] > 1 else _fault(target, title, line, wish)
        if line is None or refused is not None:
            results.append(Result(wish.pupil_id, standing, refused))
            continue
        if _says_the_same(standing, wish):
            results.append(Result(wish.pupil_id, standing))
            continue
        results.append(Result(wish.pupil_id, _standing(tx, target, teacher, line, wish), changed=True))
    return results


def _fault(target: Target, title: str, line: Line | None, wish: Wish) -> Problem | None:
    if line is None:
        return PupilNotInClass()
    current = line.standing.version if line.standing else 0
    if current != wish.version:
        return StaleVersion(base=wish.version, current=current)
    # Taking a mark back needs nothing more: also of a subject that has none since.
    return None if wish.value is None else _fault_of_value(target, title, line, wish, wish.value)


def _fault_of_value(target: Target, title: str, line: Line, wish: Wish, value: PeriodMarkValue) -> Problem | None:
    if target.subject_id in target.settings.unmarked_subjects:
        return SubjectHasNoMarks(subject=title)
    if target.period is not None and value.isdecimal() and not line.proposals.enough and wish.reason is None:
        return TooFewMarks(count=line.proposals.marks_count)
    if reason_is_needed(value, line.proposed(target)) and wish.reason is None:
        return ReasonToDiffer(proposed=", ".join(sorted(line.proposed(target))))
    return None


def _says_the_same(standing: AttestationMark | None, wish: Wish) -> bool:
    if standing is None or standing.value is None:
        return wish.value is None
    return standing.value == wish.value and wish.reason in {None, standing.reason}


def _standing(tx: Tx, target: Target, teacher: Teacher, line: Line, wish: Wish) -> AttestationMark:
    of_period = target.period is not None
    return AttestationMark(
        pupil_id=wish.pupil_id,
        subject_id=target.subject_id,
        period_id=target.period_id,
        value=wish.value,
        reason=wish.reason,
        by_average=line.proposals.by_average.proposed if of_period else line.of_year.proposed,
        by_priority=line.proposals.by_priority.proposed if of_period else None,
        author_name=teacher.name,
        set_at=tx.now,
        version=wish.version + 1,
    )


async def _put(tx: Tx, target: Target, teacher: Teacher, rows: list[AttestationMark]) -> None:
    await tx.session.execute(
        _PUT,
        {
            "ids": [tx.new_id() for _ in rows],
            "pupils": [row.pupil_id for row in rows],
            "marks": [row.value for row in rows],
            "reasons": [row.reason for row in rows],
            "averages": [row.by_average for row in rows],
            "priorities": [row.by_priority for row in rows],
            "versions": [row.version for row in rows],
            "school": target.school.school_id,
            "class": target.school_class.class_id,
            "subject": target.subject_id,
            "year": target.school.year_starts_on,
            "period": target.period_id,
            "author": teacher.person_id,
            "now": tx.now,
        },
    )


def _told(target: Target, title: str, line: Line, standing: AttestationMark, teacher: Teacher) -> PeriodMarkSet:
    return PeriodMarkSet(
        school_id=target.school.school_id,
        pupil_id=line.pupil.pupil_id,
        class_id=target.school_class.class_id,
        subject_id=target.subject_id,
        subject_title=title,
        period_id=target.period_id,
        period_title=target.period.title if target.period else target.school.year_title,
        value=standing.value,
        teacher_person_id=teacher.person_id,
        teacher_name=teacher.name,
        period_mark_version=standing.version,
        set_at=standing.set_at,
    )
