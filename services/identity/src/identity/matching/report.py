"""What matching would say to all accounts of a file about all people of another: the dry run of a school that is
about to join (I-23). The decisions are those of `rules`, none is made here but one: a record has one account.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from identity.matching.evidence import Attribute, OwnFacts, RecordFacts
from identity.matching.rules import Decision, Outcome, decide_by_school
from identity.matching.sharing import RecordIndex, with_sharing
from identity.matching.two_files import Account, Progress

SEVERAL_ACCOUNTS = "several_accounts_on_one_record"
"""The reason of a conflict inside the file; those of single accounts are `rules.Reason`."""

_EVERY = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the report: what one school says to one account."""

    account_id: str
    school: str | None
    outcome: Outcome
    record_id: str | None
    level: int | None
    reason: str
    differing: tuple[Attribute, ...]
    missing: tuple[Attribute, ...]
    rivals: tuple[str, ...]


@dataclass(frozen=True)
class MatchReport:
    """All answers in the order of the accounts' file, and what they add up to."""

    answers: Sequence[Answer]

    @cached_property
    def outcomes(self) -> Counter[Outcome]:
        """How often each outcome came."""
        return Counter(answer.outcome for answer in self.answers)

    @cached_property
    def differing(self) -> Counter[Attribute]:
        """In how many answers each attribute differs."""
        return Counter(attribute for answer in self.answers for attribute in answer.differing)

    @cached_property
    def missing(self) -> Counter[Attribute]:
        """How many accounts lack each attribute."""
        return Counter(attribute for answer in self.answers for attribute in answer.missing)


def match_report(
    records: Sequence[RecordFacts[str]],
    accounts: Sequence[Account],
    progress: Progress,
    *,
    snils_required: bool = False,
) -> MatchReport:
    """Decide about every account.

    Args:
        records: all people of the school or schools.
        accounts: all accounts; one that names a school is judged by that school alone.
        progress: told how many accounts are done.
        snils_required: every school of the file wants a СНИЛС of everybody.
    """
    index = RecordIndex(with_sharing(records))
    answers: list[Answer] = []
    for done, account in enumerate(accounts):
        if done % _EVERY == 0:
            progress(done, len(accounts))
        reached = index.reached_by(account.own)
        if account.school is not None:
            reached = [record for record in reached if record.school_id == account.school]
        decisions = decide_by_school(account.own, reached, snils_required=lambda _school: snils_required)
        answers += (_answer(account.own, decision) for decision in decisions)
    progress(len(accounts), len(accounts))
    return MatchReport(_one_account_for_each_record(answers))


def _answer(own: OwnFacts[str], decision: Decision[str]) -> Answer:
    return Answer(
        account_id=own.account_id,
        school=decision.school_id,
        outcome=decision.outcome,
        record_id=decision.record_id,
        level=decision.level,
        reason=decision.reason,
        differing=decision.differing,
        missing=decision.missing,
        rivals=decision.rivals,
    )


def _one_account_for_each_record(answers: Iterable[Answer]) -> list[Answer]:
    """In the service the second account meets a bound record; in a file nobody is first, so all are in conflict."""
    answers = list(answers)
    claims = Counter((answer.school, answer.record_id) for answer in answers if answer.outcome == "accept")
    return [
        replace(answer, outcome="conflict", level=None, reason=SEVERAL_ACCOUNTS)
        if answer.outcome == "accept" and claims[answer.school, answer.record_id] > 1
        else answer
        for answer in answers
    ]
