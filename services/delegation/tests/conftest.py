"""A family told to delegation by events, and delegation itself over ASGI on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from delegation.consumers import subscriptions
from delegation.container import Container
from delegation.main import create_app
from delegation.settings import Settings
from shared.bus.testing import deliver, emitted
from shared.contacts import phone_number
from shared.contracts import Event
from shared.contracts.identity import (
    AccountReachable,
    AccountRegistered,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    PupilEnrolled,
    SchoolOpened,
)
from shared.crypto import BlindIndex
from shared.names import comparable_name
from shared.ops.ids import new_id
from shared.testing.clock import HeldClock
from shared.testing.instants import WATCHED
from shared.testing.signing import Signing

LOOKUP_KEY = b"k" * 32
API = "/api/delegation/v1"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

MOTHER_PHONE = "+79001110001"
GRANNY_PHONE = "+79001110003"
GRANNY_SNILS = "11223344595"


@dataclass(frozen=True)
class Family:
    """Anna and Pyotr, their mother and father (level 2), a reader (level 1), granny, her namesake, a strange parent."""

    school_id: UUID = field(default_factory=new_id)
    anna: UUID = field(default_factory=new_id)
    pyotr: UUID = field(default_factory=new_id)
    stranger_child: UUID = field(default_factory=new_id)
    mother: UUID = field(default_factory=new_id)
    father: UUID = field(default_factory=new_id)
    reader: UUID = field(default_factory=new_id)
    granny: UUID = field(default_factory=new_id)
    neighbour: UUID = field(default_factory=new_id)
    strange_parent: UUID = field(default_factory=new_id)
    bindings: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)

    def names(self) -> list[Event]:
        people = [
            (self.mother, "Кузнецова", "Мария", "Ивановна"),
            (self.father, "Кузнецов", "Олег", "Петрович"),
            (self.reader, "Лисицына", "Вера", None),
            (self.granny, "Белова", "Галина", "Петровна"),
            (self.neighbour, "Белова", "Инна", None),
            (self.strange_parent, "Чужой", "Пётр", None),
        ]
        return [
            AccountRegistered(account_id=account_id, surname=surname, given_name=given, patronymic=patronymic)
            for account_id, surname, given, patronymic in people
        ]

    def school(self, time_zone: str = "Europe/Moscow") -> SchoolOpened:
        return SchoolOpened(
            school_id=self.school_id,
            source_id="org",
            name="Школа № 2048",
            city="Москва",
            time_zone=time_zone,
            year_title="2026/27",
            year_starts_on=date(2026, 9, 1),
            year_ends_on=date(2027, 5, 31),
        )

    def enrolled(self, pupil_id: UUID, surname: str, given_name: str) -> PupilEnrolled:
        return PupilEnrolled(
            school_id=self.school_id,
            pupil_id=pupil_id,
            class_id=self.school_id,
            surname=surname,
            given_name=given_name,
            since=date(2026, 9, 1),
        )

    def bound(self, pupil_id: UUID, account_id: UUID, level: int = 2, version: int = 1) -> BindingGranted:
        binding_id = self.bindings.setdefault((pupil_id, account_id), new_id())
        return BindingGranted(
            school_id=self.school_id,
            pupil_id=pupil_id,
            binding_id=binding_id,
            account_id=account_id,
            relation="representative",
            level=level,
            granted_at=NOON,
            edge_version=version,
        )

    def level(self, pupil_id: UUID, account_id: UUID, level: int, version: int) -> BindingLevelChanged:
        return BindingLevelChanged(
            school_id=self.school_id,
            pupil_id=pupil_id,
            binding_id=self.bindings[pupil_id, account_id],
            account_id=account_id,
            relation="representative",
            level=level,
            changed_at=NOON,
            edge_version=version,
        )

    def unbound(self, pupil_id: UUID, account_id: UUID, version: int) -> BindingRevoked:
        return BindingRevoked(
            school_id=self.school_id,
            pupil_id=pupil_id,
            binding_id=self.bindings[pupil_id, account_id],
            account_id=account_id,
            revoked_at=NOON,
            edge_version=version,
        )

    def story(self) -> list[Event]:
        """Everything but granny's contacts: she turns up when a test says so."""
        return [
            *self.names(),
            self.school(),
            self.enrolled(self.anna, "Кузнецова", "Анна"),
            self.enrolled(self.pyotr, "Кузнецов", "Пётр"),
            self.enrolled(self.stranger_child, "Чужой", "Ваня"),
            self.bound(self.anna, self.mother),
            self.bound(self.anna, self.father),
            self.bound(self.anna, self.reader, level=1),
            self.bound(self.pyotr, self.mother),
            self.bound(self.stranger_child, self.strange_parent),
            reachable(self.mother, "Кузнецова", phones=(MOTHER_PHONE,)),
        ]


def reachable(
    account_id: UUID, surname: str, phones: tuple[str, ...] = (), snils: str | None = None
) -> AccountReachable:
    """What identity says of an account's proved contacts."""
    index = BlindIndex(LOOKUP_KEY)
    return AccountReachable(
        account_id=account_id,
        phone_hashes=tuple(index.of("phone", phone_number(phone)).hex() for phone in phones),
        snils_hash=index.of("snils", snils).hex() if snils else None,
        surname_hash=index.of("surname", comparable_name(surname)).hex(),
    )


@dataclass
class Delegation:
    """The service as a test sees it."""

    container: Container
    http: httpx.AsyncClient
    clock: HeldClock
    signing: Signing
    family: Family

    @property
    def database(self) -> Any:
        return self.container.database

    async def hear(self, *events: Event) -> None:
        await deliver(self.database, subscriptions, *events)

    async def said(self, kind: type[Event] | None = None) -> list[Any]:
        return [event for event in await emitted(self.database) if kind is None or isinstance(event, kind)]

    async def granny_turns_up(self, phones: tuple[str, ...] = (GRANNY_PHONE,), snils: str | None = None) -> None:
        await self.hear(reachable(self.family.granny, "Белова", phones, snils))

    def bearer(self, account_id: UUID, **options: Any) -> dict[str, str]:
        now = self.clock.now
        stated = {"auth_time": now, "iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=10)).timestamp())}
        return self.signing.bearer(account_id, **(stated | options))

    async def get(self, account_id: UUID, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(API + path, headers=self.bearer(account_id), **options)

    async def post(self, account_id: UUID, path: str, **options: Any) -> httpx.Response:
        headers = self.bearer(account_id) | options.pop("headers", {})
        return await self.http.post(API + path, headers=headers, **options)

    async def delete(self, account_id: UUID, path: str) -> httpx.Response:
        return await self.http.delete(API + path, headers=self.bearer(account_id))

    async def invite(self, **changes: Any) -> httpx.Response:
        """The mother invites granny to Anna's diary, unless `changes` say otherwise; None leaves a field out."""
        by = changes.pop("by", self.family.mother)
        body = {"children": [str(self.family.anna)], "phone": "8 (900) 111-00-03", "surname": "Белова"} | changes
        return await self.post(
            by, "/invitations", json={name: value for name, value in body.items() if value is not None}
        )

    async def invited(self, **changes: Any) -> str:
        answer = await self.invite(**changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["items"][0]["id"])

    async def granted(self, **changes: Any) -> str:
        """Granny, who has turned up, is invited and accepts; answers the grant's id."""
        invitation = await self.invited(**changes)
        answer = await self.post(self.family.granny, f"/invitations/{invitation}/accept")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["grant_id"])

    async def scalar(self, statement: str, **values: Any) -> Any:
        async with self.database.read() as session:
            return await session.scalar(text(statement), values)


@pytest_asyncio.fixture
async def delegation(service_database: Callable[[str], Awaitable[str]], signing: Signing) -> AsyncIterator[Delegation]:
    clock = HeldClock(NOON)
    settings = Settings(
        database_url=await service_database("delegation"), lookup_key=LOOKUP_KEY, invitation_answer_seconds=0
    )
    async with Container.on(settings, signing.key_source, clock) as container:
        app = create_app(settings)
        app.state.container = container
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://delegation", timeout=30, event_hooks=WATCHED
        ) as client:
            made = Delegation(container, client, clock, signing, Family())
            await made.hear(*made.family.story())
            yield made


@pytest.fixture
def family(delegation: Delegation) -> Family:
    return delegation.family


@pytest.fixture(scope="session")
def reachable_as() -> Callable[..., AccountReachable]:
    return reachable
