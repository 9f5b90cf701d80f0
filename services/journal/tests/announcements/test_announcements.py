"""J-26: told by teachers and direction, read by those it is for."""

from typing import Any

import pytest

from shared.contracts.journal import AnnouncementPosted, AnnouncementWithdrawn

WORDS = {"title": "Экскурсия", "text": "В пятницу едем в планетарий, сбор в 9:00."}


async def tell(journal: Any, who: Any, **changes: Any) -> Any:
    class_id = changes.pop("class_id", journal.school.class_7a)
    return await journal.call(who, "POST", f"/classes/{class_id}/announcements", json=WORDS | changes)


async def heard(journal: Any, who: Any) -> list[dict[str, Any]]:
    answer = await journal.get(who, "/announcements")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_class_is_told_and_the_family_reads_it(journal: Any, emitted: Any) -> None:
    school = journal.school
    posted = await tell(journal, school.orlova)
    assert posted.status_code == 201, posted.text
    (item,) = await heard(journal, school.mother)
    assert (item["title"], item["author"], item["pupil_ids"], item["read_at"]) == (
        "Экскурсия",
        "Орлова Марина Сергеевна",
        [str(school.misha)],
        None,
    )
    (told,) = await emitted(journal.container.database)
    assert isinstance(told, AnnouncementPosted)
    assert (told.class_id, told.audience, told.pupil_ids) == (school.class_7a, "both", None)


@pytest.mark.parametrize(("audience", "pupil", "mother"), [("pupils", 1, 0), ("families", 0, 1), ("both", 1, 1)])
async def test_it_is_for_pupils_families_or_both(journal: Any, audience: str, pupil: int, mother: int) -> None:
    school = journal.school
    await tell(journal, school.orlova, audience=audience)
    assert len(await heard(journal, school.misha_himself)) == pupil
    assert len(await heard(journal, school.mother)) == mother


async def test_a_group_is_some_pupils_of_the_class(journal: Any, emitted: Any) -> None:
    school = journal.school
    await tell(journal, school.orlova, pupil_ids=[str(school.olya)])
    assert await heard(journal, school.mother) == []
    await tell(journal, school.orlova, pupil_ids=[str(school.misha), str(school.olya)])
    assert len(await heard(journal, school.mother)) == 1
    assert set((await emitted(journal.container.database))[-1].pupil_ids) == {school.misha, school.olya}
    other = await tell(journal, school.orlova, pupil_ids=[str(school.petya)])
    assert (other.status_code, other.json()["code"]) == (422, "pupil_not_in_class")


async def test_the_direction_tells_a_parallel_or_the_school(journal: Any, emitted: Any) -> None:
    school = journal.school
    path = f"/schools/{school.school_id}/announcements"
    parallel = await journal.call(school.deputy, "POST", path, json=WORDS | {"grade": 7})
    assert set(parallel.json()["class_ids"]) == {str(school.class_7a), str(school.class_7b)}
    whole = await journal.call(school.gromov, "POST", path, json=WORDS)
    assert len(whole.json()["class_ids"]) == 3
    assert len(await heard(journal, school.mother)) == 2
    assert len(await emitted(journal.container.database)) == 5
    for who, status in ((school.orlova, 403), (school.administrator, 403), (school.mother, 404)):
        assert (await journal.call(who, "POST", path, json=WORDS)).status_code == status
    empty = await journal.call(school.deputy, "POST", path, json=WORDS | {"grade": 4})
    assert (empty.status_code, empty.json()["code"]) == (404, "class_not_found")


async def test_receipts_count_readers_once(journal: Any) -> None:
    school = journal.school
    announcement = (await tell(journal, school.orlova)).json()["announcement_id"]
    for who in (school.mother, school.mother, school.misha_himself):
        assert (await journal.call(who, "PUT", f"/announcements/{announcement}/read")).status_code == 204
    assert (await heard(journal, school.mother))[0]["read_at"] is not None
    of_class = await journal.get(school.gusev, f"/classes/{school.class_7a}/announcements")
    assert [item["read_by"] for item in of_class.json()["items"]] == [2]
    stranger = await journal.call(school.stranger, "PUT", f"/announcements/{announcement}/read")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "announcement_not_found")


async def test_receipts_say_who_of_the_class_has_read_it(journal: Any) -> None:
    """J-26: each pupil with the family, also those who have not; what a parallel was told counts class by class."""
    school = journal.school
    path = f"/schools/{school.school_id}/announcements"
    answer = await journal.call(school.deputy, "POST", path, json=WORDS | {"grade": 7})
    announcement = answer.json()["announcement_id"]
    assert (await journal.call(school.mother, "PUT", f"/announcements/{announcement}/read")).status_code == 204

    async def receipts(who: Any, class_id: Any) -> Any:
        return await journal.get(who, f"/classes/{class_id}/announcements/{announcement}/receipts")

    found = (await receipts(school.orlova, school.class_7a)).json()
    assert (found["audience"], [one["pupil"].split()[1] for one in found["items"]]) == ("both", ["Ольга", "Михаил"])
    olya, misha = found["items"]
    assert (olya["read_by_pupil"], olya["read_by_family"], misha["read_by_pupil"]) == (None, None, None)
    assert misha["read_by_family"] is not None
    for class_id, read_by in ((school.class_7a, 1), (school.class_7b, 0)):
        of_class = await journal.get(school.deputy, f"/classes/{class_id}/announcements")
        assert [item["read_by"] for item in of_class.json()["items"]] == [read_by]
    for who, class_id, code in (
        (school.deputy, school.class_1a, "announcement_not_found"),
        (school.mother, school.class_7a, "class_not_found"),
    ):
        answer = await receipts(who, class_id)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_receipts_are_of_a_group_too(journal: Any) -> None:
    """J-26: of those whom it is for, and nobody else."""
    school = journal.school
    announcement = (await tell(journal, school.orlova, pupil_ids=[str(school.misha)])).json()["announcement_id"]
    path = f"/classes/{school.class_7a}/announcements/{announcement}/receipts"
    found = (await journal.get(school.orlova, path)).json()
    assert [one["pupil_id"] for one in found["items"]] == [str(school.misha)]


async def test_its_author_corrects_and_takes_back(journal: Any, emitted: Any) -> None:
    school = journal.school
    announcement = (await tell(journal, school.orlova)).json()["announcement_id"]
    path = f"/announcements/{announcement}"
    fixed = await journal.call(school.orlova, "PATCH", path, json={"version": 1, "text": "Сбор в 8:30."})
    assert fixed.json() == {"version": 2}
    (item,) = await heard(journal, school.mother)
    assert (item["title"], item["text"]) == ("Экскурсия", "Сбор в 8:30.")
    assert item["edited_at"] > item["posted_at"]
    stale = await journal.call(school.orlova, "DELETE", path, params={"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    other = await journal.call(school.gromov, "DELETE", path, params={"version": 2})
    assert other.status_code == 404
    assert (await journal.call(school.orlova, "DELETE", path, params={"version": 2})).status_code == 204
    assert await heard(journal, school.mother) == []
    assert isinstance((await emitted(journal.container.database))[-1], AnnouncementWithdrawn)


async def test_only_teachers_of_the_class_tell_it(journal: Any) -> None:
    """J-1."""
    school = journal.school
    for who, class_id, status in (
        (school.gusev, school.class_7a, 201),
        (school.orlova, school.class_7b, 403),
        (school.gromov, school.class_7b, 201),
        (school.administrator, school.class_7a, 403),
        (school.mother, school.class_7a, 404),
        (school.stranger, school.class_7a, 404),
    ):
        assert (await tell(journal, who, class_id=class_id)).status_code == status, (who, class_id)


async def test_a_moved_pupil_hears_the_new_class(journal: Any) -> None:
    school = journal.school
    await tell(journal, school.orlova, title="старый класс")
    await tell(journal, school.gusev, class_id=school.class_7b, title="новый класс")
    await journal.hears(school.enrolled(school.misha, school.class_7b, "Соколов", "Михаил"))
    assert [item["title"] for item in await heard(journal, school.mother)] == ["новый класс"]


async def test_pages_follow_each_other(journal: Any) -> None:
    school = journal.school
    for number in range(5):
        await tell(journal, school.orlova, title=f"№ {number}")
    titles, after = [], None
    for _ in range(3):
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await journal.get(school.mother, "/announcements", params=params)).json()
        titles += [item["title"] for item in page["items"]]
        after = page["next"]
    assert titles == ["№ 4", "№ 3", "№ 2", "№ 1", "№ 0"]
    assert after is None


async def test_two_children_and_many_announcements_take_the_same_queries(journal: Any) -> None:
    school = journal.school
    await tell(journal, school.orlova)
    with journal.counting() as few:
        await heard(journal, school.mother)
    await journal.hears(school.granted(school.stranger, school.petya, "representative", 2))
    for _ in range(5):
        await tell(journal, school.orlova)
    with journal.counting() as many:
        await heard(journal, school.mother)
    assert len(few) == len(many)
