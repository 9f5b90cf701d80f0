"""How fast a school recognises a parent, and how soon a teacher's correction opens the diary (I-19, I-21)."""

import base64
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from shared.ops.ids import new_id
from town.bench.report import Row
from town.demo_school.people import DEMO_PASSWORD, TEACHER
from town.up import Town

PUPILS = 1500
LOOKS = 300
CORRECTIONS = 25

SURNAMES = ("Алексеев", "Борисов", "Васильев", "Григорьев", "Денисов", "Егоров", "Жуков", "Зимин", "Ильин", "Климов")
GIVEN_NAMES = ("Антон", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Захар", "Игорь", "Кирилл", "Лев", "Марк")


class Registry:
    """Identity's database from inside: people register here faster than anybody could type."""

    def __init__(self, town: Town, connection: Any) -> None:
        from identity.personal_data.keeping import PersonalDataKeys
        from identity.sessions.signing_keys import SigningKeys
        from identity.sessions.tokens import TokenIssuer
        from identity.settings import Settings

        given = town.environment("identity", "api")
        self.connection = connection
        self.keys = PersonalDataKeys.from_secrets(
            master_key=base64.b64decode(given["ZVONOK_MASTER_KEY"]),
            lookup_key=base64.b64decode(given["ZVONOK_LOOKUP_KEY"]),
            recipients=json.loads(given["ZVONOK_SEALING_RECIPIENTS"]),
        )
        fields = Settings.model_fields
        self._issuer = TokenIssuer(
            SigningKeys(json.loads(given["ZVONOK_SIGNING_KEYS"])),
            given.get("ZVONOK_ISSUER", fields["issuer"].default),
            given.get("ZVONOK_AUDIENCE", fields["audience"].default),
            new_id,
        )

    def headers(self, account_id: UUID) -> dict[str, str]:
        """As if this account had just signed in."""
        now = datetime.now(UTC)
        token = self._issuer.access_token(account_id, new_id(), authenticated_at=now, now=now)
        return {"Authorization": f"Bearer {token}"}

    async def register(self, people: Sequence[tuple[str, str, str | None, str, str]], role: str) -> list[UUID]:
        """Accounts of (surname, given name, patronymic, phone, e-mail), both contacts proved."""
        from identity.personal_data.contacts import Identifier, IdentifierKind
        from shared.crypto import FieldPlace

        now = datetime.now(UTC)
        accounts, identifiers = [], []
        for surname, given_name, patronymic, phone, email in people:
            account_id = new_id()
            key, wrapped = self.keys.vault.new_person_key()
            accounts.append((account_id, surname, given_name, patronymic, wrapped, now, role))
            contacts: tuple[tuple[IdentifierKind, str], ...] = (("phone", phone), ("email", email))
            for kind, value in contacts:
                sealed = key.encrypt(FieldPlace("account_identifiers", kind, account_id), value)
                identifiers.append((account_id, kind, sealed, self.keys.find(Identifier(kind, value)), now))
        await self.connection.executemany(
            "INSERT INTO accounts (account_id, status, surname, given_name, patronymic, locale, is_operator, data_key,"
            " registered_at, role) VALUES ($1, 'active', $2, $3, $4, 'ru', false, $5, $6, $7)",
            accounts,
        )
        await self.connection.executemany(
            "INSERT INTO account_identifiers (account_id, kind, value, value_index, proved_at, signs_in)"
            " VALUES ($1, $2, $3, $4, $5, true)",
            identifiers,
        )
        return [row[0] for row in accounts]

    async def found_school(self, people: Sequence[tuple[str, str, str | None, str, str]]) -> None:
        """A school with these pupils, their contacts recorded."""
        from identity.personal_data.contacts import Identifier
        from shared.crypto import FieldPlace

        school_id = new_id()
        await self.connection.execute(
            "INSERT INTO schools (school_id, source_id, name, city, time_zone, opened_at)"
            " VALUES ($1, 'org-bench', 'Школа для измерений', 'Москва', 'Europe/Moscow', now())",
            school_id,
        )
        rows = []
        for number, (surname, given_name, patronymic, phone, email) in enumerate(people):
            person_id = new_id()
            key, wrapped = self.keys.vault.new_person_key()
            sealed = {
                kind: key.encrypt(FieldPlace("people", kind, person_id), value)
                for kind, value in (("phone", phone), ("email", email))
            }
            rows.append(
                (school_id, person_id, f"bench-{number}", surname, given_name, patronymic, wrapped, sealed["phone"],
                 sealed["email"], self.keys.find(Identifier("phone", phone)),
                 self.keys.find(Identifier("email", email)))
            )  # fmt: skip
        await self.connection.executemany(
            "INSERT INTO people (school_id, person_id, source_id, kind, surname, given_name, patronymic, data_key,"
            " phone, email, phone_index, email_index, present)"
            " VALUES ($1, $2, $3, 'pupil', $4, $5, $6, $7, $8, $9, $10, $11, true)",
            rows,
        )

    async def parents_of_7a(self) -> list[Any]:
        """Representatives of 7А without an account, each with one of the pupils."""
        found: list[Any] = await self.connection.fetch(
            """
            SELECT DISTINCT ON (p.person_id) p.surname, p.given_name, p.patronymic, p.school_id, g.pupil_id,
                   child.surname AS child_surname, child.given_name AS child_given_name
            FROM classes c
            JOIN enrolments e ON e.school_id = c.school_id AND e.class_id = c.class_id AND e.left_on IS NULL
            JOIN guardianships g ON g.school_id = c.school_id AND g.pupil_id = e.pupil_id AND g.ended_on IS NULL
            JOIN people p ON p.school_id = c.school_id AND p.person_id = g.representative_id
            JOIN people child ON child.school_id = c.school_id AND child.person_id = g.pupil_id
            LEFT JOIN account_records r ON r.school_id = p.school_id AND r.person_id = p.person_id
            WHERE c.comparable_name = '7А' AND r.account_id IS NULL
            ORDER BY p.person_id, g.pupil_id
            """
        )
        return found


def _people(prefix: str) -> Iterator[tuple[str, str, str | None, str, str]]:
    names = zip(cycle(SURNAMES), cycle(GIVEN_NAMES), strict=False)
    for number, (surname, given_name) in enumerate(names):
        yield surname, given_name, "Иванович", f"+7{prefix}{number:07d}", f"p{prefix}{number}@bench.example"


async def matching(town: Town) -> list[Row]:
    """Both rows on one running town."""
    connection = await asyncpg.connect(town.dsn("identity"))
    try:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            registry = Registry(town, connection)
            # Two cores cannot tell all the town of 300 acceptances and measure the next one at the same time.
            town.stop_process("identity-worker")
            try:
                looks = await _looks(town, registry, client)
            finally:
                town.start_process("identity-worker")
            opened = await _corrections(town, registry, client)
    finally:
        await connection.close()
    return [
        Row(
            "match_p50",
            statistics.median(looks),
            "ms",
            goal="report",
            note=f"{PUPILS} pupils, over HTTP, relay stopped",
        ),
        Row("match_p95", _p95(looks), "ms", goal="≤ 50", note=f"{PUPILS} pupils, over HTTP, relay stopped"),
        Row("correction_to_diary_p95", _p95(opened), "s", goal="≤ 5", note="the teacher's click → journal's diaries"),
    ]


async def _looks(town: Town, registry: Registry, client: httpx.AsyncClient) -> list[float]:
    """«Войти в дневник» of pupils whom the school is to recognise: decision, binding, announcement."""
    people = list(islice(_people("911"), PUPILS))
    await registry.found_school(people)
    account_ids = await registry.register(people, "pupil")
    await registry.connection.execute("ANALYZE")
    url = f"{town.base_url('identity')}/api/identity/v1/me/access/check"
    took = []
    for account_id in account_ids[:LOOKS]:
        headers = registry.headers(account_id)
        start = time.perf_counter()
        answer = await client.post(url, headers=headers)
        took.append((time.perf_counter() - start) * 1000)
        answer.raise_for_status()
    accepted = await registry.connection.fetchval(
        "SELECT count(*) FROM match_outcomes WHERE outcome = 'accept' AND account_id = ANY($1)", account_ids[:LOOKS]
    )
    assert accepted == LOOKS, f"{accepted} of {LOOKS} were recognised"
    return took


async def _corrections(town: Town, registry: Registry, client: httpx.AsyncClient) -> list[float]:
    """From the class teacher's click until journal lists the diary: identity, its relay, journal's pump."""
    identity = f"{town.base_url('identity')}/api/identity/v1"
    diaries = f"{town.base_url('journal')}/api/journal/v1/diaries"
    signed_in = await client.post(f"{identity}/sessions", json={"login": TEACHER.login, "password": DEMO_PASSWORD})
    signed_in.raise_for_status()
    teacher = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    parents = (await registry.parents_of_7a())[:CORRECTIONS]
    account_ids = await registry.register(
        [
            (row["surname"], row["given_name"], row["patronymic"], phone, email)
            for row, (*_, phone, email) in zip(parents, _people("912"), strict=False)
        ],
        "representative",
    )
    took = []
    for parent, account_id in zip(parents, account_ids, strict=True):
        headers = registry.headers(account_id)
        child = {"surname": parent["child_surname"], "given_name": parent["child_given_name"]}
        passed = {"school_id": str(parent["school_id"]), "class_name": "7А", "child": child}
        (await client.post(f"{identity}/me/access/pass-data", json=passed, headers=headers)).raise_for_status()
        queue = await client.get(f"{identity}/schools/{parent['school_id']}/reviews", headers=teacher)
        review = queue.json()["items"][0]
        start = time.perf_counter()
        clicked = await client.post(
            f"{identity}/reviews/{review['review_id']}/correct", json={"version": review["version"]}, headers=teacher
        )
        clicked.raise_for_status()
        while True:
            answer = await client.get(diaries, headers=headers)
            answer.raise_for_status()
            if any(item["pupil_id"] == str(parent["pupil_id"]) for item in answer.json()["items"]):
                break
            if time.perf_counter() - start > 60:
                raise TimeoutError("the diary did not open")
        took.append(time.perf_counter() - start)
    return took


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[94]
