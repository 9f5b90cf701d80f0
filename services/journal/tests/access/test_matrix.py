"""J-1 and J-2 for every operation of the service, as its OpenAPI lists them: who is answered, who is refused, and how.

A row says who may (`may`) and who is told that it is not theirs (`forbidden`, 403); for everybody else there is no
such thing (404), and who has not signed in is asked to (401). An operation without a row fails, as does a row without
an operation: whoever adds a route decides here whom it is for.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from journal.main import create_app
from journal.settings import Settings

WEEK = "2026-W48"
PREFIX = "/api/journal/v1"
FAMILY = "pupil level_1 level_2 trusted"
OTHER_FAMILY = "other_pupil other_parent"
NO_LONGER = "trusted_revoked trusted_expired"
DIRECTION = "deputy director"
PLANNERS = f"{DIRECTION} administrator"
LEADERS = f"class_teacher {DIRECTION}"
TEACHERS = "subject_teacher other_subject class_teacher"
OTHER_TEACHERS = "other_teacher other_class_teacher"
STAFF = f"{TEACHERS} {OTHER_TEACHERS} {DIRECTION} administrator"
HERE = f"{FAMILY} trusted_marks {OTHER_FAMILY} {STAFF}"
"""Everybody who has to do with the school now."""
SIGNED_IN = f"{HERE} {NO_LONGER} other_director stranger"
EVERYBODY = f"{SIGNED_IN} anonymous"
ROLES = tuple(EVERYBODY.split())
KNOWS_THE_CLASS = f"other_subject {LEADERS}"
"""Those who see the class and are told that its journal is kept by somebody else."""

Prepare = Callable[[Any], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Row:
    """Who may do one operation, and what a valid request for it is made of."""

    operation: str
    may: str
    forbidden: str = ""
    given: Prepare | None = None
    """Makes what the operation needs and answers ids for the path; called before each role's request."""
    query: dict[str, str] = field(default_factory=dict)
    """Values that are a key of `World.at` stand for what is there."""
    body: Prepare | None = None
    files: str | None = None
    claims: Prepare | None = None
    """Of the access token, where a fresh proof is needed that is bound to something."""
    variant: str = ""
    by_secret: bool = False
    """The address is the key: whoever was given it reads what it is for."""

    def expected(self, role: str) -> str:
        if role in self.may.split():
            return "2xx"
        if role == "anonymous":
            return "401"
        return "403" if role in self.forbidden.split() else "404"


def of(**body: Any) -> Prepare:
    """A body that is the same for everybody; values that are a key of `World.at` stand for what is there."""

    async def make(world: Any) -> dict[str, Any]:
        return {name: world.at.get(value, value) if isinstance(value, str) else value for name, value in body.items()}

    return make


def made(who: str, operation: str, key: str, body: Prepare | None = None, within: str = "") -> Prepare:
    """A fresh thing, made by one who may: its id under the name that the path has for it."""

    async def make(world: Any) -> dict[str, Any]:
        method, path = operation.split()
        await world.sql("DELETE FROM feeds")  # an account has 20 at most
        answer = await world.done(who, method, path.format(**world.at), json=await body(world) if body else None)
        return {key: answer[within][key] if within else answer[key]}

    return make


def cleared(*statements: str) -> Prepare:
    """What former roles wrote is taken away, so that the version in the request is right again."""

    async def make(world: Any) -> dict[str, Any]:
        for statement in statements:
            await world.sql(statement)
        return {}

    return make


async def a_mark(world: Any) -> dict[str, Any]:
    return dict(world.mark(world.at["misha"]))


async def a_point(world: Any) -> dict[str, Any]:
    return dict(world.point(world.at["misha"]))


async def a_column(world: Any) -> dict[str, Any]:
    return {"rows": [{"op": "add"} | world.mark(world.at["misha"])]}


async def a_new_form(world: Any) -> dict[str, Any]:
    world.at["forms"] = world.at.get("forms", 0) + 1
    return {"name": f"Проект {world.at['forms']}", "category": "class", "weight": 2}


async def a_form_change(world: Any) -> dict[str, Any]:
    forms = (await world.done("director", "GET", "/control-forms"))["items"]
    version = next(one["version"] for one in forms if one["control_form_id"] == world.at["control_form_id"])
    return {"version": version, "weight": 3}


async def a_settings_change(world: Any) -> dict[str, Any]:
    settings = await world.done("director", "GET", f"/schools/{world.at['school_id']}/settings")
    return {"version": settings["version"], "minimum_marks": 3}


async def period_marks(world: Any) -> dict[str, Any]:
    row = {"pupil_id": world.at["misha"], "value": "4", "reason": "Олимпиада"}
    return {"subject_id": world.at["subject"], "period_id": world.at["period"], "rows": [row]}


async def feed_secret(world: Any) -> dict[str, Any]:
    await world.sql("DELETE FROM feeds")
    path = (await world.done("level_2", "POST", f"/diaries/{world.at['pupil_id']}/feeds"))["path"]
    return {"secret": path.split("/")[-2]}


async def the_page(world: Any) -> dict[str, Any]:
    state = await world.done("level_2", "GET", f"/diaries/{world.at['pupil_id']}/weeks/{WEEK}/signature")
    return {"page_hash": state["page_hash"]}


async def a_proof(world: Any) -> dict[str, Any]:
    return {"bnd": (await the_page(world))["page_hash"]}


async def a_signature(world: Any) -> dict[str, Any]:
    path = f"/diaries/{world.at['pupil_id']}/weeks/{WEEK}/signature"
    page, proof = await the_page(world), await a_proof(world)
    signed = await world.done("level_2", "POST", path, json=page, claims=proof)
    return {"signature_id": signed["signature_id"]}


async def a_file(world: Any) -> dict[str, Any]:
    task = await NEW_TASK(world)
    path = f"/homework/{task['homework_id']}/files"
    file = await world.done("subject_teacher", "POST", path, files=world.at["pdf"])
    return {**task, "file_id": file["file_id"]}


BELLS: dict[str, Any] = {
    "name": "Основное",
    "first_grade": 7,
    "last_grade": 7,
    "starts_on": "2026-09-01",
    "ends_on": "2027-05-31",
    "rings": [{"kind": "lesson", "number": 1, "starts_at": "08:30:00", "ends_at": "09:15:00"}],
}
A_WEEK: dict[str, Any] = {"starts_on": "2027-02-01", "ends_on": "2027-05-31", "lessons": []}


A_CURRICULUM: dict[str, Any] = {"grade": 7, "name": "Основной", "class_ids": [], "subjects": []}


def planned(table: str, path: str, key: str, body: dict[str, Any]) -> Prepare:
    """The one bell schedule, or the one weekly timetable."""

    async def make(world: Any) -> dict[str, Any]:
        await world.sql(f"TRUNCATE {table} CASCADE")
        answer = await world.done("deputy", "POST", path.format(**world.at), json=body)
        return {key: answer[key]}

    return make


def spare(*, planned: str = "NULL, NULL", cancelled: str = "NULL") -> Prepare:
    """A lesson without entries, as planned, with another room, or cancelled; at version 1."""

    async def make(world: Any) -> dict[str, Any]:
        lesson_id = world.at["spare"]
        await world.sql("TRUNCATE lesson_changes")
        await world.sql(
            f"UPDATE lessons SET version = 1, room = '102', (planned_teacher_id, planned_room) = ({planned}),"  # noqa: S608 -- own words
            f" cancelled_at = {cancelled}, cancelled_because = {cancelled}"
            f" WHERE lesson_id = '{lesson_id}'"
        )
        return {"lesson_id": lesson_id}

    return make


A_NOTICE = of(first_day="2026-11-30", last_day="2026-12-01", reason="б")
A_TASK = of(text="№ 12–15", minutes=20)
A_NOTE = of(rating="good", note="Старается", subject_id="subject")
WORDS = of(title="Экскурсия", text="В пятницу, в 10:00.")
NO_NOTES = cleared("DELETE FROM behaviour_notes")
OPENED = cleared(
    "TRUNCATE period_audit",
    "UPDATE periods SET closed_at = NULL, closed_by = NULL, version = 1 WHERE first_grade = 1",
)
CLOSED = cleared(
    "TRUNCATE period_audit",
    "UPDATE periods SET closed_at = now(), closed_by = (SELECT person_id FROM staff LIMIT 1), version = 2"
    " WHERE first_grade = 1",
)
NEW_MARK = made("subject_teacher", "POST /lessons/{lesson_id}/marks", "mark_id", a_mark, "mark")
NEW_TASK = made("subject_teacher", "POST /lessons/{lesson_id}/homework", "homework_id", A_TASK, "homework")
NEW_NOTICE = made("level_2", "POST /diaries/{pupil_id}/absence-notices", "notice_id", A_NOTICE)
NEW_WORDS = made("subject_teacher", "POST /classes/{class_id}/announcements", "announcement_id", WORDS)
FIRST_VERSIONS = cleared("TRUNCATE lesson_changes", "UPDATE lessons SET version = 1")
NO_CURRICULA = cleared("TRUNCATE curricula CASCADE")
THE_CURRICULUM = planned("curricula", "/schools/{school_id}/curricula", "curriculum_id", A_CURRICULUM)
NO_TOPICS = cleared("TRUNCATE thematic_plans CASCADE")
NO_BELLS = cleared("TRUNCATE bell_schedules CASCADE")
THE_BELLS = planned("bell_schedules", "/schools/{school_id}/bell-schedules", "bell_schedule_id", BELLS)
NO_WEEKS = cleared("TRUNCATE weekly_timetables CASCADE")
THE_WEEK = planned("weekly_timetables", "/classes/{class_id}/weekly-timetables", "weekly_timetable_id", A_WEEK)
NEW_FEED = made("level_2", "POST /diaries/{pupil_id}/feeds", "feed_id")

DIARY = f"{FAMILY} {LEADERS}"
"""A diary, and those of its sections that not every trusted person was granted."""
MARKS_OF_DIARY = f"{DIARY} trusted_marks"
DAYS = {"from": "2026-11-23", "to": "2026-11-29"}

ROWS = (
    # The school and its year.
    Row("GET /schools/{school_id}/periods", HERE),
    Row("PUT /schools/{school_id}/periods", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        given=OPENED, body=of(periods="plan")),
    Row("GET /schools/{school_id}/settings", HERE),
    Row("PATCH /schools/{school_id}/settings", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        body=a_settings_change),
    Row("POST /schools/{school_id}/timetable", f"{DIRECTION} administrator", files="timetable"),
    Row("POST /schools/{school_id}/control-forms", DIRECTION, body=a_new_form),
    Row("PATCH /schools/{school_id}/control-forms/{control_form_id}", DIRECTION, body=a_form_change),
    Row("POST /periods/{period_id}/close", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        given=OPENED, body=of(version=1)),
    Row("POST /periods/{period_id}/reopen", "director", f"{TEACHERS} {OTHER_TEACHERS} deputy administrator",
        given=CLOSED, body=of(version=2, reason="Ошибка в журнале")),
    Row("GET /periods/{period_id}/anomalies", DIRECTION),
    Row("GET /periods/{period_id}/audit", DIRECTION),
    Row("GET /schools/{school_id}/holidays", HERE),
    Row("PUT /schools/{school_id}/holidays", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        body=of(holidays=[])),
    Row("GET /schools/{school_id}/lesson-changes", f"{DIRECTION} administrator", query=DAYS),
    Row("PUT /lessons/{lesson_id}/substitution", f"{DIRECTION} administrator", TEACHERS,
        given=spare(), body=of(version=1, room="205")),
    Row("DELETE /lessons/{lesson_id}/substitution", f"{DIRECTION} administrator", TEACHERS,
        given=spare(planned="teacher_id, '103'"), query={"version": "1"}),
    Row("PUT /lessons/{lesson_id}/cancellation", f"{DIRECTION} administrator", TEACHERS,
        given=spare(), body=of(version=1, reason="Карантин")),
    Row("DELETE /lessons/{lesson_id}/cancellation", f"{DIRECTION} administrator", TEACHERS,
        given=spare(cancelled="now()"), query={"version": "1"}),
    Row("GET /schools/{school_id}/bell-schedules", HERE),
    Row("POST /schools/{school_id}/bell-schedules", PLANNERS, f"{TEACHERS} {OTHER_TEACHERS}",
        given=NO_BELLS, body=of(**BELLS)),
    Row("PUT /schools/{school_id}/bell-schedules/{bell_schedule_id}", PLANNERS, f"{TEACHERS} {OTHER_TEACHERS}",
        given=THE_BELLS, body=of(version=1, **BELLS)),
    Row("DELETE /schools/{school_id}/bell-schedules/{bell_schedule_id}", PLANNERS, f"{TEACHERS} {OTHER_TEACHERS}",
        given=THE_BELLS, query={"version": "1"}),
    Row("GET /schools/{school_id}/rooms", STAFF),
    Row("PUT /schools/{school_id}/rooms", PLANNERS, f"{TEACHERS} {OTHER_TEACHERS}", body=of(rooms=[])),
    Row("GET /classes/{class_id}/weekly-timetables", f"{TEACHERS} {PLANNERS}"),
    Row("POST /classes/{class_id}/weekly-timetables", PLANNERS, TEACHERS, given=NO_WEEKS, body=of(**A_WEEK)),
    Row("PUT /classes/{class_id}/weekly-timetables/{weekly_timetable_id}", PLANNERS, TEACHERS,
        given=THE_WEEK, body=of(version=1, **A_WEEK)),
    Row("DELETE /classes/{class_id}/weekly-timetables/{weekly_timetable_id}", PLANNERS, TEACHERS,
        given=THE_WEEK, query={"version": "1"}),
    Row("POST /schools/{school_id}/lessons/generate", PLANNERS, f"{TEACHERS} {OTHER_TEACHERS}",
        given=THE_BELLS, body=of(**{"from": "2026-12-14", "to": "2026-12-18"})),
    Row("GET /schools/{school_id}/reports/completeness", DIRECTION, query=DAYS),
    Row("GET /schools/{school_id}/reports/incomplete-lessons", DIRECTION, query=DAYS),
    Row("GET /schools/{school_id}/reports/without-marks", DIRECTION),
    Row("GET /schools/{school_id}/reports/crowded-days", DIRECTION, query=DAYS),
    Row("GET /schools/{school_id}/overview", DIRECTION),
    Row("GET /classes/{class_id}/overview", LEADERS),
    Row("GET /classes/{class_id}/attestation/summary", LEADERS),
    Row("GET /me/day", f"{STAFF} other_director",
        f"{FAMILY} trusted_marks {OTHER_FAMILY} {NO_LONGER} stranger"),
    Row("GET /schools/{school_id}/curricula", HERE),
    Row("POST /schools/{school_id}/curricula", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        given=NO_CURRICULA, body=of(**A_CURRICULUM)),
    Row("PUT /schools/{school_id}/curricula/{curriculum_id}", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        given=THE_CURRICULUM, body=of(version=1, **A_CURRICULUM)),
    Row("DELETE /schools/{school_id}/curricula/{curriculum_id}", DIRECTION,
        f"{TEACHERS} {OTHER_TEACHERS} administrator", given=THE_CURRICULUM, query={"version": "1"}),
    Row("GET /classes/{class_id}/thematic-plan", f"{TEACHERS} {DIRECTION}", query={"subject": "subject"}),
    Row("PUT /classes/{class_id}/thematic-plan", f"subject_teacher {DIRECTION}", "other_subject class_teacher",
        given=NO_TOPICS, query={"subject": "subject"}, body=of(version=0, topics=[{"title": "Дроби"}])),
    Row("POST /classes/{class_id}/thematic-plan/apply", f"subject_teacher {DIRECTION}", "other_subject class_teacher",
        query={"subject": "subject"}),
    Row("GET /classes/{class_id}/daily-regime", f"{TEACHERS} {PLANNERS}"),
    Row("PUT /classes/{class_id}/daily-regime", PLANNERS, TEACHERS,
        given=cleared("TRUNCATE daily_regimes CASCADE"), body=of(version=0, items=[])),
    # The teacher's desk; who teaches nothing has an empty one.
    Row("GET /lessons", SIGNED_IN, query={"week": WEEK}),
    Row("GET /control-forms", SIGNED_IN),
    Row("GET /classes/{class_id}/pupils", f"subject_teacher other_subject {LEADERS}"),
    Row("GET /classes/{class_id}/groups", f"{TEACHERS} {PLANNERS}"),
    Row("PATCH /lessons/{lesson_id}", "subject_teacher", KNOWS_THE_CLASS, given=FIRST_VERSIONS,
        body=of(version=1, topic="Дроби")),
    Row("GET /lessons/{lesson_id}/pupils", "subject_teacher", KNOWS_THE_CLASS),
    # The class journal.
    Row("GET /classes/{class_id}/journal", f"subject_teacher {LEADERS}", query={"subject": "subject"}),
    Row("GET /classes/{class_id}/journal/changes", f"subject_teacher {LEADERS}",
        query={"subject": "subject", "after": "0"}),
    Row("GET /lessons/{lesson_id}/marks", "subject_teacher", KNOWS_THE_CLASS),
    Row("POST /lessons/{lesson_id}/marks", "subject_teacher", KNOWS_THE_CLASS, body=a_mark),
    Row("PUT /lessons/{lesson_id}/marks", "subject_teacher", KNOWS_THE_CLASS, body=a_column),
    Row("GET /lessons/{lesson_id}/pupils/{pupil_id}/history", f"subject_teacher {LEADERS}"),
    Row("PATCH /marks/{mark_id}", "subject_teacher", KNOWS_THE_CLASS, given=NEW_MARK, body=of(version=1, value="5")),
    Row("DELETE /marks/{mark_id}", "subject_teacher", KNOWS_THE_CLASS, given=NEW_MARK, query={"version": "1"}),
    Row("POST /lessons/{lesson_id}/points", "subject_teacher", KNOWS_THE_CLASS,
        given=cleared("TRUNCATE points CASCADE"), body=a_point),
    Row("PUT /lessons/{lesson_id}/attendance", "subject_teacher class_teacher", f"other_subject {DIRECTION}",
        body=of(but=[])),
    # Attestation.
    Row("GET /classes/{class_id}/attestation", f"subject_teacher {LEADERS}",
        query={"subject": "subject", "period": "period"}),
    Row("PUT /classes/{class_id}/attestation", "subject_teacher", KNOWS_THE_CLASS, body=period_marks),
    # Homework, behaviour, backpack.
    Row("POST /lessons/{lesson_id}/homework", "subject_teacher", KNOWS_THE_CLASS, body=A_TASK),
    Row("POST /classes/{class_id}/homework", "subject_teacher", KNOWS_THE_CLASS,
        body=of(text="Проект", subject_id="subject", due_on="2026-12-01")),
    Row("GET /classes/{class_id}/homework", f"subject_teacher other_subject {LEADERS}", query=DAYS),
    Row("PATCH /homework/{homework_id}", "subject_teacher", KNOWS_THE_CLASS, given=NEW_TASK,
        body=of(version=1, text="№ 16")),
    Row("DELETE /homework/{homework_id}", "subject_teacher", KNOWS_THE_CLASS, given=NEW_TASK, query={"version": "1"}),
    Row("POST /homework/{homework_id}/files", "subject_teacher", KNOWS_THE_CLASS, given=NEW_TASK, files="pdf"),
    Row("GET /homework/{homework_id}/files/{file_id}", f"{FAMILY} other_pupil other_parent subject_teacher"
        f" other_subject {LEADERS}", given=a_file),
    Row("DELETE /homework/{homework_id}/files/{file_id}", "subject_teacher", KNOWS_THE_CLASS, given=a_file),
    Row("PUT /classes/{class_id}/pupils/{pupil_id}/behaviour/{week}", "subject_teacher", KNOWS_THE_CLASS,
        given=NO_NOTES, body=A_NOTE, variant="of a subject"),
    Row("PUT /classes/{class_id}/pupils/{pupil_id}/behaviour/{week}", "class_teacher",
        f"subject_teacher other_subject {DIRECTION}", given=NO_NOTES, body=of(rating="good"), variant="of the week"),
    Row("DELETE /classes/{class_id}/pupils/{pupil_id}/behaviour/{week}", "subject_teacher", KNOWS_THE_CLASS,
        given=NO_NOTES, query={"version": "0", "subject": "subject"}),
    Row("GET /classes/{class_id}/behaviour/{week}", f"subject_teacher other_subject {LEADERS}"),
    Row("PUT /lessons/{lesson_id}/backpack", "subject_teacher", KNOWS_THE_CLASS,
        given=cleared("TRUNCATE backpack_lists CASCADE"), body=of(things=[{"title": "Циркуль", "grams": 50}])),
    # Announcements.
    Row("POST /classes/{class_id}/announcements", f"subject_teacher other_subject {LEADERS}",
        f"{OTHER_TEACHERS} administrator", body=WORDS),
    Row("GET /classes/{class_id}/announcements", f"subject_teacher other_subject {LEADERS}"),
    Row("GET /classes/{class_id}/announcements/{announcement_id}/receipts", f"subject_teacher other_subject {LEADERS}",
        given=NEW_WORDS),
    Row("POST /schools/{school_id}/announcements", DIRECTION, f"{TEACHERS} {OTHER_TEACHERS} administrator",
        body=WORDS),
    Row("PATCH /announcements/{announcement_id}", "subject_teacher", given=NEW_WORDS, body=of(version=1, text="Нет")),
    Row("DELETE /announcements/{announcement_id}", "subject_teacher", given=NEW_WORDS, query={"version": "1"}),
    Row("GET /announcements", SIGNED_IN),
    Row("PUT /announcements/{announcement_id}/read", f"pupil level_1 level_2 {OTHER_FAMILY}"),
    Row("GET /city-events", SIGNED_IN),
    # Absences.
    Row("GET /classes/{class_id}/absence-notices", LEADERS, query=DAYS),
    Row("POST /diaries/{pupil_id}/absence-notices", "level_2", f"pupil level_1 trusted trusted_marks {LEADERS}",
        body=A_NOTICE),
    Row("DELETE /diaries/{pupil_id}/absence-notices/{notice_id}", "level_2",
        f"pupil level_1 trusted trusted_marks {LEADERS}", given=NEW_NOTICE),
    Row("GET /diaries/{pupil_id}/attendance", DIARY, query=DAYS),
    # The diary.
    Row("GET /diaries", SIGNED_IN),
    Row("GET /diaries/{pupil_id}/weeks/{week}", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/performance", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/chart", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/viewers", "level_2", f"pupil level_1 trusted trusted_marks {LEADERS}"),
    Row("GET /diaries/{pupil_id}/points", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/attestation", MARKS_OF_DIARY, query={"period": "period"}),
    Row("GET /diaries/{pupil_id}/homework", DIARY, query=DAYS),
    Row("GET /diaries/{pupil_id}/behaviour", f"pupil level_1 level_2 {LEADERS}", query={"from": WEEK, "to": WEEK}),
    Row("GET /diaries/{pupil_id}/backpack", DIARY, query=DAYS),
    Row("PUT /diaries/{pupil_id}/homework/{homework_id}/done", "pupil",
        f"level_1 level_2 trusted trusted_marks {LEADERS}", given=NEW_TASK),
    Row("DELETE /diaries/{pupil_id}/homework/{homework_id}/done", "pupil",
        f"level_1 level_2 trusted trusted_marks {LEADERS}", given=NEW_TASK),
    Row("GET /diaries/{pupil_id}/outlook", MARKS_OF_DIARY, query={"subject": "subject"}),
    Row("GET /diaries/{pupil_id}/curricula", DIARY),
    Row("GET /diaries/{pupil_id}/daily-regime", DIARY, query={"date": "2026-11-27"}),
    # Signature; who has a document needs nothing else to verify it.
    Row("GET /diaries/{pupil_id}/weeks/{week}/signature", f"pupil level_1 level_2 {LEADERS}"),
    Row("POST /diaries/{pupil_id}/weeks/{week}/signature", "level_2",
        f"pupil level_1 trusted trusted_marks {LEADERS}", body=the_page, claims=a_proof),
    Row("GET /signatures/{signature_id}/document", f"pupil level_1 level_2 {LEADERS}", given=a_signature),
    Row("GET /classes/{class_id}/signatures/{week}", LEADERS),
    Row("POST /signatures/verify", EVERYBODY, body=of(page="none")),
    Row("GET /signature-keys", EVERYBODY),
    # Exports.
    Row("GET /classes/{class_id}/journal.xlsx", f"subject_teacher {LEADERS}", query={"subject": "subject"}),
    Row("GET /classes/{class_id}/journal.pdf", f"subject_teacher {LEADERS}", query={"subject": "subject"}),
    Row("GET /diaries/{pupil_id}/performance.xlsx", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/performance.pdf", MARKS_OF_DIARY),
    Row("GET /diaries/{pupil_id}/export.json", "pupil level_1 level_2", f"trusted trusted_marks {LEADERS}"),
    # Feeds.
    Row("POST /diaries/{pupil_id}/feeds", DIARY),
    Row("POST /feeds", f"{STAFF} other_director", f"{FAMILY} trusted_marks {OTHER_FAMILY} {NO_LONGER} stranger"),
    Row("GET /feeds", SIGNED_IN),
    Row("DELETE /feeds/{feed_id}", "level_2", given=NEW_FEED),
    Row("GET /feeds/{secret}/timetable.ics", EVERYBODY, given=feed_secret, by_secret=True),
    # For frontends.
    Row("GET /errors", EVERYBODY),
)  # fmt: skip


def operations() -> set[str]:
    """Every operation that the application itself publishes."""
    paths = create_app(Settings.model_construct()).openapi()["paths"]
    return {f"{method.upper()} {path.removeprefix(PREFIX)}" for path, methods in paths.items() for method in methods}


def test_every_operation_has_its_row() -> None:
    """J-1: deny by default holds for new routes too, since each must say whom it is for."""
    rows = {row.operation for row in ROWS}
    assert operations() - rows == set(), "operations without a row"
    assert rows - operations() == set(), "rows without an operation"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.operation} {row.variant}".strip())
async def test_the_operation_is_for_these_roles_alone(world: Any, row: Row) -> None:
    """J-1, J-2: each role is answered as its row says, and a family reads of no other pupil."""
    unlike: dict[str, str] = {}
    told: dict[str, set[str]] = {}
    for role in ROLES:
        answer = await ask(world, row, role)
        status = "2xx" if answer.is_success else str(answer.status_code)
        if status != row.expected(role):
            unlike[role] = f"{row.expected(role)} expected, {answer.status_code}: {answer.text[:200]}"
        if answer.is_success and not row.by_secret:
            words = world.foreign.get(role, frozenset())
            if found := {word for word in words if word in answer.text}:
                told[role] = found
    assert not unlike, "\n".join(f"{role}: {why}" for role, why in unlike.items())
    assert not told, f"of other pupils: {told}"


async def ask(world: Any, row: Row, role: str) -> Any:
    """One role's request, valid in everything but perhaps the role."""
    method, path = row.operation.split()
    at = world.at | (await row.given(world) if row.given else {})
    options: dict[str, Any] = {"params": {name: world.at.get(value, value) for name, value in row.query.items()}}
    if row.body:
        options["json"] = await row.body(world)
    if row.files:
        options["files"] = world.at[row.files]
    if row.claims:
        options["claims"] = await row.claims(world)
    return await world.ask(role, method, path.format(**at), **options)


async def test_the_scan_for_other_pupils_would_find_them(world: Any) -> None:
    """The negative control of the scan: those who may read of Оля do, in the very words others are scanned for."""
    at = world.at
    week = await world.ask("other_parent", "GET", f"/diaries/{at['olya']}/weeks/{at['week']}")
    page = await world.ask("class_teacher", "GET", f"/classes/{at['class_id']}/pupils")
    of_misha = world.foreign["level_2"]
    assert {word for word in of_misha if word in week.text} >= {at["olya"], at["mark_of_olya"]}
    assert {word for word in of_misha if word in page.text} >= {"Авдеева", "Ольга", at["olya"]}
