"""J-2: edges come by events, in any order of their streams, and a revoke leaves a tombstone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from shared.contracts.delegation import DelegationActivated, DelegationRevoked
from shared.contracts.identity import (
    BindingLevelChanged,
    BindingRevoked,
    PupilLeft,
    SessionsRevoked,
    StaffReleased,
)

NOW = datetime.now(UTC)


async def opens(journal: Any, who: Any, pupil_id: Any = None) -> int:
    answer = await journal.get(who, f"/diaries/{pupil_id or journal.school.misha}/weeks/2026-W48")
    return int(answer.status_code)


async def level(journal: Any, who: Any) -> int | None:
    items = (await journal.get(who, "/diaries")).json()["items"]
    return items[0]["level"] if items else None


def trusted(journal: Any, **changes: Any) -> DelegationActivated:
    school = journal.school
    told: dict[str, Any] = {
        "grant_id": school.stranger.assignment_id,
        "pupil_id": school.misha,
        "account_id": school.stranger.account_id,
        "granted_by_account_id": school.mother.account_id,
        "scope": ("marks",),
        "valid_from": NOW,
        "valid_until": NOW + timedelta(days=90),
        "edge_version": 1,
    }
    return DelegationActivated(**(told | changes))


def distrusted(journal: Any, version: int = 2) -> DelegationRevoked:
    school = journal.school
    return DelegationRevoked(
        grant_id=school.stranger.assignment_id,
        pupil_id=school.misha,
        account_id=school.stranger.account_id,
        granted_by_account_id=school.mother.account_id,
        child_label="Михаил С.",
        reason="revoked",
        revoked_by_account_id=school.mother.account_id,
        revoked_at=NOW,
        edge_version=version,
    )


async def test_a_revoked_binding_closes_the_diary(journal: Any) -> None:
    school = journal.school
    assert await opens(journal, school.mother) == 200
    revoked = BindingRevoked(
        school_id=school.school_id,
        pupil_id=school.misha,
        binding_id=school.mother.assignment_id,
        account_id=school.mother.account_id,
        revoked_at=NOW,
        edge_version=2,
    )
    await journal.hears(revoked)
    assert await opens(journal, school.mother) == 404
    assert await level(journal, school.mother) is None
    # A grant that was on its way all the time changes nothing; a new one, with a higher version, does.
    await journal.hears(school.granted(school.mother, school.misha, "representative", 2))
    assert await opens(journal, school.mother) == 404
    await journal.hears(school.granted(school.mother, school.misha, "representative", 1, edge_version=3))
    assert await opens(journal, school.mother) == 200


async def test_levels_change_and_old_news_does_not(journal: Any) -> None:
    school = journal.school

    def changed(to: int, version: int) -> BindingLevelChanged:
        return BindingLevelChanged(
            school_id=school.school_id,
            pupil_id=school.misha,
            binding_id=school.mother.assignment_id,
            account_id=school.mother.account_id,
            relation="representative",
            level=to,
            changed_at=NOW,
            edge_version=version,
        )

    await journal.hears(changed(1, 5))
    assert await level(journal, school.mother) == 1
    await journal.hears(changed(2, 4))
    assert await level(journal, school.mother) == 1


async def test_a_revoke_that_comes_before_its_grant_wins(journal: Any) -> None:
    school = journal.school
    await journal.hears(distrusted(journal))
    await journal.hears(trusted(journal))
    assert await opens(journal, school.stranger) == 404


async def test_trust_begins_and_ends(journal: Any) -> None:
    school = journal.school
    assert await opens(journal, school.stranger) == 404
    await journal.hears(trusted(journal))
    assert await opens(journal, school.stranger) == 200
    assert await opens(journal, school.stranger, school.olya) == 404
    await journal.hears(distrusted(journal))
    assert await opens(journal, school.stranger) == 404


async def test_trust_is_over_at_its_instant(journal: Any) -> None:
    await journal.hears(trusted(journal, valid_from=NOW - timedelta(days=9), valid_until=NOW - timedelta(seconds=1)))
    assert await opens(journal, journal.school.stranger) == 404


async def test_a_released_teacher_keeps_no_marks(teaching: Any) -> None:
    """I-15"""
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    form = await teaching.form()
    told = StaffReleased(
        school_id=school.school_id,
        person_id=school.orlova.person_id,
        assignment_id=school.orlova.assignment_id,
        released_on=date(2026, 11, 23),
        edge_version=2,
    )
    await teaching.hears(told)
    answer = await teaching.post_mark(school.orlova, lesson_id, control_form_id=form)
    # She still leads the class, so she knows the lesson.
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_lesson")


async def test_a_term_that_is_over_or_not_begun_counts_nothing(journal: Any) -> None:
    school = journal.school
    today = date.today()  # noqa: DTZ011 -- days around it are far enough away for any zone
    for version, (first, last, status) in enumerate(
        (
            (today - timedelta(days=9), today - timedelta(days=2), 404),
            (today + timedelta(days=2), None, 404),
            (today - timedelta(days=2), today + timedelta(days=2), 200),
        ),
        start=1,
    ):
        await journal.hears(
            school.assigned(
                school.stranger,
                "director",
                assignment_id=school.stranger.assignment_id,
                valid_from=first,
                valid_until=last,
                edge_version=version,
            )
        )
        assert await opens(journal, school.stranger) == status


async def test_terms_follow_the_time_zone_of_the_school_whenever_it_is_told(empty_journal: Any) -> None:
    journal, school = empty_journal, empty_journal.school
    await journal.hears(school.assigned(school.gromov, "director", valid_until=date(2026, 11, 23)))

    async def ends() -> datetime:
        async with journal.container.database.read() as session:
            found: datetime = await session.scalar(text("SELECT valid_until FROM access_edge"))
            return found

    assert await ends() == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    await journal.hears(school.opened(time_zone="Asia/Kamchatka"))
    assert await ends() == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def test_a_role_waits_for_an_account_and_follows_it(journal: Any) -> None:
    school = journal.school
    somebody = school.stranger
    role = {"assignment_id": somebody.assignment_id}
    await journal.hears(school.assigned(somebody, "director", **role, account_id=None))
    assert await opens(journal, somebody) == 404
    await journal.hears(school.assigned(somebody, "director", **role, edge_version=2))
    assert await opens(journal, somebody) == 200
    await journal.hears(school.assigned(somebody, "director", **role, edge_version=3, account_id=uuid4()))
    assert await opens(journal, somebody) == 404


async def test_a_support_agent_has_no_business_here(journal: Any) -> None:
    await journal.hears(journal.school.assigned(journal.school.stranger, "agent"))
    assert await opens(journal, journal.school.stranger) == 404


async def test_staff_loses_sight_of_a_pupil_who_left_and_the_family_does_not(journal: Any) -> None:
    """I-15"""
    school = journal.school
    assert await opens(journal, school.orlova) == await opens(journal, school.gromov) == 200
    await journal.hears(PupilLeft(school_id=school.school_id, pupil_id=school.misha, left_on=date(2026, 11, 20)))
    assert await opens(journal, school.orlova) == await opens(journal, school.gromov) == 404
    assert await opens(journal, school.mother) == 200
    await journal.hears(school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил"))
    assert await opens(journal, school.orlova) == 404
    assert await opens(journal, school.gusev) == await opens(journal, school.gromov) == 200


async def test_tokens_of_an_ended_session_are_void_at_once(journal: Any) -> None:
    """I-9"""
    school = journal.school
    told = SessionsRevoked(account_id=school.mother.account_id, not_before=datetime.now(UTC) + timedelta(seconds=1))
    await journal.hears(told)
    assert await opens(journal, school.mother) == 401
    assert await opens(journal, school.misha_himself) == 200
