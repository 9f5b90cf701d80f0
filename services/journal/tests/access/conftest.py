"""The little school with one account for each role, and something of everything that can be read or written."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text

from shared.contracts.delegation import DelegationActivated, DelegationRevoked

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)
"""Friday evening: Monday's lessons are inside the edit window, and the week may be signed."""
ALL_SECTIONS = ("marks", "homework", "timetable", "attendance")
WEEK = "2026-W48"


@dataclass
class World:
    """journal with its roles. `at` are the ids that the paths of operations are filled with."""

    journal: Any
    roles: dict[str, Any]
    """Somebody for each role; None: nobody."""
    at: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, frozenset[str]] = field(default_factory=dict)
    """For each role of a family: words that no answer to it may contain."""

    async def ask(self, role: str, method: str, path: str, **options: Any) -> httpx.Response:
        somebody = self.roles[role]
        claims = options.pop("claims", {})
        if somebody is None:
            return await self.journal.client.request(method, "/api/journal/v1" + path, **options)
        headers = self.journal.signing.bearer(somebody.account_id, **claims)
        answer: httpx.Response = await self.journal.call(somebody, method, path, headers=headers, **options)
        return answer

    async def done(self, role: str, method: str, path: str, **options: Any) -> Any:
        """Do what this role may do; what was answered."""
        answer = await self.ask(role, method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def point(self, pupil_id: str) -> dict[str, Any]:
        return {"pupil_id": pupil_id, "kind": "debt", "control_form_id": self.at["form"], "due_on": "2026-12-20"}

    def mark(self, pupil_id: str) -> dict[str, Any]:
        return {"pupil_id": pupil_id, "value": "4", "control_form_id": self.at["form"], "comment": "Молодец"}

    async def sql(self, statement: str, **values: Any) -> None:
        async with self.journal.container.database.uow.begin() as tx:
            await tx.session.execute(text(statement), values)


@pytest_asyncio.fixture(scope="module")
async def world(open_journal: Any) -> AsyncIterator[World]:
    """Made once for all operations, on a database of its own: each of them leaves the others what they need."""
    async with open_journal(clock=lambda: NOW) as journal:
        yield await _settled(journal)


async def _settled(journal: Any) -> World:
    here, elsewhere, somebody = journal.school, type(journal.school)(), type(journal.school.mother)
    roles = {
        "pupil": here.misha_himself,
        "level_2": here.mother,
        "director": here.gromov,
        "deputy": here.deputy,
        "administrator": here.administrator,
        "other_director": elsewhere.gromov,
        "stranger": here.stranger,
        "anonymous": None,
    }
    new = (
        "other_pupil level_1 other_parent trusted trusted_marks trusted_revoked trusted_expired"
        " subject_teacher other_subject other_teacher class_teacher other_class_teacher"
    )
    roles |= {name: somebody() for name in new.split()}
    maths, literature = {"subject_id": here.maths}, {"subject_id": here.literature}
    class_7a, class_7b = {"class_id": here.class_7a}, {"class_id": here.class_7b}
    await journal.hears(
        here.opened(),
        *here.subjects(),
        *here.classes(),
        *here.pupils(),
        here.assigned(roles["subject_teacher"], "subject_teacher", **class_7a, **maths, source_id="t-orlova"),
        here.assigned(roles["other_subject"], "subject_teacher", **class_7a, **literature, source_id="t-gusev"),
        here.assigned(roles["other_teacher"], "subject_teacher", **class_7b, **maths, source_id="t-other"),
        here.assigned(roles["class_teacher"], "class_teacher", **class_7a),
        here.assigned(roles["other_class_teacher"], "class_teacher", **class_7b),
        here.assigned(here.gromov, "director"),
        here.assigned(here.deputy, "deputy"),
        here.assigned(here.administrator, "school_administrator"),
        *here.bindings(),
        here.granted(roles["level_1"], here.misha, "representative", 1),
        here.granted(roles["other_pupil"], here.olya, "self", 2),
        here.granted(roles["other_parent"], here.olya, "representative", 2),
        *_grants(here, roles),
        *elsewhere.everything(),
    )
    world = World(journal, roles)
    await _furnish(world)
    return world


def _grants(here: Any, roles: dict[str, Any]) -> list[Any]:
    def grant(role: str, **changes: Any) -> DelegationActivated:
        told: dict[str, Any] = {
            "grant_id": roles[role].assignment_id,
            "pupil_id": here.misha,
            "account_id": roles[role].account_id,
            "granted_by_account_id": here.mother.account_id,
            "scope": ALL_SECTIONS,
            "valid_from": NOW - timedelta(days=20),
            "valid_until": NOW + timedelta(days=20),
            "edge_version": 1,
        }
        return DelegationActivated(**(told | changes))

    revoked = DelegationRevoked(
        grant_id=roles["trusted_revoked"].assignment_id,
        pupil_id=here.misha,
        account_id=roles["trusted_revoked"].account_id,
        granted_by_account_id=here.mother.account_id,
        child_label="Михаил С.",
        reason="revoked",
        revoked_by_account_id=here.mother.account_id,
        revoked_at=NOW - timedelta(days=1),
        edge_version=2,
    )
    return [
        grant("trusted"),
        grant("trusted_marks", scope=("marks",)),
        grant("trusted_revoked"),
        grant("trusted_expired", valid_until=NOW - timedelta(seconds=1)),
        revoked,
    ]


async def _furnish(world: World) -> None:
    """Something of everything, for Миша and as much for Оля, through the routes of those who may."""
    school, done = world.journal.school, world.done
    at = world.at = {
        "school_id": school.school_id,
        "class_id": school.class_7a,
        "pupil_id": school.misha,
        "week": WEEK,
        "subject": str(school.maths),
        "olya": str(school.olya),
        "misha": str(school.misha),
    }
    path = f"/schools/{school.school_id}"
    at["timetable"] = {"file": ("timetable.csv", _timetable(school).encode(), "text/csv")}
    at["pdf"] = {"file": ("tasks.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
    await done("administrator", "POST", f"{path}/timetable", files=at["timetable"])
    at["plan"] = [_period(7, 9, "I полугодие"), _period(1, 1, "I полугодие")]
    periods = (await done("deputy", "PUT", f"{path}/periods", json={"periods": at["plan"]}))["items"]
    at["period"] = next(one["period_id"] for one in periods if one["first_grade"] == 7)
    at["period_id"] = next(one["period_id"] for one in periods if one["first_grade"] == 1)
    lessons = (await done("subject_teacher", "GET", "/lessons", params={"week": WEEK}))["items"]
    at["lesson_id"] = lessons[0]["lesson_id"]
    spare = (await done("other_subject", "GET", "/lessons", params={"week": WEEK}))["items"]
    at["spare"] = spare[0]["lesson_id"]
    forms = (await done("director", "GET", "/control-forms"))["items"]
    at["form"] = forms[0]["control_form_id"]
    at["control_form_id"] = forms[-1]["control_form_id"]
    for pupil, account in (("misha", "level_2"), ("olya", "other_parent")):
        at[f"mark_of_{pupil}"] = await _furnish_pupil(world, at[pupil], account)
    words = {"title": "Собрание", "text": "В среду в 18:00."}
    posted = await done("subject_teacher", "POST", f"/classes/{school.class_7a}/announcements", json=words)
    at["announcement_id"] = posted["announcement_id"]
    names = {
        "misha": {"Соколов", "Михаил", at["misha"], at["mark_of_misha"]},
        "olya": {"Авдеева", "Ольга", at["olya"], at["mark_of_olya"]},
    }
    others = {"Петров", "Пётр", "Иванов", "Иван", str(school.petya), str(school.vanya)}
    of_misha = frozenset(others | names["olya"])
    of_olya = frozenset(others | names["misha"])
    world.foreign = dict.fromkeys(("pupil", "level_1", "level_2", "trusted", "trusted_marks"), of_misha)
    world.foreign |= dict.fromkeys(("other_pupil", "other_parent"), of_olya)
    world.foreign |= dict.fromkeys(("trusted_revoked", "trusted_expired", "stranger"), of_misha | of_olya)


async def _furnish_pupil(world: World, pupil_id: str, account: str) -> str:
    """A mark, a late coming, a point, a note and more; answers the id of the mark."""
    done, at = world.done, world.at
    lesson = f"/lessons/{at['lesson_id']}"
    mark = await done("subject_teacher", "POST", f"{lesson}/marks", json=world.mark(pupil_id))
    await done("subject_teacher", "POST", f"{lesson}/points", json=world.point(pupil_id))
    late = {"pupil_id": pupil_id, "op": "late", "minutes": 5}
    await done("subject_teacher", "PUT", f"{lesson}/marks", json={"rows": [late]})
    notice = {"first_day": "2026-11-30", "last_day": "2026-12-01", "reason": "б"}
    await done(account, "POST", f"/diaries/{pupil_id}/absence-notices", json=notice)
    note = {"subject_id": at["subject"], "rating": "good", "note": "Старается"}
    await done("subject_teacher", "PUT", f"/classes/{at['class_id']}/pupils/{pupil_id}/behaviour/{WEEK}", json=note)
    row = {"pupil_id": pupil_id, "value": "4", "reason": "Олимпиада"}
    marks = {"subject_id": at["subject"], "period_id": at["period"], "rows": [row]}
    saved = await done("subject_teacher", "PUT", f"/classes/{at['class_id']}/attestation", json=marks)
    assert saved["items"][0]["saved"], saved
    return str(mark["mark"]["mark_id"])


def _period(first: int, last: int, title: str) -> dict[str, Any]:
    return {
        "kind": "half_year",
        "first_grade": first,
        "last_grade": last,
        "number": 1,
        "title": title,
        "starts_on": "2026-09-01",
        "ends_on": "2026-11-30" if first > 1 else "2026-11-20",
    }


def _timetable(school: Any) -> str:
    """Monday's lessons: those of 7Б have a teacher of their own here, 1А has none."""
    lines = school.timetable().splitlines()[:3]
    lines.append(school.lesson(3, class_source_id="cls-7b", teacher_source_id="t-other", room="102"))
    return "\n".join(lines)
