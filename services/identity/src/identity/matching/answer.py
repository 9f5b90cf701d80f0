"""What one school answers to one account: the decision of I-19, in the light of what has been settled before.

A binding points at the record: once accepted, a contact that changes later takes nothing away (I-21). What a teacher
has rejected is not asked about again while both sides say the same, and what was undone by «Это не я» is not accepted
again without a teacher's word. Pure: no I/O.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from identity.matching.evidence import Attribute, OwnFacts, RecordFacts
from identity.matching.rules import AccessLevel, Verdict, decide, judge

OutcomeHere = Literal[
    "accept",
    "review",
    "conflict",
    "ambiguous",
    "pass_data_to_teacher",
    "missing_own_data",
    "contact_not_proved",
    "rejected",
]
ReviewKind = Literal["review", "conflict", "ambiguous", "pass_data_to_teacher", "undone"]


@dataclass(frozen=True, slots=True)
class Known:
    """What was settled about an account in one school before."""

    levels: Mapping[UUID, AccessLevel]
    """Records that are the account's own, and at which level."""
    barred: frozenset[UUID] = frozenset()
    """Records from which the account was thrown out by «Это не я»."""
    rejected: Mapping[UUID, bytes] | None = None
    """Record → keyed hash of what both sides said when a teacher last rejected the account."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something for the class teacher of a record."""

    record_id: UUID
    kind: ReviewKind
    reason: str
    differing: tuple[Attribute, ...] = ()
    proposed_level: AccessLevel = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written down, and what is done."""

    outcome: OutcomeHere
    reason: str
    record_id: UUID | None = None
    level: AccessLevel | None = None
    differing: tuple[Attribute, ...] = ()
    accepted: bool = False
    """The record is to become the account's own now."""
    raised: tuple[UUID, ...] = ()
    """Own records whose level rises to 2: a second, unshared proof has come."""
    questions: tuple[Question, ...] = ()

    def lost(self) -> "Answer":
        """Somebody else was quicker, or is as good: the teacher decides between them (row 4)."""
        assert self.record_id is not None, "only an acceptance can be lost"
        question = Question(self.record_id, "conflict", "bound_to_another_account", self.differing)
        return replace(
            self,
            outcome="conflict",
            reason="bound_to_another_account",
            level=None,
            accepted=False,
            questions=(question,),
        )


def answer_of_school(
    own: OwnFacts[UUID],
    records: Sequence[RecordFacts[UUID]],
    facts: Mapping[UUID, bytes],
    known: Known,
    *,
    snils_required: bool,
) -> Answer | None:
    """Answer one account; None if nothing in this school concerns it.

    Args:
        own: the account.
        records: of one school: those that something proved leads to, and those that are the account's own.
        facts: record → keyed hash of what both sides say now.
        known: what was settled before.
        snils_required: this school wants a СНИЛС of everybody.
    """
    rejected = known.rejected or {}
    strange = [record for record in records if record.record_id not in known.levels]
    verdicts = [verdict for record in strange if (verdict := judge(own, record)) is not None]
    open_ones = [v for v in verdicts if rejected.get(v.record.record_id) != facts[v.record.record_id]]
    if known.levels:
        return _of_one_who_is_in(own, records, open_ones, known)
    if not verdicts:
        return None
    if not open_ones:
        best = verdicts[0]
        return Answer("rejected", "rejected_by_teacher", best.record.record_id, differing=best.evidence.differing())
    return _of_a_newcomer(own, [verdict.record for verdict in open_ones], open_ones, known, snils_required)


def _of_one_who_is_in(
    own: OwnFacts[UUID], records: Sequence[RecordFacts[UUID]], others: Sequence[Verdict[UUID]], known: Known
) -> Answer:
    """The own record stays; a second one that would be accepted too is the teacher's to say (row 13)."""
    judged = {record.record_id: judge(own, record) for record in records if record.record_id in known.levels}
    levels = dict(known.levels)
    raised = tuple(
        record_id
        for record_id, verdict in judged.items()
        if levels[record_id] == 1 and verdict is not None and verdict.outcome == "accept" and verdict.level == 2
    )
    levels |= dict.fromkeys(raised, 2)
    record_id = max(sorted(levels), key=lambda one: levels[one])
    verdict = judged.get(record_id)
    differing = verdict.evidence.differing() if verdict else ()
    rivals = [verdict for verdict in others if verdict.outcome == "accept"]
    if rivals:
        return Answer("ambiguous", "several_records", None, None, (), raised=raised, questions=_each(rivals))
    return Answer("accept", "own_record", record_id, levels[record_id], differing, raised=raised)


def _of_a_newcomer(
    own: OwnFacts[UUID],
    records: Sequence[RecordFacts[UUID]],
    verdicts: Sequence[Verdict[UUID]],
    known: Known,
    snils_required: bool,
) -> Answer:
    decision = decide(own, records, snils_required=snils_required)
    if decision.outcome == "ambiguous":
        rivals = [verdict for verdict in verdicts if verdict.outcome == "accept"]
        return Answer("ambiguous", decision.reason, questions=_each(rivals))
    record_id = decision.record_id
    if record_id is None:
        return Answer(decision.outcome, decision.reason, differing=decision.missing)
    if decision.outcome == "accept" and record_id not in known.barred:
        return Answer("accept", decision.reason, record_id, decision.level, decision.differing, accepted=True)
    kind: ReviewKind = "undone" if record_id in known.barred else _kind(decision.outcome)
    reason = "undone_by_person" if kind == "undone" else decision.reason
    question = Question(record_id, kind, reason, decision.differing, decision.level or 1)
    outcome: OutcomeHere = "conflict" if kind == "conflict" else "review"
    return Answer(outcome, reason, record_id, None, decision.differing, questions=(question,))


def _kind(outcome: str) -> ReviewKind:
    return "conflict" if outcome == "conflict" else "review"


def _each(rivals: Sequence[Verdict[UUID]]) -> tuple[Question, ...]:
    return tuple(
        Question(rival.record.record_id, "ambiguous", "several_records", rival.evidence.differing(), rival.level or 1)
        for rival in rivals
    )
