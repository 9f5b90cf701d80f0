"""Appoint an agent of support; only from the machine itself, never over HTTP (S-14).

A school's agent is a member of its staff with the role `agent`; an agent of the central desk belongs to no school.
"""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from identity.accounts.by_login import account_by_login
from identity.bulk import upsert
from identity.membership.queries import same_duty, staff_of_account
from identity.membership.tables import platform_agents
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.duties import Admission, DutyKey, Holder, assign, release
from identity.registry.tables import staff_assignments
from identity.registry.turns import take_turn, take_turn_in
from shared.contracts.identity import AgentAppointed, AgentDismissed
from shared.db import Tx, UnitOfWork

_BASIS = "Назначен оператором платформы"


class NotOfThisSchool(Exception):
    """The account is nobody of the staff of a school with this source id."""


async def appoint_agent(
    uow: UnitOfWork, keys: PersonalDataKeys, login: str, *, school: str | None = None, dismiss: bool = False
) -> bool:
    """Let an account work at the desk of support, or no longer. Answers whether anything has changed.

    Args:
        uow: of this service.
        keys: the login is looked up by its keyed hash.
        login: phone, e-mail, СНИЛС or user name.
        school: source id of the school whose tickets it works on; None: the central desk.
        dismiss: end it instead.

    Raises:
        NoSuchAccount: the login means no account, or several.
        NotOfThisSchool: nobody of that school's staff has this account.
    """
    async with uow.begin() as tx:
        account_id = await account_by_login(tx.session, keys, login)
        if school is None:
            return await _at_the_central_desk(tx, account_id, appointed=not dismiss)
        return await _in_school(tx, account_id, school, appointed=not dismiss)


async def _at_the_central_desk(tx: Tx, account_id: UUID, *, appointed: bool) -> bool:
    # The account's turn: two commands at once must not count one version twice.
    await take_turn(tx.session, f"agent {account_id}")
    before = (
        await tx.session.execute(select(platform_agents).where(platform_agents.c.account_id == account_id))
    ).one_or_none()
    if (before is not None and before.dismissed_at is None) == appointed:
        return False
    version = before.edge_version + 1 if before else 1
    row = {
        "account_id": account_id,
        "appointed_at": tx.now if appointed or before is None else before.appointed_at,
        "dismissed_at": None if appointed else tx.now,
        "edge_version": version,
    }
    await upsert(tx.session, platform_agents, [row])
    if appointed:
        tx.emit(AgentAppointed(account_id=account_id, appointed_at=tx.now, edge_version=version))
    else:
        tx.emit(AgentDismissed(account_id=account_id, dismissed_at=tx.now, edge_version=version))
    return True


async def _in_school(tx: Tx, account_id: UUID, source_id: str, *, appointed: bool) -> bool:
    person = await staff_of_account(tx.session, source_id, account_id)
    if person is None:
        raise NotOfThisSchool
    school = await take_turn_in(tx.session, person.school_id)
    assert school is not None, "people have a school"
    today = tx.now.astimezone(ZoneInfo(school.time_zone)).date()
    key = DutyKey(person.person_id, "agent", None, None)
    before = await same_duty(tx.session, person.school_id, key)
    holds = before is not None and before.released_on is None
    if holds == appointed:
        return False
    if before is not None and not appointed:
        row = release(tx, before, today, account_id=account_id, released_by=account_id)
    else:
        holder = Holder(person.source_id, person.surname, person.given_name, person.patronymic, account_id)
        row = assign(
            tx,
            person.school_id,
            key,
            holder,
            before,
            valid_from=today,
            valid_until=None,
            admission=Admission(_BASIS, account_id),
        )
    await upsert(tx.session, staff_assignments, [row])
    return True
