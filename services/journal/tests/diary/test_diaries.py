"""J-3: whose diary the caller may open, and as what."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.delegation import DelegationActivated


async def test_a_mother_finds_her_children(journal: Any) -> None:
    school = journal.school
    second = school.granted(school.mother, school.vanya, "representative", 1, binding_id=school.stranger.assignment_id)
    await journal.hears(second)
    items = (await journal.get(school.mother, "/diaries")).json()["items"]
    assert [(item["label"], item["relation"], item["level"]) for item in items] == [
        ("Иван, 1А", "representative", 1),
        ("Михаил, 7А", "representative", 2),
    ]
    assert items[1] == {
        "pupil_id": str(school.misha),
        "name": "Соколов Михаил Дмитриевич",
        "label": "Михаил, 7А",
        "class_name": "7А",
        "school_id": str(school.school_id),
        "school_name": "Школа № 1",
        "relation": "representative",
        "level": 2,
        "sections": ["attendance", "homework", "marks", "timetable"],
    }


async def test_a_pupil_finds_the_own_diary(journal: Any) -> None:
    (item,) = (await journal.get(journal.school.misha_himself, "/diaries")).json()["items"]
    assert (item["relation"], item["pupil_id"]) == ("self", str(journal.school.misha))


async def test_a_trusted_person_finds_what_was_granted(journal: Any) -> None:
    school = journal.school
    now = datetime.now(UTC)
    granted = DelegationActivated(
        grant_id=school.stranger.assignment_id,
        pupil_id=school.misha,
        account_id=school.stranger.account_id,
        granted_by_account_id=school.mother.account_id,
        scope=("marks", "timetable"),
        valid_from=now,
        valid_until=now + timedelta(days=1),
        edge_version=1,
    )
    await journal.hears(granted)
    (item,) = (await journal.get(school.stranger, "/diaries")).json()["items"]
    assert (item["relation"], item["sections"]) == ("trusted", ["marks", "timetable"])


async def test_staff_and_strangers_have_no_diaries_of_their_own(journal: Any) -> None:
    for who in ("orlova", "gromov", "stranger"):
        assert (await journal.get(getattr(journal.school, who), "/diaries")).json() == {"items": []}


async def test_who_calls_must_be_known(journal: Any) -> None:
    answer = await journal.client.get("/api/journal/v1/diaries")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
