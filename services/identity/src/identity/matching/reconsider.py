"""Look again at whom a school knows: after any change on either side, in the transaction of that change (I-21).

Whoever changes an account (registration, profile, a code that proves a contact) calls `reconsider_account`; whoever
changes records (the class teacher, an import) calls `reconsider_records`. Both write the outcome per account and
school, and on acceptance make the record the account's own, open its diaries and announce it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from identity.accounts.settle_bindings import settle_bindings
from identity.matching.announce import Acceptance, announce
from identity.matching.answer import Answer, Known, answer_of_school
from identity.matching.candidates import accounts_affected, candidates, own_sides
from identity.matching.evidence import OwnFacts, RecordFacts, may_be_twins
from identity.matching.locks import lock_contacts_of_account, lock_contacts_of_records
from identity.matching.questions import ask
from identity.matching.standing import Pair, Standing, standing_of
from identity.matching.take_records import raise_levels, take_records
from identity.matching.write_outcomes import write_outcomes
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from shared.db import Tx

SETTLED_ONE_BY_ONE = 200
"""Bindings of more accounts than this are settled with the whole school's: each would take a lock of its own."""


async def reconsider_account(tx: Tx, keys: PersonalDataKeys, account_id: UUID) -> Row[Any] | None:
    """After a change of an account's names, contacts, proofs or birth date: in all schools.

    Answers the account's side as it was looked at; None if it is closed.
    """
    await lock_contacts_of_account(tx.session, account_id)
    own = await _reconsider(tx, keys, [account_id], None)
    return own.get(account_id)


async def reconsider_records(tx: Tx, keys: PersonalDataKeys, school_id: UUID, person_ids: Sequence[UUID]) -> None:
    """After a change of records of one school: all accounts that it may concern. Set-based, for whole schools too."""
    if not person_ids:
        return
    await lock_contacts_of_records(tx.session, school_id, person_ids)
    account_ids = await accounts_affected(tx.session, school_id, person_ids, tx.now)
    if account_ids:
        await _reconsider(tx, keys, account_ids, school_id)


@dataclass(frozen=True, slots=True)
class _Case:
    """One account in one school."""

    pair: Pair
    own: OwnFacts[UUID]
    records: list[RecordFacts[UUID]]
    facts: dict[UUID, bytes]
    levels: dict[UUID, Any]
    snils_required: bool


async def _reconsider(
    tx: Tx, keys: PersonalDataKeys, account_ids: Sequence[UUID], school_id: UUID | None
) -> dict[UUID, Row[Any]]:
    own = await own_sides(tx.session, account_ids)
    reached = await candidates(tx.session, account_ids, school_id)
    standing = await standing_of(tx.session, account_ids, school_id)
    cases = [_case(keys, own[pair[1]], pair, rows) for pair, rows in _by_pair(reached).items() if pair[1] in own]
    answers = {case.pair: answer for case in cases if (answer := _answer(case, standing)) is not None}
    answers = _none_of_several(answers)
    answers = await _take(tx, answers)
    await write_outcomes(tx, answers, standing)
    facts = {case.pair: case.facts for case in cases}
    await ask(tx, answers, facts, standing, settled=_newly_in(answers))
    await _let_in(tx, keys, answers)
    return own


def _by_pair(rows: Iterable[Row[Any]]) -> dict[Pair, list[Row[Any]]]:
    pairs: dict[Pair, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        pairs[row.school_id, row.account_id].append(row)
    return pairs


def _case(keys: PersonalDataKeys, account: Row[Any], pair: Pair, rows: Sequence[Row[Any]]) -> _Case:
    return _Case(
        pair=pair,
        own=own_facts(account),
        records=[record_facts(row) for row in rows],
        facts={row.person_id: facts_of(keys, account, row) for row in rows},
        levels={row.person_id: row.bound_level for row in rows if row.bound_to == pair[1]},
        snils_required=rows[0].requires_snils,
    )


def own_facts(account: Row[Any]) -> OwnFacts[UUID]:
    """The account's side of the decision."""
    return OwnFacts(
        account_id=account.account_id,
        name=PersonName(account.surname, account.given_name, account.patronymic),
        role=account.role,
        birth_date=account.birth_date_index,
        phone=account.phone_index,
        email=account.email_index,
        snils=account.snils_index,
        phone_proved=account.phone_proved,
        email_proved=account.email_proved,
        snils_asserted=account.snils_asserted,
    )


def record_facts(row: Row[Any]) -> RecordFacts[UUID]:
    """A record's side of the decision."""
    name = PersonName(row.surname, row.given_name, row.patronymic)
    return RecordFacts(
        record_id=row.person_id,
        school_id=row.school_id,
        role=row.kind,
        name=name,
        birth_date=row.birth_date_index,
        phone=row.phone_index,
        email=row.email_index,
        snils=row.snils_index,
        bound_to=row.bound_to,
        phone_shared=row.phone_shared,
        email_shared=row.email_shared,
        birth_date_shared=any(
            may_be_twins(name, PersonName(surname, row.given_name, patronymic))
            for surname, patronymic in row.born_that_day or ()
        ),
    )


def facts_of(keys: PersonalDataKeys, account: Row[Any], record: Row[Any]) -> bytes:
    """A keyed hash of what both sides say, to know later whether anything has changed."""
    said = [
        str(value.hex() if isinstance(value, bytes) else value)
        for side in (account, record)
        for value in (
            side.surname,
            side.given_name,
            side.patronymic,
            side.phone_index,
            side.email_index,
            side.snils_index,
            side.birth_date_index,
        )
    ]
    said += [str(proved) for proved in (account.phone_proved, account.email_proved, account.snils_asserted)]
    return keys.own_index.of("match_facts", "\n".join(said))


def _answer(case: _Case, standing: Standing) -> Answer | None:
    known = Known(case.levels, frozenset(standing.barred.get(case.pair, ())), standing.rejected.get(case.pair))
    return answer_of_school(case.own, case.records, case.facts, known, snils_required=case.snils_required)


def _none_of_several(answers: dict[Pair, Answer]) -> dict[Pair, Answer]:
    """Of several accounts that would get one record at the same moment none does: their order decides nothing."""
    wanted: dict[tuple[UUID, UUID | None], list[Pair]] = defaultdict(list)
    for pair, answer in answers.items():
        if answer.accepted:
            wanted[pair[0], answer.record_id].append(pair)
    lost = {pair for pairs in wanted.values() if len(pairs) > 1 for pair in pairs}
    return {pair: answer.lost() if pair in lost else answer for pair, answer in answers.items()}


async def _take(tx: Tx, answers: dict[Pair, Answer]) -> dict[Pair, Answer]:
    """Make accepted records the accounts' own; whoever comes second finds the record taken (row 4)."""
    accepted = {pair: answer for pair, answer in answers.items() if answer.accepted}
    taken = await take_records(
        tx, [(school_id, a.record_id, account_id, a.level) for (school_id, account_id), a in accepted.items()]
    )
    await raise_levels(
        tx, [(pair[0], person_id, pair[1]) for pair, answer in answers.items() for person_id in answer.raised]
    )
    return {
        pair: answer.lost() if pair in accepted and (pair[0], answer.record_id) not in taken else answer
        for pair, answer in answers.items()
    }


def _newly_in(answers: dict[Pair, Answer]) -> set[Pair]:
    return {pair for pair, answer in answers.items() if answer.accepted}


async def _let_in(tx: Tx, keys: PersonalDataKeys, answers: dict[Pair, Answer]) -> None:
    """Open the diaries that follow, and tell every contact of the records (I-21)."""
    schools: dict[UUID, list[UUID]] = defaultdict(list)
    for (school_id, account_id), answer in answers.items():
        if answer.accepted or answer.raised:
            schools[school_id].append(account_id)
    for school_id in sorted(schools):
        some = schools[school_id] if len(schools[school_id]) <= SETTLED_ONE_BY_ONE else None
        await settle_bindings(tx, school_id, account_ids=some)
    acceptances = [
        Acceptance(school_id, answer.record_id, account_id, answer.level)
        for (school_id, account_id), answer in answers.items()
        if answer.accepted and answer.record_id is not None and answer.level is not None
    ]
    await announce(tx, keys, acceptances)
