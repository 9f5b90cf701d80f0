"""A family, told to notifications by events, and notifications itself over ASGI on a database of its own."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from notifications.consumers import subscriptions
from notifications.container import Container
from notifications.inbox.watch import Watch
from notifications.main import create_app
from notifications.settings import Settings
from shared.contracts import Event
from shared.contracts.delegation import (
    DelegationActivated,
    DelegationRevoked,
    InvitationAccepted,
    InvitationSent,
)
from shared.contracts.identity import (
    AccountRegistered,
    BindingGranted,
    BindingRevoked,
    CodeIssued,
    ContactVerified,
    DiaryAccessAccepted,
    PupilEnrolled,
    SecurityNoticed,
)
from shared.contracts.journal import (
    AbsenceRecorded,
    AbsenceRemoved,
    ControlForm,
    GradeChanged,
    GradePosted,
    GradeRemoved,
)
from shared.contracts.support import TicketOpened
from shared.crypto import SealingKeys, new_sealing_key, public_part, seal
from shared.db import Database
from shared.http import TokenVerifier
from shared.ops.ids import new_id
from shared.testing.clock import HeldClock
from shared.testing.instants import WATCHED
from shared.testing.signing import AUDIENCE, ISSUER, Signing
from shared.testing.statements import asked_of

API = "/api/notifications/v1"
SEALING_KEY = new_sealing_key()
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def seal_for_us(text: str, context: str) -> dict[str, str]:
    """As identity seals for all who need it."""
    return SealingKeys({"notifications": public_part(SEALING_KEY)}).seal_for_all(text, context)


@dataclass(frozen=True)
class Family:
    """Анна К. with her mother (level 2) and father (level 1); a grandmother who may be invited."""

    school_id: UUID = field(default_factory=new_id)
    class_id: UUID = field(default_factory=new_id)
    anna: UUID = field(default_factory=new_id)
    anna_herself: UUID = field(default_factory=new_id)
    mother: UUID = field(default_factory=new_id)
    father: UUID = field(default_factory=new_id)
    grandmother: UUID = field(default_factory=new_id)
    stranger: UUID = field(default_factory=new_id)
    bindings: dict[UUID, UUID] = field(default_factory=dict)

    def enrolled(self, **changes: Any) -> PupilEnrolled:
        told: dict[str, Any] = {
            "school_id": self.school_id,
            "pupil_id": self.anna,
            "class_id": self.class_id,
            "surname": "Кузнецова",
            "given_name": "Анна",
            "since": date(2026, 9, 1),
        }
        return PupilEnrolled(**(told | changes))

    def granted(self, account_id: UUID, relation: str = "representative", level: int = 2, **changes: Any) -> Event:
        told: dict[str, Any] = {
            "school_id": self.school_id,
            "pupil_id": self.anna,
            "binding_id": self.bindings.setdefault(account_id, new_id()),
            "account_id": account_id,
            "relation": relation,
            "level": level,
            "granted_at": START - timedelta(days=1),
            "edge_version": 1,
        }
        return BindingGranted(**(told | changes))

    def unbound(self, account_id: UUID, version: int = 2) -> BindingRevoked:
        return BindingRevoked(
            school_id=self.school_id,
            pupil_id=self.anna,
            binding_id=self.bindings.setdefault(account_id, new_id()),
            account_id=account_id,
            revoked_at=START,
            edge_version=version,
        )

    def account(self, account_id: UUID, given_name: str = "Ольга", locale: str = "ru") -> AccountRegistered:
        return AccountRegistered(
            account_id=account_id,
            surname="Кузнецова",
            given_name=given_name,
            locale=locale,  # type: ignore[arg-type]
        )

    def contact(self, account_id: UUID, address: str) -> ContactVerified:
        return ContactVerified(
            account_id=account_id, kind="email", sealed=seal_for_us(address, f"contact:{account_id}")
        )

    def phone(self, account_id: UUID, number: str) -> ContactVerified:
        return ContactVerified(account_id=account_id, kind="phone", sealed=seal_for_us(number, f"contact:{account_id}"))

    def code(self, account_id: UUID, address: str = "+79000000001", **changes: Any) -> CodeIssued:
        """`code` and `link` go into the sealed value, the rest into the event."""
        code_id = changes.pop("code_id", new_id())
        secret = {"address": address, "code": changes.pop("code", "123456"), "link": changes.pop("link", None)}
        told: dict[str, Any] = {
            "account_id": account_id,
            "code_id": code_id,
            "channel": "email" if "@" in address else "sms",
            "purpose": "sign_in",
            "locale": "ru",
            "sealed": seal_for_us(json.dumps(secret), f"code:{code_id}"),
            "expires_at": START + timedelta(minutes=5),
        }
        return CodeIssued(**(told | changes))

    def security(self, account_id: UUID, kind: str, old: str | None = None, **changes: Any) -> SecurityNoticed:
        notice_id = new_id()
        told: dict[str, Any] = {
            "account_id": account_id,
            "notice_id": notice_id,
            "kind": kind,
            "sealed_old_address": None if old is None else seal_for_us(old, f"security:{notice_id}"),
            "occurred_at": START,
        }
        return SecurityNoticed(**(told | changes))

    def recognised(self, account_id: UUID, person_id: UUID, **contacts: str | None) -> DiaryAccessAccepted:
        secret = {"phone": None, "email": None, "undo": "undo-secret"} | contacts
        return DiaryAccessAccepted(
            school_id=self.school_id,
            person_id=person_id,
            account_id=account_id,
            level=2,
            sealed=seal_for_us(json.dumps(secret), f"record:{person_id}"),
            accepted_at=START,
        )

    def everything(self) -> list[Event]:
        return [
            self.enrolled(),
            self.granted(self.mother),
            self.granted(self.father, level=1),
            self.granted(self.anna_herself, relation="self"),
            self.account(self.mother),
            self.account(self.father, "Пётр"),
            self.account(self.grandmother, "Вера"),
            self.contact(self.mother, "mother@zvonok.example"),
            self.contact(self.grandmother, "grandmother@zvonok.example"),
        ]

    def _mark(self, mark_id: UUID) -> dict[str, Any]:
        return {
            "school_id": self.school_id,
            "pupil_id": self.anna,
            "class_id": new_id(),
            "mark_id": mark_id,
            "lesson_id": new_id(),
            "lesson_date": date(2026, 11, 23),
            "subject_id": new_id(),
            "subject_title": "Алгебра",
        }

    def _work(self) -> dict[str, Any]:
        return {
            "control_form": ControlForm(control_form_id=new_id(), name="Контрольная", category="control", weight=3),
            "teacher_person_id": new_id(),
            "teacher_name": "Орлова М. П.",
        }

    def posted(self, value: str = "4", mark_id: UUID | None = None, **changes: Any) -> GradePosted:
        told = {**self._mark(mark_id or new_id()), **self._work(), "value": value, "posted_at": START}
        return GradePosted(**(told | changes))

    def changed(self, mark_id: UUID, old: str, new: str, version: int = 2) -> GradeChanged:
        return GradeChanged(
            **self._mark(mark_id),
            **self._work(),
            old_value=old,
            value=new,
            mark_version=version,
            changed_at=START,
        )

    def removed(self, mark_id: UUID, old: str) -> GradeRemoved:
        return GradeRemoved(**self._mark(mark_id), old_value=old, removed_at=START)

    def absent(self, lesson_id: UUID, version: int = 1, **changes: Any) -> AbsenceRecorded:
        told = {
            **self._lesson(lesson_id),
            "kind": "absent",
            "has_notice": False,
            "teacher_person_id": new_id(),
            "teacher_name": "Орлова М. П.",
            "absence_version": version,
            "recorded_at": START,
        }
        return AbsenceRecorded(**(told | changes))

    def present(self, lesson_id: UUID, version: int = 2, **changes: Any) -> AbsenceRemoved:
        told = {**self._lesson(lesson_id), "absence_version": version, "removed_at": START}
        return AbsenceRemoved(**(told | changes))

    def _lesson(self, lesson_id: UUID) -> dict[str, Any]:
        return {
            "school_id": self.school_id,
            "pupil_id": self.anna,
            "class_id": self.class_id,
            "lesson_id": lesson_id,
            "lesson_date": date(2026, 11, 23),
            "lesson_number": 2,
            "subject_id": new_id(),
            "subject_title": "Алгебра",
        }

    def invited(self, invitation_id: UUID, **changes: Any) -> InvitationSent:
        told: dict[str, Any] = {
            "invitation_id": invitation_id,
            "inviter_account_id": self.mother,
            "inviter_name": "Кузнецова Ольга Ивановна",
            "invitee_account_id": self.grandmother,
            "pupil_id": self.anna,
            "child_label": "Анна К.",
            "scope": ("marks", "homework"),
            "grant_until": START + timedelta(days=200),
            "sent_at": START,
            "expires_at": START + timedelta(days=7),
        }
        return InvitationSent(**(told | changes))

    def accepted(self, invitation_id: UUID, grant_id: UUID) -> InvitationAccepted:
        return InvitationAccepted(
            invitation_id=invitation_id,
            inviter_account_id=self.mother,
            invitee_account_id=self.grandmother,
            invitee_name="Смирнова Вера Павловна",
            pupil_id=self.anna,
            child_label="Анна К.",
            grant_id=grant_id,
            accepted_at=START,
        )

    def activated(self, grant_id: UUID, **changes: Any) -> DelegationActivated:
        told: dict[str, Any] = {
            "grant_id": grant_id,
            "pupil_id": self.anna,
            "account_id": self.grandmother,
            "granted_by_account_id": self.mother,
            "scope": ("marks",),
            "valid_from": START - timedelta(minutes=1),
            "valid_until": START + timedelta(days=200),
            "edge_version": 1,
        }
        return DelegationActivated(**(told | changes))

    def revoked(self, grant_id: UUID, **changes: Any) -> DelegationRevoked:
        told: dict[str, Any] = {
            "grant_id": grant_id,
            "pupil_id": self.anna,
            "account_id": self.grandmother,
            "granted_by_account_id": self.mother,
            "child_label": "Анна К.",
            "reason": "revoked",
            "revoked_by_account_id": self.mother,
            "revoked_at": START,
            "edge_version": 2,
        }
        return DelegationRevoked(**(told | changes))

    def ticket(self, ticket_id: UUID, address: str = "asker@zvonok.example", **changes: Any) -> TicketOpened:
        told: dict[str, Any] = {
            "ticket_id": ticket_id,
            "number": "26-000123-4",
            "ticket_type": "question",
            "account_id": None,
            "locale": "ru",
            "sealed_email": seal(public_part(SEALING_KEY), address, f"ticket:{ticket_id}"),
            "opened_at": START,
        }
        return TicketOpened(**(told | changes))


@pytest.fixture(scope="session")
def our_key() -> dict[str, Any]:
    """The private key that addresses are sealed for."""
    return SEALING_KEY


@pytest.fixture(scope="session", name="sealed")
def sealed_for_us() -> Callable[[str, str], dict[str, str]]:
    """Seal a text for a context."""
    return seal_for_us


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(START)


@pytest_asyncio.fixture
async def database(service_database: Callable[[str], Awaitable[str]], clock: HeldClock) -> AsyncIterator[Database]:
    opened = Database.open(await service_database("notifications"), source="notifications", clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def tell(database: Database, deliver: Any) -> Callable[..., Awaitable[list[UUID]]]:
    """Let the service receive events."""

    async def told(*events: Event) -> list[UUID]:
        ids: list[UUID] = await deliver(database, subscriptions, *events)
        return ids

    return told


@pytest_asyncio.fixture
async def client(database: Database, signing: Signing) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(database_url="postgresql+asyncpg://unused")
    container = Container(settings, database, TokenVerifier(signing.key_source, ISSUER, AUDIENCE), Watch(database))

    app = create_app(settings)
    app.state.container = container
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://notifications.test", event_hooks=WATCHED
    ) as made:
        yield made


class Reader:
    """An account at the notification centre."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        return await self.client.get(f"{API}{path}", params=query, headers={**self.headers, **(headers or {})})

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.client.post(f"{API}{path}", json=body, headers=self.headers)

    async def items(self, **query: Any) -> list[dict[str, Any]]:
        answer = await self.get("/inbox", **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def titles(self, **query: Any) -> list[str]:
        return [item["title"] for item in await self.items(**query)]


@pytest.fixture
def reader(client: httpx.AsyncClient, signing: Signing) -> Callable[[UUID], Reader]:
    """An account, signed in."""
    return lambda account_id: Reader(client, signing.bearer(account_id))


@pytest.fixture
def statements(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """The SQL that is executed within a block."""

    return lambda: asked_of(database.engine)
