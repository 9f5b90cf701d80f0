"""The little school in the middle of a week: a diary with something in every section."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.contracts.delegation import DelegationActivated
from shared.ops.ids import new_id

WEEK = "2026-W48"
THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PLAN = [
    {"kind": "quarter", "first_grade": 1, "last_grade": 9, "number": number, "title": title, "starts_on": first,
     "ends_on": last}
    for number, title, first, last in (
        (1, "I четверть", "2026-09-01", "2026-10-25"),
        (2, "II четверть", "2026-11-05", "2026-12-30"),
    )
]  # fmt: skip


class Diary:
    """Миша's diary as different people see it."""

    def __init__(self, journal: Any, patch: pytest.MonkeyPatch) -> None:
        self.journal = journal
        self.school = journal.school
        self.maths: UUID
        self.literature: UUID
        self._patch = patch

    def at(self, now: datetime) -> None:
        self._patch.setattr(self.journal.container.database, "clock", lambda: now)

    async def ok(self, who: Any, method: str, path: str, **options: Any) -> Any:
        answer = await self.journal.call(who, method, path, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def get(self, who: Any, path: str, pupil_id: UUID | None = None, **options: Any) -> Any:
        return await self.journal.get(who, f"/diaries/{pupil_id or self.school.misha}/{path}", **options)

    async def seen(self, who: Any, path: str, **options: Any) -> Any:
        answer = await self.get(who, path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def mark(self, value: str, form: str = "Ответ на уроке", *, pupil_id: UUID | None = None, **more: Any) -> Any:
        answer = await self.journal.post_mark(
            self.school.orlova,
            self.maths,
            pupil_id=str(pupil_id or self.school.misha),
            value=value,
            control_form_id=await self.journal.form(form),
            **more,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["mark"]

    async def miss(self, reason: str | None = "б") -> None:
        """Миша misses literature."""
        body = {"pupil_id": str(self.school.misha), "kind": "absent", "absence_reason": reason}
        await self.ok(self.school.gusev, "PUT", f"/lessons/{self.literature}/attendance", json={"but": [body]})

    async def point(self) -> None:
        body = {"pupil_id": str(self.school.misha), "kind": "debt", "due_on": "2026-12-01", "comment": "Сдать зачёт",
                "control_form_id": await self.journal.form()}  # fmt: skip
        await self.ok(self.school.gusev, "POST", f"/lessons/{self.literature}/points", json=body)

    async def homework(self) -> str:
        body = {"text": "№ 5, 6", "links": ["https://example.org/5"], "mandatory": False, "minutes": 20}
        given = await self.ok(self.school.orlova, "POST", f"/lessons/{self.maths}/homework", json=body)
        for_day = {"text": "Читать", "subject_id": str(self.school.literature), "due_on": "2026-11-25"}
        await self.ok(self.school.gusev, "POST", f"/classes/{self.school.class_7a}/homework", json=for_day)
        return str(given["homework"]["homework_id"])

    async def behave(self) -> None:
        path = f"/classes/{self.school.class_7a}/pupils/{self.school.misha}/behaviour/{WEEK}"
        body = {"subject_id": str(self.school.maths), "rating": "good", "note": "Помогал товарищу"}
        await self.ok(self.school.orlova, "PUT", path, json=body)

    async def pack(self) -> None:
        for who, lesson_id, things in (
            (self.school.orlova, self.maths, [("Учебник", 700), ("Циркуль", 100)]),
            (self.school.gusev, self.literature, [("Учебник", 3000)]),
        ):
            body = {"things": [{"title": title, "grams": grams} for title, grams in things]}
            await self.ok(who, "PUT", f"/lessons/{lesson_id}/backpack", json=body)

    async def quarters(self) -> list[str]:
        path = f"/schools/{self.school.school_id}/periods"
        answer = await self.ok(self.school.deputy, "PUT", path, json={"periods": PLAN})
        return [item["period_id"] for item in answer["items"]]

    async def attest(self, period: str | None, value: str) -> None:
        row = {"pupil_id": str(self.school.misha), "value": value, "reason": "По итогам года"}
        body = {"subject_id": str(self.school.maths), "period_id": period, "rows": [row]}
        answer = await self.ok(self.school.orlova, "PUT", f"/classes/{self.school.class_7a}/attestation", json=body)
        assert answer["items"][0]["saved"], answer

    async def trust(self, *scope: str) -> str:
        """The stranger becomes a trusted person; answers the grant."""
        grant_id = uuid4()
        granted = DelegationActivated(
            grant_id=grant_id,
            pupil_id=self.school.misha,
            account_id=self.school.stranger.account_id,
            granted_by_account_id=self.school.mother.account_id,
            scope=scope,
            valid_from=THURSDAY - timedelta(days=1),
            valid_until=THURSDAY + timedelta(days=5),
            edge_version=1,
        )
        await self.journal.hears(granted)
        return str(grant_id)

    async def enrol(self, count: int) -> list[UUID]:
        """More pupils into 7А."""
        new = [new_id() for _ in range(count)]
        await self.journal.hears(
            *(self.school.enrolled(one, self.school.class_7a, f"Яшин{n:02}", "Яков") for n, one in enumerate(new))
        )
        return new


@pytest_asyncio.fixture
async def diary(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Diary:
    """On a Thursday, with maths and literature on Monday."""
    found = Diary(teaching, monkeypatch)
    found.at(THURSDAY)
    (found.maths, *_), (found.literature, *_) = [
        await teaching.lesson_ids(who) for who in (teaching.school.orlova, teaching.school.gusev)
    ]
    return found
