"""J-32 over HTTP: who signs what when, what a later change does, and that a proof of one page signs no other."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from journal.cli import app
from shared.contracts.identity import BindingLevelChanged
from shared.contracts.journal import WeekSigned

WEEK = "2026-W48"
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)


@pytest.fixture
def friday(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """It is Friday evening of the week with lessons. Tokens are made by the real clock, so it stays theirs."""
    monkeypatch.setattr(teaching.container.database, "clock", lambda: FRIDAY)
    monkeypatch.setattr(teaching.container.database.uow, "_clock", lambda: FRIDAY)
    return teaching


async def state(journal: Any, who: Any, week: str = WEEK) -> dict[str, Any]:
    answer = await journal.get(who, f"/diaries/{journal.school.misha}/weeks/{week}/signature")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def sign(journal: Any, who: Any, page_hash: str, *, week: str = WEEK, **token: Any) -> Any:
    """With a token whose proof is bound to the page, unless told otherwise."""
    claims = {"bnd": page_hash} | token
    return await journal.client.post(
        f"/api/journal/v1/diaries/{journal.school.misha}/weeks/{week}/signature",
        json={"page_hash": page_hash},
        headers=journal.signing.bearer(who.account_id, **claims),
    )


async def signed(journal: Any) -> dict[str, Any]:
    before = await state(journal, journal.school.mother)
    answer = await sign(journal, journal.school.mother, before["page_hash"])
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_representative_signs_the_week(friday: Any, emitted: Any) -> None:
    school = friday.school
    before = await state(friday, school.mother)
    assert (before["state"], before["may_sign"], before["signatures"]) == ("unsigned", True, [])
    signature = await signed(friday)
    after = await state(friday, school.mother)
    assert (after["state"], after["signatures"]) == ("signed", [signature])
    assert signature["mine"]
    assert signature["current"]
    told = (await emitted(friday.container.database))[-1]
    assert isinstance(told, WeekSigned)
    assert (told.pupil_id, told.week, told.page_hash) == (school.misha, WEEK, before["page_hash"])


async def test_signing_twice_is_one_signature(friday: Any, emitted: Any) -> None:
    first, count = await signed(friday), len(await emitted(friday.container.database))
    assert await signed(friday) == first
    assert len(await emitted(friday.container.database)) == count


async def test_a_later_change_shows_and_the_old_signature_stays_valid(friday: Any) -> None:
    """J-32: «подписана версия от …, есть изменения»."""
    school = friday.school
    first = await signed(friday)
    lesson_id = (await friday.lesson_ids(school.orlova))[0]
    assert (await friday.post_mark(school.orlova, lesson_id)).status_code == 201
    changed = await state(friday, school.mother)
    assert changed["state"] == "changed"
    assert [one["current"] for one in changed["signatures"]] == [False]
    document = await friday.get(school.mother, f"/signatures/{first['signature_id']}/document")
    verdict = await friday.client.post("/api/journal/v1/signatures/verify", content=document.content)
    assert verdict.json()["valid"]
    again = await signed(friday)
    assert again["signature_id"] != first["signature_id"]
    assert (await state(friday, school.mother))["state"] == "signed"


async def test_the_week_page_says_whether_it_is_signed(friday: Any) -> None:
    """J-28: signature state; J-32: «подписана версия от …, есть изменения», after all that the page may hold."""
    school = friday.school

    async def shown(who: Any) -> Any:
        answer = await friday.get(who, f"/diaries/{school.misha}/weeks/{WEEK}")
        assert answer.status_code == 200, answer.text
        return answer.json()["signature"]

    lesson_id = (await friday.lesson_ids(school.orlova))[0]
    body = {"text": "№ 5", "minutes": 20}
    task = await friday.call(school.orlova, "POST", f"/lessons/{lesson_id}/homework", json=body)
    missed = {"but": [{"pupil_id": str(school.misha), "kind": "absent", "absence_reason": "б"}]}
    assert (await friday.call(school.orlova, "PUT", f"/lessons/{lesson_id}/attendance", json=missed)).is_success
    things = {"version": 0, "things": [{"title": "Учебник", "grams": 400}]}
    assert (await friday.call(school.orlova, "PUT", f"/lessons/{lesson_id}/backpack", json=things)).is_success
    note = f"/classes/{school.class_7a}/pupils/{school.misha}/behaviour/{WEEK}"
    assert (await friday.call(school.orlova, "PUT", note, json={"rating": "good"})).is_success
    assert await shown(school.mother) == {"state": "unsigned", "signed_at": None}
    await signed(friday)
    done = f"/diaries/{school.misha}/homework/{task.json()['homework']['homework_id']}/done"
    assert (await friday.call(school.misha_himself, "PUT", done)).is_success
    for who in (school.mother, school.misha_himself, school.orlova, school.gromov):
        found = await shown(who)
        assert (found["state"], datetime.fromisoformat(found["signed_at"])) == ("signed", FRIDAY)
    assert (await friday.post_mark(school.orlova, lesson_id, reason="Писал после уроков")).status_code == 201
    assert (await shown(school.mother))["state"] == (await state(friday, school.mother))["state"] == "changed"


async def test_the_name_of_the_class_is_no_change_of_the_page(friday: Any) -> None:
    """J-32: in September 7А is another class with another norm; nobody has changed the weeks of last year."""
    school = friday.school
    lesson_id = (await friday.lesson_ids(school.orlova))[0]
    things = {"version": 0, "things": [{"title": "Учебник", "grams": 3600}]}
    assert (await friday.call(school.orlova, "PUT", f"/lessons/{lesson_id}/backpack", json=things)).is_success
    await signed(friday)
    (seventh,) = (one for one in school.classes() if one.class_id == school.class_7a)
    await friday.hears(seventh.model_copy(update={"name": "9А", "grade": 9}))
    assert (await state(friday, school.mother))["state"] == "signed"
    moved = school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил")
    await friday.hears(moved.model_copy(update={"since": date(2026, 11, 30)}))
    assert (await state(friday, school.mother))["state"] == "signed"


async def test_a_proof_for_one_page_never_signs_another(friday: Any, emitted: Any) -> None:
    """J-32: the password was given for page A; page B is refused, and so is a password given for nothing."""
    school = friday.school
    other = await state(friday, school.mother, "2026-W47")
    this = await state(friday, school.mother)
    count = len(await emitted(friday.container.database))
    for bound in (other["page_hash"], None):
        answer = await sign(friday, school.mother, this["page_hash"], bnd=bound)
        assert (answer.status_code, answer.json()["code"]) == (403, "proof_not_for_this_page")
    assert len(await emitted(friday.container.database)) == count
    assert (await state(friday, school.mother))["state"] == "unsigned"
    assert (await sign(friday, school.mother, other["page_hash"], week="2026-W47")).status_code == 201


async def test_a_page_that_changed_meanwhile_is_not_signed(friday: Any) -> None:
    school = friday.school
    seen = await state(friday, school.mother)
    lesson_id = (await friday.lesson_ids(school.orlova))[0]
    await friday.post_mark(school.orlova, lesson_id)
    answer = await sign(friday, school.mother, seen["page_hash"])
    assert (answer.status_code, answer.json()["code"]) == (409, "page_changed")
    assert answer.json()["page_hash"] == (await state(friday, school.mother))["page_hash"]


async def test_an_old_password_is_asked_for_again(friday: Any) -> None:
    """I-11: entered within five minutes."""
    seen = await state(friday, friday.school.mother)
    old = datetime.now(UTC) - timedelta(minutes=6)
    answer = await sign(friday, friday.school.mother, seen["page_hash"], auth_time=old)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


@pytest.mark.parametrize(
    ("who", "status"), [("misha_himself", 403), ("orlova", 403), ("gromov", 403), ("stranger", 404)]
)
async def test_only_representatives_sign(friday: Any, who: str, status: int) -> None:
    """J-1."""
    seen = await state(friday, friday.school.mother)
    assert (await sign(friday, getattr(friday.school, who), seen["page_hash"])).status_code == status


async def test_level_1_reads_and_does_not_sign(friday: Any) -> None:
    """I-19: level 2 signs."""
    school = friday.school
    seen = await state(friday, school.mother)
    await friday.hears(
        BindingLevelChanged(
            school_id=school.school_id,
            pupil_id=school.misha,
            binding_id=school.mother.assignment_id,
            account_id=school.mother.account_id,
            relation="representative",
            level=1,
            changed_at=datetime.now(UTC),
            edge_version=2,
        )
    )
    answer = await sign(friday, school.mother, seen["page_hash"])
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours_to_sign")
    assert not (await state(friday, school.mother))["may_sign"]


async def test_a_week_is_signed_from_its_friday_on(friday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    school = friday.school
    seen = await state(friday, school.mother)
    thursday = datetime(2026, 11, 26, 20, 59, tzinfo=UTC)
    monkeypatch.setattr(friday.container.database.uow, "_clock", lambda: thursday)
    answer = await sign(friday, school.mother, seen["page_hash"])
    assert (answer.status_code, answer.json()["code"]) == (409, "week_not_over")
    monkeypatch.setattr(friday.container.database.uow, "_clock", lambda: thursday + timedelta(minutes=1))
    assert (await sign(friday, school.mother, seen["page_hash"])).status_code == 201


async def test_the_class_teacher_sees_who_has_signed(friday: Any) -> None:
    """J-32: by name, and who has not."""
    school = friday.school
    path = f"/classes/{school.class_7a}/signatures/{WEEK}"

    async def seen(who: Any) -> list[tuple[str, int, bool]]:
        items = (await friday.get(who, path)).json()["items"]
        return [(one["pupil"], one["signatures"], one["last_signed_at"] is not None) for one in items]

    olya, misha = "Авдеева Ольга Дмитриевич", "Соколов Михаил Дмитриевич"
    assert await seen(school.orlova) == [(olya, 0, False), (misha, 0, False)]
    await signed(friday)
    for who in (school.orlova, school.deputy, school.gromov):
        assert await seen(who) == [(olya, 0, False), (misha, 1, True)]
    for who in (school.gusev, school.mother, school.stranger):
        assert (await friday.get(who, path)).status_code == 404


async def test_who_may_not_open_the_diary_has_no_document(friday: Any) -> None:
    signature = await signed(friday)
    path = f"/signatures/{signature['signature_id']}/document"
    assert (await friday.get(friday.school.stranger, path)).status_code == 404
    assert (await friday.get(friday.school.gromov, path)).status_code == 200


async def test_a_document_is_verified_without_the_service(friday: Any, tmp_path: Path) -> None:
    """J-32: the offline command; one byte more and it says so."""
    signature = await signed(friday)
    document = await friday.get(friday.school.mother, f"/signatures/{signature['signature_id']}/document")
    assert document.headers["content-disposition"].startswith("attachment")
    page, keys = tmp_path / "week.json", tmp_path / "keys.json"
    page.write_bytes(document.content)
    public = await friday.client.get("/api/journal/v1/signature-keys")
    assert "d" not in public.json()["keys"][0]
    keys.write_bytes(public.content)
    runner, command = CliRunner(), ["verify-signature", str(page), "--keys", str(keys)]
    good = runner.invoke(app, command)
    assert good.exit_code == 0, good.output
    assert WEEK in good.output
    changed = json.loads(document.content)
    changed["page"]["days"][0]["lessons"][0]["topic"] = "Другая тема"
    page.write_text(json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    bad = runner.invoke(app, command)
    assert bad.exit_code == 1
    assert "изменена после подписи" in bad.output
    keys.write_text("{}")
    assert runner.invoke(app, command).exit_code == 2


async def test_nothing_that_is_no_document_verifies(friday: Any) -> None:
    for junk in (b"", b"{}", b"\xff\xfe"):
        answer = await friday.client.post("/api/journal/v1/signatures/verify", content=junk)
        assert (answer.status_code, answer.json()["valid"]) == (200, False)
