"""J-34: a family takes along everything that the journal holds about its child, and nothing of anybody else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from journal.reports.own_data import EXPORTED, NOT_EXPORTED
from journal.tables import metadata
from shared.contracts.identity import ClassGroupChanged
from shared.ops.ids import new_id


async def export(made: Any, who: Any = None, pupil: Any = None, **options: Any) -> Any:
    school = made.journal.school
    return await made.get(who or school.mother, f"/diaries/{pupil or school.misha}/export.json", **options)


async def fill(made: Any) -> None:
    """Something in every section, by the routes that families and teachers use."""
    school, journal = made.journal.school, made.journal
    group = {"class_id": school.class_7a, "subject_id": school.maths, "source_id": "grp-1", "title": "Группа 1"}
    told = {"school_id": school.school_id, "group_id": new_id(), "changed_on": date(2026, 9, 1)} | group
    await journal.hears(ClassGroupChanged(**told, pupil_ids=(school.misha, school.olya)))
    lesson_id, _ = made.lessons[-1]
    posted = await journal.post_mark(school.orlova, lesson_id, value="4", comment="За решение у доски")
    assert posted.status_code == 201, posted.text
    mark = posted.json()["mark"]
    changed = await journal.call(
        school.orlova, "PATCH", f"/marks/{mark['mark_id']}", json={"version": 1, "value": "5", "comment": None}
    )
    assert changed.status_code == 200, changed.text
    point = {
        "pupil_id": str(school.misha),
        "kind": "debt",
        "control_form_id": str(made.forms["Контрольная работа"]),
        "due_on": "2099-05-20",
    }
    answer = await journal.call(school.orlova, "POST", f"/lessons/{made.lessons[-2][0]}/points", json=point)
    assert answer.status_code == 201, answer.text
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    notice = {"first_day": tomorrow, "last_day": tomorrow, "reason": "б", "comment": "К врачу"}
    answer = await journal.call(school.mother, "POST", f"/diaries/{school.misha}/absence-notices", json=notice)
    assert answer.status_code == 201, answer.text
    people = {"school": school.school_id, "pupil": school.misha, "author": school.orlova.person_id}
    await made.sql(
        """
        INSERT INTO behaviour_notes (school_id, note_id, pupil_id, class_id, monday, rating, note, author_id,
                                     written_at)
        VALUES (:school, :id, :pupil, :class, '2026-11-16', 'good', 'Помогал товарищам', :author, now())
        """,
        id=new_id(),
        **people,
        **{"class": school.class_7a},
    )
    await made.sql(
        """
        INSERT INTO attestation_marks (school_id, attestation_mark_id, pupil_id, class_id, subject_id, year_starts_on,
                                       period_id, value, by_average, by_priority, author_id, set_at)
        VALUES (:school, :id, :pupil, :class, :subject, '2026-09-01', :period, '4', 4, 4, :author, now())
        """,
        id=new_id(),
        subject=school.maths,
        period=made.period,
        **people,
        **{"class": school.class_7a},
    )
    await made.sql(
        """
        INSERT INTO homework_done (school_id, pupil_id, homework_id, done_at)
        SELECT school_id, :pupil, homework_id, now() FROM homework WHERE school_id = :school ORDER BY due_on LIMIT 1
        """,
        school=school.school_id,
        pupil=school.misha,
    )
    await made.sql(
        """
        INSERT INTO week_signatures (school_id, signature_id, pupil_id, class_id, monday, page_hash, account_id,
                                     signed_at, document)
        VALUES (:school, :id, :pupil, :class, '2026-11-16', 'abc', :account, now(), '{}')
        """,
        id=new_id(),
        school=school.school_id,
        pupil=school.misha,
        account=school.mother.account_id,
        **{"class": school.class_7a},
    )
    announced = new_id()
    await made.sql(
        """
        INSERT INTO announcements (school_id, announcement_id, audience, title, text, author_id, posted_at, edited_at)
        VALUES (:school, :id, 'both', 'Олимпиада', 'Сбор в 8:00', :author, now(), now())
        """,
        school=school.school_id,
        id=announced,
        author=school.orlova.person_id,
    )
    await made.sql(
        "INSERT INTO announcement_pupils (school_id, announcement_id, pupil_id) VALUES (:school, :id, :pupil)",
        school=school.school_id,
        id=announced,
        pupil=school.misha,
    )


async def test_j_34_everything_that_is_held(half_year: Any) -> None:
    await fill(half_year)
    answer = await export(half_year)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="diary.json"'
    assert answer.headers["cache-control"] == "no-store"
    data = answer.json()
    school = data["schools"][0]
    assert (school["school"], school["class"], school["surname"], school["given_name"]) == (
        "Школа № 1",
        "7А",
        "Соколов",
        "Михаил",
    )
    async with half_year.journal.container.database.read() as session:
        for section, table in {
            "groups": "group_members",
            "marks": "marks",
            "absences": "absences",
            "absence_notices": "absence_notices",
            "points": "points",
            "period_marks": "attestation_marks",
            "behaviour": "behaviour_notes",
            "homework_done": "homework_done",
            "announcements": "announcement_pupils",
            "signed_weeks": "week_signatures",
        }.items():
            held = await session.execute(
                metadata.tables[table]
                .select()
                .where(metadata.tables[table].c.pupil_id == half_year.journal.school.misha)
            )
            assert len(data[section]) == len(held.all()) > 0, section
    mark = next(one for one in data["marks"] if one["value"] == "5" and one["before"])
    assert (mark["subject"], mark["control_form"], mark["author"], mark["comment"]) == (
        "Математика",
        "Ответ на уроке",
        "Орлова Марина Сергеевна",
        None,
    )
    assert [(one["value"], one["comment"], one["then"]) for one in mark["before"]] == [
        ("4", "За решение у доски", "changed")
    ]
    assert data["absence_notices"][0]["comment"] == "К врачу"
    assert data["behaviour"][0]["note"] == "Помогал товарищам"
    assert data["period_marks"][0]["period"] == "I полугодие"
    assert {one["relation"] for one in data["who_may_open_the_diary"]} == {"representative", "self"}


async def test_no_table_of_pupils_is_forgotten() -> None:
    """J-34: whoever adds a table about pupils says whether families take it along, and if not, why."""
    about_pupils = {name for name, table in metadata.tables.items() if "pupil_id" in table.columns}
    assert about_pupils == EXPORTED | NOT_EXPORTED.keys()


async def test_nobody_else_is_in_it(half_year: Any) -> None:
    """J-1: nobody in a family ever sees another pupil's name or mark; ids of accounts stay with us."""
    await fill(half_year)
    school = half_year.journal.school
    text = (await export(half_year)).text
    assert "Авдеева" not in text
    assert str(school.olya) not in text
    for account in (school.mother, school.misha_himself, school.orlova):
        assert str(account.account_id) not in text


async def test_removed_marks_are_held_and_told(half_year: Any) -> None:
    """J-11: nothing is silently deleted, so the family may have it."""
    mark = await half_year.mark(half_year.journal.school.misha, -1, "2")
    await half_year.sql("UPDATE marks SET removed_at = now() WHERE mark_id = :id", id=mark)
    data = (await export(half_year)).json()
    assert [one["value"] for one in data["marks"] if one["removed_at"]] == ["2"]


async def test_the_school_before_is_in_it(half_year: Any) -> None:
    school, other = half_year.journal.school, new_id()
    await half_year.sql(
        """
        INSERT INTO pupils (school_id, pupil_id, class_id, surname, given_name, since, left_on)
        VALUES (:school, :pupil, :class, 'Соколов', 'Михаил', :since, :left)
        """,
        school=other,
        pupil=school.misha,
        since=date(2024, 9, 1),
        left=date(2026, 5, 31),
        **{"class": new_id()},
    )
    data = (await export(half_year)).json()
    assert [one["since"] for one in data["schools"]] == ["2024-09-01", "2026-09-01"]


async def test_i_11_exporting_needs_a_fresh_password(half_year: Any) -> None:
    school, signing = half_year.journal.school, half_year.journal.signing
    stale = signing.bearer(school.mother.account_id, auth_time=datetime.now(UTC) - timedelta(minutes=6))
    refused = await export(half_year, headers=stale)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")


async def test_the_family_alone_exports(half_year: Any) -> None:
    school = half_year.journal.school
    assert (await export(half_year, who=school.misha_himself)).status_code == 200
    for who in (school.orlova, school.gromov, await half_year.trust("marks", "homework", "attendance", "timetable")):
        refused = await export(half_year, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_own_data")
    assert (await export(half_year, who=school.stranger)).status_code == 404
    assert (await export(half_year, pupil=school.olya)).status_code == 404


async def test_it_is_asked_in_a_handful_of_statements(half_year: Any) -> None:
    with half_year.journal.counting() as statements:
        await export(half_year)
    assert len(statements) <= 6
