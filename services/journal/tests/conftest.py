"""A little school, told to journal by events, and journal itself over ASGI on a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from journal.consumers import subscriptions
from journal.container import Container
from journal.main import create_app
from journal.settings import Settings
from journal.tables import metadata
from shared.contracts import Event
from shared.contracts.identity import (
    BindingGranted,
    ClassOpened,
    PupilEnrolled,
    SchoolOpened,
    StaffAssigned,
    SubjectOpened,
)
from shared.crypto import new_seal_keys
from shared.http import TokenVerifier
from shared.ops.clock import Clock, system_clock
from shared.ops.ids import new_id
from shared.testing.instants import WATCHED
from shared.testing.signing import Signing
from shared.testing.stack import Stack
from shared.testing.statements import asked_of

MONDAY = date(2026, 11, 23)
API = "/api/journal/v1"
HEADER = "date,lesson_number,starts_at,ends_at,class_source_id,subject_source_id,teacher_source_id,room,topic"


@dataclass(frozen=True)
class Somebody:
    """A member of staff or of a family."""

    person_id: UUID = field(default_factory=new_id)
    account_id: UUID = field(default_factory=new_id)
    assignment_id: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class LittleSchool:
    """7А with Миша and Оля, 7Б with Петя, 1А with Ваня; maths and literature."""

    school_id: UUID = field(default_factory=new_id)
    class_7a: UUID = field(default_factory=new_id)
    class_7b: UUID = field(default_factory=new_id)
    class_1a: UUID = field(default_factory=new_id)
    maths: UUID = field(default_factory=new_id)
    literature: UUID = field(default_factory=new_id)
    misha: UUID = field(default_factory=new_id)
    olya: UUID = field(default_factory=new_id)
    petya: UUID = field(default_factory=new_id)
    vanya: UUID = field(default_factory=new_id)
    orlova: Somebody = field(default_factory=Somebody)
    """Maths in 7А and 1А, leads 7А."""
    gusev: Somebody = field(default_factory=Somebody)
    """Literature in 7А, maths in 7Б, leads 7Б."""
    gromov: Somebody = field(default_factory=Somebody)
    """The director."""
    deputy: Somebody = field(default_factory=Somebody)
    administrator: Somebody = field(default_factory=Somebody)
    mother: Somebody = field(default_factory=Somebody)
    """Of Миша, level 2."""
    misha_himself: Somebody = field(default_factory=Somebody)
    stranger: Somebody = field(default_factory=Somebody)
    """Has an account and nothing else."""

    def opened(self, **changes: Any) -> SchoolOpened:
        card = SchoolOpened(
            school_id=self.school_id,
            source_id="org-1",
            name="Школа № 1",
            city="Москва",
            time_zone="Europe/Moscow",
            year_title="2026/27",
            year_starts_on=date(2026, 9, 1),
            year_ends_on=date(2027, 5, 31),
        )
        return card.model_copy(update=changes)

    def classes(self) -> list[Event]:
        return [
            ClassOpened(school_id=self.school_id, class_id=id_, source_id=source_id, grade=grade, name=name)
            for id_, source_id, grade, name in (
                (self.class_7a, "cls-7a", 7, "7А"),
                (self.class_7b, "cls-7b", 7, "7Б"),
                (self.class_1a, "cls-1a", 1, "1А"),
            )
        ]

    def subjects(self) -> list[Event]:
        return [
            SubjectOpened(school_id=self.school_id, subject_id=self.maths, source_id="crs-math", title="Математика"),
            SubjectOpened(
                school_id=self.school_id, subject_id=self.literature, source_id="crs-lit", title="Литература"
            ),
        ]

    def enrolled(self, pupil_id: UUID, class_id: UUID, surname: str, given_name: str) -> PupilEnrolled:
        return PupilEnrolled(
            school_id=self.school_id,
            pupil_id=pupil_id,
            class_id=class_id,
            surname=surname,
            given_name=given_name,
            patronymic="Дмитриевич",
            since=date(2026, 9, 1),
        )

    def pupils(self) -> list[Event]:
        return [
            self.enrolled(self.misha, self.class_7a, "Соколов", "Михаил"),
            self.enrolled(self.olya, self.class_7a, "Авдеева", "Ольга"),
            self.enrolled(self.petya, self.class_7b, "Петров", "Пётр"),
            self.enrolled(self.vanya, self.class_1a, "Иванов", "Иван"),
        ]

    def assigned(self, who: Somebody, role: str, **changes: Any) -> StaffAssigned:
        names = {self.orlova.person_id: ("Орлова", "Марина", "Сергеевна"), self.gusev.person_id: ("Гусев", "Лев", None)}
        surname, given_name, patronymic = names.get(who.person_id, ("Громов", "Павел", "Николаевич"))
        sources = {self.orlova.person_id: "t-orlova", self.gusev.person_id: "t-gusev"}
        told: dict[str, Any] = {
            "school_id": self.school_id,
            "person_id": who.person_id,
            "assignment_id": uuid5(who.person_id, f"{role} {changes.get('class_id')} {changes.get('subject_id')}"),
            "account_id": who.account_id,
            "source_id": sources.get(who.person_id, f"t-{who.person_id}"),
            "surname": surname,
            "given_name": given_name,
            "patronymic": patronymic,
            "role": role,
            "valid_from": date(2026, 9, 1),
            "edge_version": 1,
        }
        return StaffAssigned(**(told | changes))

    def staff(self) -> list[Event]:
        maths, literature = {"subject_id": self.maths}, {"subject_id": self.literature}
        orlova = self.orlova.assignment_id
        return [
            self.assigned(self.orlova, "subject_teacher", class_id=self.class_7a, **maths, assignment_id=orlova),
            self.assigned(self.orlova, "subject_teacher", class_id=self.class_1a, **maths),
            self.assigned(self.orlova, "class_teacher", class_id=self.class_7a),
            self.assigned(self.gusev, "subject_teacher", class_id=self.class_7a, **literature),
            self.assigned(self.gusev, "subject_teacher", class_id=self.class_7b, **maths),
            self.assigned(self.gusev, "class_teacher", class_id=self.class_7b),
            self.assigned(self.gromov, "director"),
            self.assigned(self.deputy, "deputy"),
            self.assigned(self.administrator, "school_administrator"),
        ]

    def granted(self, who: Somebody, pupil_id: UUID, relation: str, level: int, **changes: Any) -> BindingGranted:
        told: dict[str, Any] = {
            "school_id": self.school_id,
            "pupil_id": pupil_id,
            "binding_id": who.assignment_id,
            "account_id": who.account_id,
            "relation": relation,
            "level": level,
            "granted_at": datetime.now(UTC),
            "edge_version": 1,
        }
        return BindingGranted(**(told | changes))

    def bindings(self) -> list[Event]:
        return [
            self.granted(self.mother, self.misha, "representative", 2),
            self.granted(self.misha_himself, self.misha, "self", 2),
        ]

    def everything(self) -> list[Event]:
        return [
            self.opened(),
            *self.subjects(),
            *self.classes(),
            *self.pupils(),
            *self.staff(),
            *self.bindings(),
        ]

    def lesson(self, number: int = 1, **changes: str) -> str:
        """A line of a timetable file: maths of 7А on Monday."""
        start = datetime(2026, 11, 23, 8, 30, tzinfo=UTC) + timedelta(minutes=55 * (number - 1))
        line = {
            "date": MONDAY.isoformat(),
            "lesson_number": str(number),
            "starts_at": f"{start:%H:%M}",
            "ends_at": f"{start + timedelta(minutes=45):%H:%M}",
            "class_source_id": "cls-7a",
            "subject_source_id": "crs-math",
            "teacher_source_id": "t-orlova",
            "room": "101",
            "topic": "",
        }
        return ",".join((line | changes).values())

    def timetable(self) -> str:
        """Maths and literature of 7А, maths of 7Б, of 1А: lessons 1 to 4 of Monday."""
        literature = {"subject_source_id": "crs-lit", "teacher_source_id": "t-gusev", "room": "102"}
        return "\n".join(
            (
                HEADER,
                self.lesson(1, topic="Дроби"),
                self.lesson(2, **literature),
                self.lesson(3, class_source_id="cls-7b", teacher_source_id="t-gusev", room="102"),
                self.lesson(4, class_source_id="cls-1a"),
            )
        )


@dataclass
class Journal:
    """journal as a frontend sees it, and the school it knows."""

    container: Container
    client: httpx.AsyncClient
    school: LittleSchool
    signing: Signing
    _deliver: Callable[..., Awaitable[Any]]

    async def hears(self, *events: Event) -> None:
        await self._deliver(self.container.database, subscriptions, *events)

    async def call(self, who: Somebody, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self.signing.bearer(who.account_id) | options.pop("headers", {})
        answer = await self.client.request(method, API + path, headers=headers, **options)
        # The driver tells `counting` of a statement at the loop's next turn.
        await asyncio.sleep(0)
        return answer

    async def get(self, who: Somebody, path: str, **options: Any) -> httpx.Response:
        return await self.call(who, "GET", path, **options)

    async def import_timetable(self, who: Somebody, text: str | bytes) -> httpx.Response:
        content = text.encode() if isinstance(text, str) else text
        path = f"/schools/{self.school.school_id}/timetable"
        return await self.call(who, "POST", path, files={"file": ("timetable.csv", content, "text/csv")})

    async def lesson_ids(self, who: Somebody) -> list[UUID]:
        """The own lessons of Monday, by number."""
        answer = await self.get(who, "/lessons", params={"date": MONDAY.isoformat()})
        return [UUID(lesson["lesson_id"]) for lesson in answer.json()["items"]]

    async def form(self, name: str = "Ответ на уроке") -> str:
        """A control form's id by its name."""
        forms = (await self.get(self.school.orlova, "/control-forms")).json()["items"]
        return next(form["control_form_id"] for form in forms if form["name"] == name)

    async def post_mark(self, who: Somebody, lesson_id: UUID, **changes: Any) -> httpx.Response:
        headers = changes.pop("headers", {})
        body = {"pupil_id": str(self.school.misha), "value": "5"} | changes
        if "control_form_id" not in body:
            body["control_form_id"] = await self.form()
        return await self.call(who, "POST", f"/lessons/{lesson_id}/marks", json=body, headers=headers)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that the database is asked meanwhile."""
        with asked_of(self.container.database.engine) as statements:
            yield statements


def settings_on(url: str) -> Settings:
    return Settings(database_url=url, pool_size=5, master_key=b"m" * 32, seal_keys=new_seal_keys())


@pytest_asyncio.fixture(scope="session")
async def running(stack: Stack, signing: Signing) -> AsyncIterator[tuple[Container, httpx.AsyncClient]]:
    """journal on one database for all tests: a new one for each would take minutes."""
    url = await stack.fresh_database("journal")

    def open_container(settings: Settings) -> AbstractAsyncContextManager[Container]:
        return Container.on(settings, signing.key_source)

    app = create_app(settings_on(url), open_container)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://journal", event_hooks=WATCHED) as client,
    ):
        yield app.state.container, client
    await stack.drop_database(url)


@pytest.fixture(scope="session")
def open_journal(stack: Stack, signing: Signing, deliver: Any) -> Callable[..., AbstractAsyncContextManager[Journal]]:
    """Open a journal on a database of its own, for tests that share one school; `clock` is what the service goes by."""

    @asynccontextmanager
    async def opened(clock: Clock = system_clock) -> AsyncIterator[Journal]:
        url = await stack.fresh_database("journal")

        @asynccontextmanager
        async def open_container(settings: Settings) -> AsyncIterator[Container]:
            async with Container.on(settings, signing.key_source, clock) as container:
                # Tokens are of the day of the test, whatever the day of the school.
                tokens = TokenVerifier(signing.key_source, settings.issuer, settings.audience)
                yield replace(container, tokens=tokens)

        app = create_app(settings_on(url), open_container)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://journal", event_hooks=WATCHED) as client,
        ):
            yield Journal(app.state.container, client, LittleSchool(), signing, deliver)
        await stack.drop_database(url)

    return opened


@pytest_asyncio.fixture
async def empty_journal(running: tuple[Container, httpx.AsyncClient], signing: Signing, deliver: Any) -> Journal:
    """journal before it heard of anybody."""
    container, client = running
    tables = [*metadata.tables, "outbox_event", "outbox_stream", "inbox", "inbox_cursor"]
    async with container.database.engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    return Journal(container, client, LittleSchool(), signing, deliver)


@pytest_asyncio.fixture
async def journal(empty_journal: Journal) -> Journal:
    """journal that knows the little school."""
    await empty_journal.hears(*empty_journal.school.everything())
    return empty_journal


@pytest_asyncio.fixture
async def teaching(journal: Journal) -> Journal:
    """journal of the little school with its timetable of Monday."""
    answer = await journal.import_timetable(journal.school.administrator, journal.school.timetable())
    assert answer.status_code == 200, answer.text
    return journal


@pytest.fixture
def school(empty_journal: Journal) -> LittleSchool:
    return empty_journal.school
