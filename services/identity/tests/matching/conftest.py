"""People who register by themselves, beside a school that knows some of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text, update

from identity.accounts.tables import account_identifiers, accounts, bindings
from identity.matching.reconsider import reconsider_account, reconsider_records
from identity.matching.tables import match_outcomes, reviews
from identity.personal_data.contacts import Identifier, comparable_email
from identity.registry.tables import people, schools, value_history
from shared.crypto import FieldPlace
from shared.ops.ids import new_id

ACCESS = "/api/identity/v1/me/access"


@dataclass
class Newcomer:
    """An account that no school has issued."""

    account_id: UUID
    headers: dict[str, str]


class Matching:
    """What tests of this room do and look at."""

    def __init__(self, identity: Any) -> None:
        self.identity = identity
        self.keys = identity.container.keys

    async def register(
        self,
        name: str,
        *,
        proved: str = "phone email",
        registered_by: UUID | None = None,
        reconsidered: bool = True,
        birth_date: str | None = None,
        role: str | None = None,
        **contacts: str,
    ) -> Newcomer:
        """«Фамилия Имя Отчество» with phone, email, snils; `proved` names the proved ones."""
        words = [*name.split(), None, None]
        key, wrapped = self.keys.vault.new_person_key()
        async with self.identity.database.uow.begin() as tx:
            account_id = tx.new_id()
            await tx.session.execute(
                insert(accounts).values(
                    account_id=account_id, status="active", surname=words[0], given_name=words[1],
                    patronymic=words[2], locale="ru", is_operator=False, data_key=wrapped,
                    registered_at=tx.now, registered_by=registered_by, role=role,
                )
            )  # fmt: skip
            for kind, value in contacts.items():
                await self._identify(tx, account_id, key, kind, value, kind in proved.split())
            if birth_date:
                await tx.session.execute(
                    text("INSERT INTO account_details (account_id, birth_date, birth_date_index) VALUES (:a, :v, :i)"),
                    {
                        "a": account_id,
                        "v": key.encrypt(FieldPlace("account_details", "birth_date", account_id), birth_date),
                        "i": self.keys.own_index.of("birth_date", birth_date),
                    },
                )
            if reconsidered:
                await reconsider_account(tx, self.keys, account_id)
        return Newcomer(account_id, self.headers_of(account_id))

    async def prove(self, who: Newcomer, kind: str, value: str) -> None:
        """Add or replace a proved contact, and look again."""
        async with self.identity.database.uow.begin() as tx:
            wrapped = await tx.session.scalar(
                select(accounts.c.data_key).where(accounts.c.account_id == who.account_id)
            )
            await tx.session.execute(
                account_identifiers.delete().where(
                    account_identifiers.c.account_id == who.account_id, account_identifiers.c.kind == kind
                )
            )
            await self._identify(tx, who.account_id, self.keys.vault.open_person_key(wrapped), kind, value, True)
            await reconsider_account(tx, self.keys, who.account_id)

    async def _identify(self, tx, account_id, key, kind, value, is_proved):
        normal = comparable_email(value) if kind == "email" else value
        await tx.session.execute(
            insert(account_identifiers).values(
                account_id=account_id,
                kind=kind,
                value=key.encrypt(FieldPlace("account_identifiers", kind, account_id), value),
                value_index=self.keys.find(Identifier(kind, normal)),
                proved_at=tx.now if is_proved else None,
                signs_in=is_proved or kind == "snils",
            )
        )

    async def record(self, source_id: str) -> Any:
        async with self.identity.database.read() as session:
            return (await session.execute(select(people).where(people.c.source_id == source_id))).one()

    async def change_record(self, source_id: str, **values: str | None) -> None:
        """What a class teacher's save does to a record, and the look that follows."""
        record = await self.record(source_id)
        key = self.keys.vault.open_person_key(record.data_key)
        columns: dict[str, Any] = {}
        for column, value in values.items():
            if column in {"surname", "given_name", "patronymic", "sex"}:
                columns[column] = value
                continue
            normal = comparable_email(value) if value and column == "email" else value
            place = FieldPlace("people", column, record.person_id)
            columns[column] = key.encrypt(place, value) if value else None
            columns[f"{column}_index"] = self.keys.own_index.of(column, normal) if normal else None
        async with self.identity.database.uow.begin() as tx:
            await tx.session.execute(update(people).where(people.c.person_id == record.person_id).values(columns))
            await reconsider_records(tx, self.keys, record.school_id, [record.person_id])

    async def access(self, who: Newcomer, language: str = "ru") -> dict[str, Any]:
        answer = await self.identity.http.get(ACCESS, headers={**who.headers, "Accept-Language": language})
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    async def outcomes(self, who: Newcomer) -> list[tuple[Any, ...]]:
        async with self.identity.database.read() as session:
            rows = await session.execute(select(match_outcomes).where(match_outcomes.c.account_id == who.account_id))
            return [(row.outcome, row.reason, row.level) for row in rows]

    async def reviews(self, state: str = "open") -> list[Any]:
        async with self.identity.database.read() as session:
            rows = await session.execute(
                select(reviews).where(reviews.c.state == state).order_by(reviews.c.requested_at, reviews.c.review_id)
            )
            return list(rows.all())

    async def history(self, source_id: str) -> list[tuple[str, UUID]]:
        record = await self.record(source_id)
        async with self.identity.database.read() as session:
            rows = await session.execute(select(value_history).where(value_history.c.person_id == record.person_id))
            return [(row.field, row.changed_by) for row in rows]

    async def demand_snils(self) -> None:
        async with self.identity.database.uow.begin() as tx:
            await tx.session.execute(update(schools).values(requires_snils=True))

    def headers_of(self, account_id: UUID) -> dict[str, str]:
        now = self.identity.database.clock()
        issuer = self.identity.container.issuer
        token = issuer.access_token(account_id, new_id(), authenticated_at=now, now=now)
        return {"Authorization": f"Bearer {token}"}

    async def pass_data_as(self, account_id: UUID, class_name: str, child: dict[str, str] | None = None) -> Any:
        body = {"school_id": str(await self.school_id()), "class_name": class_name, "child": child}
        return await self.identity.http.post(f"{ACCESS}/pass-data", headers=self.headers_of(account_id), json=body)

    async def newest_account(self) -> UUID:
        async with self.identity.database.read() as session:
            found: UUID = await session.scalar(
                select(accounts.c.account_id).order_by(accounts.c.account_id.desc()).limit(1)
            )
            return found

    async def binding_of(self, who: Newcomer, given_name: str) -> UUID:
        async with self.identity.database.read() as session:
            found: UUID = await session.scalar(
                select(bindings.c.binding_id)
                .join(people, people.c.person_id == bindings.c.pupil_id)
                .where(bindings.c.account_id == who.account_id, people.c.given_name == given_name)
            )
            return found

    async def school_id(self) -> UUID:
        async with self.identity.database.read() as session:
            found: UUID = await session.scalar(select(schools.c.school_id).limit(1))
            return found


@pytest.fixture
async def matching(identity, bundle):
    """The tiny school, in which nobody but teacher, director and granny has an account yet."""
    for row in bundle.files["users.csv"]:
        if row["sourcedId"] not in {"usr-teacher", "usr-director", "usr-granny"}:
            row["metadata.initialPassword"] = row["metadata.phoneProved"] = row["metadata.emailProved"] = ""
    await identity.load(bundle)
    return Matching(identity)
