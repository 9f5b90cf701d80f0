"""One school, a grandmother who answers for nobody yet, and who decides."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records
from identity.registry.tables import classes, people, schools
from shared.bus.testing import emitted

API = "/api/identity/v1"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

GRANNY = {"surname": "Белова", "given_name": "Галина", "patronymic": "Петровна", "birth_date": "1957-03-04"}
PUPIL = {"surname": "Яковлев", "given_name": "Пётр", "patronymic": None, "birth_date": "2013-02-11"}


def form(**changed: Any) -> dict[str, Any]:
    return {"applicant": GRANNY, "child": PUPIL, "relation": "guardian", "class_name": "7-а", **changed}


@dataclass
class Office:
    """Applications as a test writes and decides them."""

    identity: Any
    password: str
    school_id: str
    people: dict[str, str]
    """Source id → person."""
    class_ids: dict[str, str]
    bearers: dict[tuple[str, datetime], dict[str, str]] = field(default_factory=dict)
    granny = GRANNY
    pdf = PDF
    form = staticmethod(form)

    async def call(self, who: str, method: str, path: str, **arguments: Any) -> httpx.Response:
        # Signing in costs more than most of what is tested here; a token lasts until the clock is moved.
        asked = (who, self.identity.database.clock())
        if asked not in self.bearers:
            self.bearers[asked] = await self.identity.bearer(who, self.password)
        headers = self.bearers[asked] | arguments.pop("headers", {})
        return await self.identity.http.request(method, f"{API}{path}", headers=headers, **arguments)

    async def draft(self, who: str = "granny", kind: str = "representative", **changed: Any) -> str:
        new = {"school_id": self.school_id, "kind": kind, "form": form(**changed)}
        answer = await self.call(who, "POST", "/applications", json=new)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["application_id"])

    async def attach(self, application: str, kind: str, content: bytes = PDF, who: str = "granny") -> httpx.Response:
        return await self.call(
            who,
            "POST",
            f"/applications/{application}/documents",
            data={"kind": kind},
            files={"file": ("Белова Галина.docx", content, "application/msword")},
        )

    async def read(self, application: str, who: str = "granny", **headers: str) -> dict[str, Any]:
        answer = await self.call(who, "GET", f"/applications/{application}", headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def submit(self, application: str, who: str = "granny", version: int | None = None) -> httpx.Response:
        consent = (await self.identity.http.get(f"{API}/consents/diary_application")).json()
        return await self.call(
            who,
            "POST",
            f"/applications/{application}/submit",
            json={
                "version": version or (await self.read(application, who))["version"],
                "consent_version": consent["version"],
                "consent_language": "ru",
            },
        )

    async def submitted(self, **changed: Any) -> str:
        application = await self.draft(**changed)
        for kind in ("identity_document", "guardianship_document"):
            assert (await self.attach(application, kind)).status_code == 201
        answer = await self.submit(application)
        assert answer.status_code == 200, answer.text
        return application

    async def decide(
        self, application: str, step: str, who: str = "teacher", version: int | None = None, **body: Any
    ) -> httpx.Response:
        return await self.call(
            who,
            "POST",
            f"/schools/{self.school_id}/applications/{application}/{step}",
            json={"version": version or (await self.read(application))["version"], **body},
        )

    async def in_review(self, **changed: Any) -> str:
        application = await self.submitted(**changed)
        answer = await self.decide(application, "review")
        assert answer.status_code == 200, answer.text
        return application

    async def told(self, *names: str) -> list[Any]:
        return [event for event in await emitted(self.identity.database) if type(event).__name__ in names]

    async def forget_record(self, source_id: str) -> None:
        """The account is known, but no longer as somebody of this school."""
        async with self.identity.database.uow.begin() as tx:
            record = account_records.c.person_id == UUID(self.people[source_id])
            await tx.session.execute(delete(account_records).where(record))
            await settle_bindings(tx, UUID(self.school_id))

    async def queue(self, who: str, **params: Any) -> httpx.Response:
        return await self.call(who, "GET", f"/schools/{self.school_id}/applications", params=params)


@pytest.fixture
async def office(identity, bundle, known, moment):
    # A Thursday with an ordinary week behind it.
    moment.now = moment.now.replace(year=2026, month=11, day=26, hour=9, minute=0, second=0, microsecond=0)
    await identity.load(bundle)
    async with identity.database.read() as session:
        school_id = await session.scalar(select(schools.c.school_id))
        person_ids = {r.source_id: str(r.person_id) for r in await session.execute(select(people))}
        class_ids = {r.name: str(r.class_id) for r in await session.execute(select(classes))}
    return Office(identity, known.password, str(school_id), person_ids, class_ids)
