"""Every operation of journal under generated requests: no server error, and nothing that OpenAPI does not promise."""

from typing import Any

import pytest

from shared.testing.api_fuzz import ApiFuzz


@pytest.mark.timeout(300)
async def test_no_request_breaks_the_service(open_journal: Any) -> None:
    """Several hundred requests, the same on every run, as those who may much, little and nothing."""
    async with open_journal() as journal:
        school = journal.school
        await journal.hears(*school.everything())
        imported = await journal.import_timetable(school.administrator, school.timetable())
        assert imported.status_code == 200, imported.text
        lessons = [str(one) for one in await journal.lesson_ids(school.orlova)]
        marked = await journal.post_mark(school.orlova, lessons[0])
        task = await journal.call(school.orlova, "POST", f"/lessons/{lessons[0]}/homework", json={"text": "№ 5"})
        words = {"title": "Собрание", "text": "В среду."}
        told = await journal.call(school.orlova, "POST", f"/classes/{school.class_7a}/announcements", json=words)
        people = {"teacher": school.orlova, "director": school.gromov, "mother": school.mother}
        people |= {"pupil": school.misha_himself}
        fuzz = ApiFuzz(
            journal.client,
            roles={name: journal.signing.bearer(who.account_id) for name, who in people.items()} | {"nobody": {}},
            known={
                "school_id": [str(school.school_id)],
                "class_id": [str(school.class_7a), str(school.class_1a)],
                "pupil_id": [str(school.misha), str(school.olya)],
                "subject": [str(school.maths)],
                "subject_id": [str(school.maths)],
                "lesson_id": lessons,
                "mark_id": [marked.json()["mark"]["mark_id"]],
                "control_form_id": [await journal.form()],
                "teacher_id": [str(school.gusev.person_id)],
                "homework_id": [task.json()["homework"]["homework_id"]],
                "announcement_id": [told.json()["announcement_id"]],
                "week": ["2026-W48"],
            },
        )
        findings = await fuzz.findings()
    assert not findings, "\n\n".join(str(one) for one in findings)
    assert fuzz.asked > 500
    assert {200, 201, 401, 403, 404, 409, 422} <= fuzz.answered.keys()
