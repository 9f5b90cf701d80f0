"""Questions to the class teacher: asked once, kept up to date, let go when they answer themselves (I-21, I-22)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import insert

from identity.bulk import among
from identity.matching.answer import Answer, Question
from identity.matching.standing import Pair, Standing
from identity.matching.tables import reviews
from identity.registry.authority import class_teachers_of
from shared.contracts.identity import ReviewRequested
from shared.db import Tx

_OF_THEIR_OWN = frozenset({"pass_data_to_teacher", "undone"})
"""Asked by a person, not by the rules: only a teacher's word or an acceptance ends them."""


async def ask(
    tx: Tx,
    answers: Mapping[Pair, Answer],
    facts: Mapping[Pair, Mapping[UUID, bytes]],
    standing: Standing,
    settled: set[Pair],
) -> None:
    """Open, refresh and let go of questions so that they fit the answers.

    Args:
        tx: the transaction of the change.
        answers: of this look.
        facts: what both sides say now, for each record looked at.
        standing: what was open before.
        settled: accounts that have just been let in: what they had asked the teacher for has come.
    """
    new: list[dict[str, Any]] = []
    kept: set[UUID] = set()
    for pair, answer in answers.items():
        before = {row.person_id: row for row in standing.open_reviews.get(pair, ())}
        for question in answer.questions:
            row = before.get(question.record_id)
            if row is None:
                new.append(_row(tx, pair, question, facts[pair][question.record_id]))
                continue
            kept.add(row.review_id)
            if _is_another(row, question, facts[pair][question.record_id]):
                new.append(_refreshed(row, question, facts[pair][question.record_id]))
    lapsed = [
        row.review_id
        for pair, rows in standing.open_reviews.items()
        for row in rows
        if row.review_id not in kept and (row.kind not in _OF_THEIR_OWN or _is_served(row, pair, settled))
    ]
    if lapsed:
        await tx.session.execute(
            update(reviews)
            .where(among(reviews.c.review_id, lapsed), reviews.c.settled_at.is_(None))
            .values(state="lapsed", settled_at=tx.now, version=reviews.c.version + 1)
        )
    await _write(tx, sorted(new, key=lambda row: (row["school_id"], row["review_id"])))
    await tell_teachers(tx, [row for row in new if row["version"] == 1])


async def _write(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(reviews)
    refreshed = ("kind", "reason", "differing", "proposed_level", "facts", "version")
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[reviews.c.school_id, reviews.c.review_id],
            set_={name: statement.excluded[name] for name in refreshed},
        ),
        list(rows),
    )


async def tell_teachers(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Tell the class teachers of each record that somebody waits. What concerns no record is only in the queue."""
    about: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["person_id"] is not None:
            about[row["school_id"]].append(row)
    for school_id, of_school in about.items():
        person_ids = {row["person_id"] for row in of_school}
        teachers = await class_teachers_of(tx.session, school_id, person_ids, tx.now)
        for row in of_school:
            tx.emit(
                ReviewRequested(
                    school_id=school_id,
                    person_id=row["person_id"],
                    review_id=row["review_id"],
                    outcome=row["kind"],
                    teacher_account_ids=tuple(sorted(teachers.get(row["person_id"], ()))),
                    requested_at=tx.now,
                )
            )


def _is_served(row: Row[Any], pair: Pair, settled: set[Pair]) -> bool:
    return row.kind == "pass_data_to_teacher" and pair in settled


def _row(tx: Tx, pair: Pair, question: Question, facts: bytes) -> dict[str, Any]:
    return {
        "school_id": pair[0],
        "review_id": tx.new_id(),
        "kind": question.kind,
        "account_id": pair[1],
        "person_id": question.record_id,
        "reason": question.reason,
        "differing": list(question.differing),
        "proposed_level": question.proposed_level,
        "facts": facts,
        "state": "open",
        "version": 1,
        "requested_at": tx.now,
    }


def _is_another(row: Row[Any], question: Question, facts: bytes) -> bool:
    said = (row.reason, tuple(row.differing), row.proposed_level, bytes(row.facts))
    return said != (question.reason, question.differing, question.proposed_level, facts)


def _refreshed(row: Row[Any], question: Question, facts: bytes) -> dict[str, Any]:
    """The same question about other facts: its version grows, so that nobody settles what he has not seen."""
    return {
        "school_id": row.school_id,
        "review_id": row.review_id,
        "kind": row.kind if row.kind in _OF_THEIR_OWN else question.kind,
        "account_id": row.account_id,
        "person_id": row.person_id,
        "reason": question.reason,
        "differing": list(question.differing),
        "proposed_level": question.proposed_level,
        "facts": facts,
        "state": "open",
        "version": row.version + 1,
        "requested_at": row.requested_at,
    }
