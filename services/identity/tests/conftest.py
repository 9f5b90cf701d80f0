"""Identity on a database of its own for every test, over ASGI."""

import csv
import json
import re
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from operator import itemgetter
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, text, tuple_

from identity.accounts import passwords
from identity.accounts.tables import account_identifiers
from identity.codes.issue_codes import issue_codes
from identity.container import Container
from identity.main import create_app
from identity.personal_data.contacts import identifiers_meant
from identity.schema import metadata
from identity.school_import.import_school import ImportReport, allow_all, import_school
from identity.sessions.signing_keys import new_key_set
from identity.settings import Settings
from shared.bus.testing import emitted
from shared.contracts.identity import CodeIssued
from shared.crypto import new_sealing_key, public_part, unseal
from shared.http.problems import all_problems
from shared.testing.instants import instants_end_in_z
from shared.testing.stack import Stack

PASSWORD = "Zvonok-demo-2026"
MOTHER_PHONE = "+79000000002"
MOTHER_SNILS = "112-233-445 95"
TEACHER_EMAIL = "orlova@zvonok.example"

Row = dict[str, str]
Ask = Callable[[], Awaitable[httpx.Response]]


class Known:
    """What tests sign in with and look for."""

    password = PASSWORD
    mother_phone = MOTHER_PHONE
    mother_snils = MOTHER_SNILS
    teacher_email = TEACHER_EMAIL


@dataclass
class Bundle:
    """Files as lists of rows."""

    files: dict[str, list[Row]]
    raw: dict[str, bytes] = field(default_factory=dict)
    """Bytes that replace a file."""

    def row(self, file: str, source_id: str) -> Row:
        return next(row for row in self.files[file] if row["sourcedId"] == source_id)

    def text(self, file: str) -> str:
        rows = self.files[file]
        out = StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def zip(self) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self.files:
                if file not in self.raw:
                    archive.writestr(file, self.text(file))
            for file, content in self.raw.items():
                archive.writestr(file, content)
        return out.getvalue()


def user(source_id: str, family: str, given: str, middle: str = "", **cells: str) -> Row:
    row = {
        "sourcedId": source_id,
        "status": "",
        "enabledUser": "true",
        "username": source_id.removeprefix("usr-"),
        "givenName": given,
        "familyName": family,
        "middleName": middle,
        "email": "",
        "phone": "",
        "agentSourcedIds": "",
        "primaryOrgSourcedId": "org-school",
        "metadata.snils": "",
        "metadata.initialPassword": "",
        "metadata.phoneProved": "",
        "metadata.emailProved": "",
    }
    return row | {name.replace("__", "."): value for name, value in cells.items()}


def role(person: str, name: str, title: str = "") -> Row:
    return {
        "sourcedId": f"rol-{person}",
        "userSourcedId": person,
        "roleType": "primary",
        "role": name,
        "beginDate": "2026-09-01",
        "endDate": "",
        "orgSourcedId": "org-school",
        "metadata.role": title,
    }


def enrolment(where: str, person: str, name: str, *, primary: bool = False) -> Row:
    return {
        "sourcedId": f"enr-{where}-{person}",
        "classSourcedId": where,
        "schoolSourcedId": "org-school",
        "userSourcedId": person,
        "role": name,
        "primary": "true" if primary else "false",
        "beginDate": "2026-09-01",
        "endDate": "",
    }


def tiny_school() -> Bundle:
    """Two classes, two subjects, a director, two teachers, three pupils, three representatives; six accounts."""
    issued = {"metadata__initialPassword": PASSWORD}
    proved = {"metadata__phoneProved": "1", "metadata__emailProved": "1"}
    classes = [
        {
            "sourcedId": source_id,
            "title": title,
            "grades": "07",
            "courseSourcedId": course,
            "classType": kind,
            "schoolSourcedId": "org-school",
            "metadata.homeroomSourcedId": homeroom,
        }
        for source_id, title, course, kind, homeroom in (
            ("cls-7a", "7А", "crs-hour", "homeroom", ""),
            ("cls-7b", "7Б", "crs-hour", "homeroom", ""),
            ("cls-7a-math", "Алгебра 7А", "crs-math", "scheduled", "cls-7a"),
            ("cls-7b-math", "Алгебра 7Б", "crs-math", "scheduled", "cls-7b"),
        )
    ]
    users = [
        user("usr-director", "Громов", "Павел", "Николаевич", phone="+79000000006", **issued, **proved),
        user("usr-teacher", "Орлова", "Марина", "Сергеевна", email=TEACHER_EMAIL, **issued, **proved),
        user("usr-teacher2", "Жукова", "Вера", "Сергеевна", phone="+79001565139"),
        user("usr-mother", "Соколова", "Анна", "Викторовна", phone=MOTHER_PHONE,
             email="sokolova@zvonok.example", metadata__snils=MOTHER_SNILS, **issued, **proved),
        user("usr-father", "Соколов", "Дмитрий", "Андреевич", phone="+79000000003", **issued, **proved),
        user("usr-granny", "Белова", "Галина", "Петровна", email="belova@zvonok.example", **issued, **proved),
        user("usr-pupil", "Соколов", "Михаил", "Дмитриевич", agentSourcedIds="usr-mother,usr-father", **issued),
        user("usr-sister", "Соколова", "Ольга", "Дмитриевна", agentSourcedIds="usr-mother"),
        user("usr-other", "Яковлев", "Пётр", "нет"),
    ]  # fmt: skip
    return Bundle(
        {
            "manifest.csv": [
                {"propertyName": "manifest.version", "value": "1.0"},
                {"propertyName": "oneroster.version", "value": "1.2"},
                {"propertyName": "file.users", "value": "bulk"},
            ],
            "orgs.csv": [
                {
                    "sourcedId": "org-school",
                    "name": "Школа № 2048",
                    "type": "school",
                    "metadata.city": "Москва",
                    "metadata.timeZone": "Europe/Moscow",
                }
            ],
            "academicSessions.csv": [
                {
                    "sourcedId": "ses-year",
                    "title": "2026/27 учебный год",
                    "type": "schoolYear",
                    "startDate": "2026-09-01",
                    "endDate": "2027-05-31",
                }
            ],
            "courses.csv": [
                {"sourcedId": "crs-hour", "title": "Классный час"},
                {"sourcedId": "crs-math", "title": "Алгебра"},
            ],
            "classes.csv": classes,
            "users.csv": users,
            "roles.csv": [
                role("usr-director", "principal"),
                role("usr-teacher", "teacher"),
                role("usr-teacher2", "siteAdministrator", "deputy"),
                role("usr-mother", "parent"),
                role("usr-father", "parent"),
                role("usr-granny", "guardian"),
                role("usr-pupil", "student"),
                role("usr-sister", "student"),
                role("usr-other", "student"),
            ],
            "enrollments.csv": [
                enrolment("cls-7a", "usr-pupil", "student"),
                enrolment("cls-7b", "usr-sister", "student"),
                enrolment("cls-7a", "usr-other", "student"),
                enrolment("cls-7a", "usr-teacher", "teacher", primary=True),
                enrolment("cls-7a-math", "usr-teacher", "teacher"),
                enrolment("cls-7b-math", "usr-teacher", "teacher"),
            ],
            "demographics.csv": [
                {"sourcedId": "usr-pupil", "birthDate": "2013-05-19", "sex": "male"},
                {"sourcedId": "usr-mother", "birthDate": "1986-07-02", "sex": "female"},
            ],
        }
    )


ANYWHERE = {problem.code for problem in all_problems() if problem.__module__.startswith("shared.http")} - {
    "step_up_required",
    "invalid_cursor",
}
"""Codes that any route may answer: bodies that are no JSON, tokens that lapsed, a database that is away."""


class Documented:
    """Looks over the shoulder of every test: a route answers no error that its document does not name."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._routes = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path)), method.upper(), operation["responses"])
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ]

    async def __call__(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type") != "application/problem+json":
            return
        await answer.aread()
        code, status = answer.json()["code"], str(answer.status_code)
        if code in ANYWHERE:
            return
        method, path = answer.request.method, answer.request.url.path
        # A path without a name in it goes before one with: /imports before /{school_id}.
        routes = [(p.pattern.count("[^/]+"), r) for p, m, r in self._routes if m == method and p.fullmatch(path)]
        documented = min(routes, key=itemgetter(0))[1] if routes else {}
        described = documented.get(status, {}).get("description", "")
        assert f"`{code}`" in described, f"{method} {path} answers {status} {code}, documented: {described}"


SEALING_KEY = new_sealing_key()
SIGNING_KEYS = new_key_set()


@dataclass(frozen=True)
class Identity:
    """The service as a test sees it."""

    container: Container
    http: httpx.AsyncClient

    @property
    def database(self) -> Any:
        return self.container.database

    async def load(self, bundle: Bundle, **options: Any) -> ImportReport:
        given: dict[str, Any] = {"permission": allow_all, "issues_accounts": True, **options}
        return await import_school(self.database, self.container.keys, self.container.passwords, bundle.zip(), **given)

    async def sign_in(self, login: str, password: str) -> httpx.Response:
        return await self.http.post("/api/identity/v1/sessions", json={"login": login, "password": password})

    async def account_id(self, login: str) -> UUID:
        """Whose login it is."""
        wanted = [(each.kind, self.container.keys.find(each)) for each in identifiers_meant(login)]
        identifier = account_identifiers.c
        async with self.database.read() as session:
            found = await session.scalars(
                select(identifier.account_id).where(
                    identifier.signs_in, tuple_(identifier.kind, identifier.value_index).in_(wanted)
                )
            )
            account_id: UUID = found.one()
        return account_id

    async def bearer(self, login: str, password: str) -> dict[str, str]:
        answer = await self.sign_in(login, password)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest_asyncio.fixture(scope="session")
async def running(stack: Stack) -> AsyncIterator[Identity]:
    """identity on one database for all tests: a new one for each would take minutes."""
    url = await stack.fresh_database("identity")
    settings = Settings(
        database_url=url,
        master_key=b"m" * 32,
        lookup_key=b"l" * 32,
        signing_keys=SIGNING_KEYS,
        sealing_recipients={"notifications": public_part(SEALING_KEY)},
        hashes_at_once=2,
    )
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as cheap:
        # Six accounts a test at full price would take longer than all the rest; a test of I-7 pays it.
        cheap.setattr(passwords, "MEMORY_KIB", 256)
        lifespan = app.router.lifespan_context(app)
        await lifespan.__aenter__()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    told_truly = {"response": [Documented(app.openapi()), instants_end_in_z]}
    async with httpx.AsyncClient(transport=transport, base_url="http://identity", event_hooks=told_truly) as client:
        yield Identity(app.state.container, client)
    await lifespan.__aexit__(None, None, None)
    await stack.drop_database(url)


@pytest_asyncio.fixture
async def identity(running: Identity) -> Identity:
    """identity that knows nobody."""
    tables = [*metadata.tables, "outbox_event", "outbox_stream", "inbox", "inbox_cursor"]
    async with running.database.engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
    return running


@pytest.fixture
def bundle() -> Bundle:
    return tiny_school()


@pytest.fixture
def problem() -> Callable[[httpx.Response], dict[str, Any]]:
    def read(answer: httpx.Response) -> dict[str, Any]:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        document: dict[str, Any] = json.loads(answer.text)
        return document

    return read


@pytest.fixture(scope="session")
def known() -> type[Known]:
    return Known


@pytest.fixture(scope="session")
def sealing_key() -> dict[str, Any]:
    return SEALING_KEY


class Moment:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Letter:
    """A message as its receiver sees it."""

    event: CodeIssued
    address: str
    code: str | None
    link: str | None


class Post:
    """Everything that was sent with a code or a link, unsealed as notifications would."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.known = 0

    async def issue(self) -> None:
        """What the worker does twice a second."""
        await issue_codes(self.identity.database, self.identity.container.keys)

    async def read(self) -> list[Letter]:
        await self.issue()
        letters = []
        for event in await emitted(self.identity.database):
            if isinstance(event, CodeIssued):
                assert set(event.sealed) == {"notifications"}
                message = json.loads(unseal(SEALING_KEY, event.sealed["notifications"], f"code:{event.code_id}"))
                letters.append(Letter(event, **message))
        return letters

    async def latest(self) -> Letter:
        return (await self.read())[-1]

    async def read_new(self) -> list[Letter]:
        letters = await self.read()
        known, self.known = self.known, len(letters)
        return letters[known:]


@pytest.fixture
def post(identity: Identity) -> Post:
    return Post(identity)


@pytest.fixture
def queries(identity: Identity) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the statements that are sent to PostgreSQL meanwhile."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        engine = identity.database.engine.sync_engine
        sqlalchemy_event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sqlalchemy_event.remove(engine, "before_cursor_execute", note)

    return collecting


@pytest.fixture
def moment(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> Moment:
    clock = Moment()
    monkeypatch.setattr(identity.database, "clock", clock)
    monkeypatch.setattr(identity.database.uow, "_clock", clock)
    monkeypatch.setattr(identity.container.tokens, "clock", clock)
    return clock


@pytest.fixture(scope="session")
def ratio_of_medians() -> Callable[..., Awaitable[float]]:
    """How many times longer one request takes than another: interleaved, each second round the other way round."""

    async def measure(one: Ask, other: Ask, *, rounds: int = 100, status: int = 202) -> float:
        times: dict[Ask, list[float]] = {one: [], other: []}
        for n in range(rounds):
            for ask in (one, other)[:: 1 if n % 2 else -1]:
                start = time.perf_counter()
                answer = await ask()
                times[ask].append(time.perf_counter() - start)
                assert answer.status_code == status, answer.text
        return median(times[one]) / median(times[other])

    return measure
