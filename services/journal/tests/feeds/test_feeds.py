"""J-6: read back by a calendar library, secret, and taken back by its owner."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from structlog.testing import capture_logs

from shared.contracts.identity import BindingRevoked


@pytest.fixture
def monday(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(teaching.container.database, "clock", lambda: datetime(2026, 11, 23, 5, tzinfo=UTC))
    return teaching


async def make(journal: Any, who: Any, pupil_id: Any = None, **headers: str) -> Any:
    path = f"/diaries/{pupil_id}/feeds" if pupil_id else "/feeds"
    return await journal.call(who, "POST", path, headers=headers)


async def fetch(journal: Any, path: str, **headers: str) -> Any:
    return await journal.client.get(path, headers=headers)


async def test_calendar_programs_read_a_pupils_timetable(monday: Any) -> None:
    school = monday.school
    made = await make(monday, school.mother, school.misha)
    assert made.status_code == 201, made.text
    answer = await fetch(monday, made.json()["path"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in answer.content
    calendar = Calendar.from_ical(answer.content)
    assert calendar.calendar_name == "Михаил, 7А"
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Moscow"]
    first, second = calendar.events
    assert (str(first["SUMMARY"]), str(first["LOCATION"])) == ("Математика", "каб. 101")
    assert str(first["DESCRIPTION"]).splitlines() == ["1 урок", "Дроби", "Орлова Марина Сергеевна"]
    assert first.start.isoformat() == "2026-11-23T08:30:00+03:00"
    assert first.end - first.start == timedelta(minutes=45)
    assert str(second["SUMMARY"]) == "Литература"
    assert len({str(event["UID"]) for event in calendar.events}) == 2
    assert not calendar.errors


async def test_a_teacher_has_the_own_lessons_with_classes(monday: Any) -> None:
    made = await make(monday, monday.school.orlova, **{"Accept-Language": "en"})
    calendar = Calendar.from_ical((await fetch(monday, made.json()["path"])).content)
    assert calendar.calendar_name == "My lessons"
    assert [str(event["SUMMARY"]) for event in calendar.events] == ["Математика, 7А", "Математика, 1А"]
    nobody = await make(monday, monday.school.mother)
    assert (nobody.status_code, nobody.json()["code"]) == (403, "not_a_teacher")


async def test_what_is_fetched_again_unchanged_is_not_sent_again(monday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = (await make(monday, monday.school.mother, monday.school.misha)).json()["path"]
    etag = (await fetch(monday, path)).headers["etag"]
    monkeypatch.setattr(monday.container.database, "clock", lambda: datetime(2026, 11, 23, 6, tzinfo=UTC))
    assert (await fetch(monday, path, **{"If-None-Match": etag})).status_code == 304
    await monday.import_timetable(monday.school.administrator, monday.school.timetable().replace("Дроби", "Проценты"))
    assert (await fetch(monday, path, **{"If-None-Match": etag})).status_code == 200


async def test_an_address_that_was_taken_back_finds_nothing(monday: Any) -> None:
    school = monday.school
    made = (await make(monday, school.mother, school.misha)).json()
    listed = (await monday.get(school.mother, "/feeds")).json()["items"]
    assert [one["feed_id"] for one in listed] == [made["feed_id"]]
    assert "zvf_" not in str(listed)
    stranger = await monday.call(school.stranger, "DELETE", f"/feeds/{made['feed_id']}")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "feed_not_found")
    assert (await monday.call(school.mother, "DELETE", f"/feeds/{made['feed_id']}")).status_code == 204
    gone = await fetch(monday, made["path"])
    assert (gone.status_code, gone.json()["code"]) == (404, "feed_not_found")
    assert (await monday.get(school.mother, "/feeds")).json()["items"] == []


async def test_lost_access_closes_the_feed(monday: Any) -> None:
    """J-2: decided at read time."""
    school = monday.school
    path = (await make(monday, school.mother, school.misha)).json()["path"]
    await monday.hears(
        BindingRevoked(
            school_id=school.school_id,
            pupil_id=school.misha,
            binding_id=school.mother.assignment_id,
            account_id=school.mother.account_id,
            revoked_at=datetime.now(UTC),
            edge_version=2,
        )
    )
    assert (await fetch(monday, path)).status_code == 404


async def test_only_who_may_open_a_diary_makes_a_feed_of_it(monday: Any) -> None:
    school = monday.school
    assert (await make(monday, school.mother, school.olya)).status_code == 404
    assert (await make(monday, school.stranger, school.misha)).status_code == 404
    assert (await fetch(monday, f"/api/journal/v1/feeds/zvf_{uuid4().hex}/timetable.ics")).status_code == 404


async def test_the_secret_is_in_no_log_and_not_in_the_database(monday: Any) -> None:
    path = (await make(monday, monday.school.mother, monday.school.misha)).json()["path"]
    secret = path.split("/")[-2]
    with capture_logs() as lines:
        await fetch(monday, path)
        await fetch(monday, path.replace("zvf_", "zvf_x"))
    assert [line["path"] for line in lines if line["event"] == "request"] == [
        "/api/journal/v1/feeds/{secret}/timetable.ics"
    ] * 2
    assert secret not in str(lines)
    async with monday.container.database.read() as session:
        from sqlalchemy import text

        (stored,) = await session.execute(text("SELECT feeds::text FROM feeds"))
    assert secret not in stored[0]


async def test_a_feed_shows_two_weeks_back_and_two_months_ahead(monday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = (await make(monday, monday.school.mother, monday.school.misha)).json()["path"]
    for day, lessons in (
        (date(2026, 12, 7), 2),
        (date(2026, 12, 8), 0),
        (date(2026, 9, 24), 2),
        (date(2026, 9, 23), 0),
    ):
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        monkeypatch.setattr(monday.container.database, "clock", lambda moment=moment: moment)
        assert len(Calendar.from_ical((await fetch(monday, path)).content).events) == lessons, day


async def test_in_the_holidays_the_file_is_still_a_calendar(monday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """J-6: a calendar has a component (RFC 5545, 3.6); Outlook drops an address that answers without."""
    path = (await make(monday, monday.school.mother, monday.school.misha)).json()["path"]
    monkeypatch.setattr(monday.container.database, "clock", lambda: datetime(2027, 7, 15, 9, tzinfo=UTC))
    calendar = Calendar.from_ical((await fetch(monday, path)).content)
    assert calendar.events == []
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Moscow"]


async def test_what_was_pasted_from_a_text_program_breaks_no_calendar(monday: Any) -> None:
    """J-6: control characters are not allowed in a calendar (RFC 5545, 3.3.11)."""
    school = monday.school
    lesson_id = (await monday.lesson_ids(school.orlova))[0]
    pasted = {"version": 1, "topic": "Дроби\x0bи\x07 проценты; доли, 🎓"}
    assert (await monday.call(school.orlova, "PATCH", f"/lessons/{lesson_id}", json=pasted)).status_code == 200
    content = (await fetch(monday, (await make(monday, school.mother, school.misha)).json()["path"])).content
    assert not set(content) & (set(range(32)) - set(b"\r\n"))
    assert "Дроби и  проценты; доли, 🎓" in str(Calendar.from_ical(content).events[0]["DESCRIPTION"])


async def test_times_are_those_of_the_school(monday: Any) -> None:
    """J-6, on both ends of the country."""
    path = (await make(monday, monday.school.mother, monday.school.misha)).json()["path"]
    for zone, offset in (("Europe/Kaliningrad", "+02:00"), ("Asia/Kamchatka", "+12:00")):
        await monday.hears(monday.school.opened(time_zone=zone))
        calendar = Calendar.from_ical((await fetch(monday, path)).content)
        assert [one.tz_name for one in calendar.timezones] == [zone]
        assert calendar.events[0].start.isoformat() == f"2026-11-23T08:30:00{offset}"
        assert not calendar.errors


async def test_an_account_has_some_addresses_and_not_thousands(monday: Any) -> None:
    school = monday.school
    for _ in range(20):
        assert (await make(monday, school.mother, school.misha)).status_code == 201
    more = await make(monday, school.mother, school.misha)
    assert (more.status_code, more.json()["code"]) == (409, "too_many_feeds")
