"""«Войти в дневник»: whose diaries an account may open, and what to do where it may not yet (I-11, I-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from identity.accounts.queries import diaries_of
from identity.errors import AccountNotFound
from identity.matching.answer import OutcomeHere
from identity.matching.candidates import own_sides
from identity.matching.queries import outcomes_of, passed_by
from identity.matching.reconsider import own_facts, reconsider_account
from identity.matching.rules import decide
from identity.matching.texts import ADVICE, PASSED_ON, Advice
from identity.personal_data.keeping import PersonalDataKeys
from shared.db import UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do about one school, or before any school can know the account."""

    outcome: OutcomeHere
    advice: Advice
    missing: tuple[str, ...] = ()
    """What the account itself lacks."""
    school: tuple[UUID, str] | None = None
    """Only a school that knows a contact which the account has proved, or that the person has chosen."""


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """Everything that «Войти в дневник» shows."""

    diaries: Sequence[Row[*tuple[Any, ...]]]
    hints: tuple[Hint, ...]


async def check_access(uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller) -> OwnAccess:
    """Look again in all schools, then answer.

    Raises:
        AccountNotFound: closed.
    """
    async with uow.begin() as tx:
        account = await reconsider_account(tx, keys, caller.account_id)
        if account is None:
            raise AccountNotFound
        return await _as_decided(tx.session, account)


async def own_access(session: AsyncSession, account_id: UUID) -> OwnAccess:
    """As it was decided last; a constant number of queries.

    Raises:
        AccountNotFound: closed.
    """
    account = (await own_sides(session, [account_id])).get(account_id)
    if account is None:
        raise AccountNotFound
    return await _as_decided(session, account)


async def _as_decided(session: AsyncSession, account: Row[Any]) -> OwnAccess:
    account_id = account.account_id
    diaries = await diaries_of(session, account_id)
    outcomes = await outcomes_of(session, account_id)
    passed = await passed_by(session, account_id)
    opened = {diary.school_id for diary in diaries}
    hints = [
        Hint(
            row.outcome,
            ADVICE[row.outcome],
            tuple(row.differing) if row.outcome == "missing_own_data" else (),
            (row.school_id, row.school_name),
        )
        for row in outcomes
        if not (row.outcome == "accept" and row.school_id in opened)
    ]
    answered = {row.school_id for row in outcomes}
    hints += [
        Hint("pass_data_to_teacher", PASSED_ON, school=(row.school_id, row.school_name))
        for row in passed
        if row.school_id not in answered
    ]
    if not diaries and not hints:
        # What no school has answered depends on the account alone: no record, and a record whose contact the
        # account has not proved, cannot be told apart.
        decision = decide(own_facts(account), ())
        hints.append(Hint(decision.outcome, ADVICE[decision.outcome], decision.missing))
    return OwnAccess(diaries, tuple(hints))
