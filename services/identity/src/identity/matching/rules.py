"""The decision who may open which diary: the table of I-19, row by row.

Matching is an authorization decision, not de-duplication: only a contact that the account has proved and the school
has recorded, with equal names, admits anybody. Likeness sends to review, where a teacher corrects with one click.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, get_args

from identity.matching.evidence import Attribute, Evidence, Id, OwnFacts, RecordFacts, is_of_role, is_reached, weigh
from identity.matching.names import NAME_LEVELS

Outcome = Literal[
    "accept", "review", "conflict", "ambiguous", "pass_data_to_teacher", "missing_own_data", "contact_not_proved"
]

Reason = Literal[
    "own_data_missing",
    "nothing_proved",
    "no_record_reached",
    "snils_or_birth_date_differs",
    "bound_to_another_account",
    "snils_asserted",
    "contact_differs",
    "names_differ",
    "both_contacts_proved",
    "one_contact_proved",
    "only_shared_contacts",
    "names_in_part_with_proof",
    "names_in_part",
    "several_records",
]
"""One for each row of the table, in its order: a stable code for reports and texts."""

_REASONS: tuple[Reason, ...] = get_args(Reason)

AccessLevel = Literal[1, 2]
"""1 reads; 2 also signs, excuses absences, invites, changes contacts."""


@dataclass(frozen=True, slots=True)
class Decision(Generic[Id]):
    """What one school answers to one account."""

    outcome: Outcome
    row: int
    """The row of I-19 that decided."""
    school_id: Id | None = None
    record_id: Id | None = None
    """The record that is opened, reviewed, or in conflict; None when there is none or more than one."""
    level: AccessLevel | None = None
    differing: tuple[Attribute, ...] = ()
    """What the account and the record say differently."""
    missing: tuple[Attribute, ...] = ()
    """What the account has to fill in first (row 0)."""
    rivals: tuple[Id, ...] = ()
    """All records that would be accepted, when they are several (row 13)."""

    @property
    def reason(self) -> Reason:
        """The row by name."""
        return _REASONS[self.row]


@dataclass(frozen=True, slots=True)
class Verdict(Generic[Id]):
    """What rows 3 to 12 say about one candidate."""

    row: int
    outcome: Outcome
    level: AccessLevel | None
    record: RecordFacts[Id]
    evidence: Evidence


def decide(own: OwnFacts[Id], records: Iterable[RecordFacts[Id]], *, snils_required: bool = False) -> Decision[Id]:
    """The answer of one school.

    Sharing and row 13 are judged within one school, and schools demand different things, so each is asked by itself:
    a parent with children in two schools has two answers (`decide_by_school`).

    Args:
        own: the account.
        records: records of one school; those that nothing proved leads to do not matter, nor does their order.
        snils_required: this school wants a СНИЛС of everybody.

    Raises:
        ValueError: the records are of several schools.
    """
    records = tuple(records)
    schools = {record.school_id for record in records}
    if len(schools) > 1:
        raise ValueError("each school decides by itself")
    candidates = [verdict for record in records if (verdict := judge(own, record)) is not None]
    return _answer(own, candidates, next(iter(schools), None), snils_required=snils_required)


def decide_by_school(
    own: OwnFacts[Id],
    records: Iterable[RecordFacts[Id]],
    *,
    snils_required: Callable[[Id | None], bool] = lambda _school_id: False,
) -> tuple[Decision[Id], ...]:
    """The answer of each school where something proved leads to a record that may be the account's own.

    Never empty: when no school has such a record there is one answer without a school, so that nobody learns from
    the number of answers where records are.

    Args:
        own: the account.
        records: records of any schools.
        snils_required: whether a school wants a СНИЛС of everybody; asked with None for the answer without a school.
    """
    by_school: dict[Id | None, list[Verdict[Id]]] = {}
    for record in records:
        if (verdict := judge(own, record)) is not None:
            by_school.setdefault(record.school_id, []).append(verdict)
    return tuple(
        _answer(own, candidates, school_id, snils_required=snils_required(school_id))
        for school_id, candidates in (by_school or {None: []}).items()
    )


def has_proved_something(own: OwnFacts[Id]) -> bool:
    """Whether row 1 lets an account pass."""
    return (
        (own.phone_proved and own.phone is not None)
        or (own.email_proved and own.email is not None)
        or (own.snils_asserted and own.snils is not None)
    )


def judge(own: OwnFacts[Id], record: RecordFacts[Id]) -> Verdict[Id] | None:
    """Rows 3 to 12 for one record; None if it is no candidate."""
    if not is_reached(own, record) or not is_of_role(own, record):
        return None
    evidence = weigh(own, record)
    if evidence.names.level == "none":
        return None
    row, outcome, level = _first_row_that_fits(own, record, evidence)
    return Verdict(row, outcome, level, record, evidence)


def _first_row_that_fits(
    own: OwnFacts[Id], record: RecordFacts[Id], evidence: Evidence
) -> tuple[int, Outcome, AccessLevel | None]:
    full, equal = evidence.names.level == "full", evidence.names.level in {"full", "part"}
    contacts = (evidence.phone, evidence.email)
    unshared = (evidence.phone == "proved" and not record.phone_shared) or (
        evidence.email == "proved" and not record.email_shared
    )
    same_birth_date = evidence.birth_date == "equal" and not record.birth_date_shared
    rows: tuple[tuple[int, bool, Outcome, AccessLevel | None], ...] = (
        (3, "differs" in {evidence.snils, evidence.birth_date}, "review", None),
        (4, record.bound_to not in {None, own.account_id}, "conflict", None),
        (5, equal and evidence.snils == "proved", "accept", 2),
        (6, "differs" in contacts, "review", None),
        (7, not equal, "review", None),
        (8, full and contacts == ("proved", "proved") and unshared, "accept", 2),
        (9, full and contacts != ("proved", "proved"), "accept", 2 if unshared else 1),
        (10, full, "accept", 1),
        (11, unshared or same_birth_date, "accept", 1),
        (12, True, "review", None),
    )
    return next((number, outcome, level) for number, fits, outcome, level in rows if fits)


def _answer(
    own: OwnFacts[Id], candidates: Sequence[Verdict[Id]], school_id: Id | None, *, snils_required: bool
) -> Decision[Id]:
    if missing := _missing(own, snils_required=snils_required):
        return Decision("missing_own_data", 0, school_id, missing=missing)
    if not has_proved_something(own):
        return Decision("contact_not_proved", 1, school_id)
    return _settle(candidates, school_id)


def _settle(candidates: Sequence[Verdict[Id]], school_id: Id | None) -> Decision[Id]:
    accepted = [verdict for verdict in candidates if verdict.outcome == "accept"]
    if len(accepted) > 1:
        rivals = tuple(sorted((verdict.record.record_id for verdict in accepted), key=str))
        return Decision("ambiguous", 13, school_id, rivals=rivals)
    for outcome in ("accept", "conflict", "review"):
        if standing := [verdict for verdict in candidates if verdict.outcome == outcome]:
            best = min(standing, key=_best_named_first)
            return Decision(
                best.outcome,
                best.row,
                school_id,
                best.record.record_id,
                best.level,
                differing=best.evidence.differing(),
            )
    return Decision("pass_data_to_teacher", 2, school_id)


def _best_named_first(verdict: Verdict[Id]) -> tuple[int, int, str]:
    """The better the names, the fewer differences, the smaller the id: the order of records decides nothing."""
    evidence = verdict.evidence
    return NAME_LEVELS.index(evidence.names.level), len(evidence.differing()), str(verdict.record.record_id)


def _missing(own: OwnFacts[Id], *, snils_required: bool) -> tuple[Attribute, ...]:
    needed: tuple[tuple[Attribute, bool], ...] = (
        ("snils", snils_required and own.snils is None),
        ("phone", own.phone is None),
        ("email", own.email is None),
    )
    return tuple(attribute for attribute, is_missing in needed if is_missing)
