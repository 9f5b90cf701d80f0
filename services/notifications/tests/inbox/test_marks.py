from datetime import timedelta
from typing import Any

from shared.ops.ids import new_id


async def test_a_mark_reaches_everybody_who_may_read_it_once(family: Any, tell: Any, reader: Any) -> None:
    """N-1: category, child, time, text, link; unread."""
    await tell(*family.everything(), family.posted("5"))
    for account in (family.mother, family.father, family.anna_herself):
        (item,) = await reader(account).items()
        assert item["title"] == "Алгебра: 5"
        assert item["text"] == "Анна К. — Контрольная, урок 23 ноября. Учитель: Орлова М. П."
        assert (item["category"], item["kind"], item["state"]) == ("marks", "grade_posted", "unread")
        assert (item["child"], item["pupil_id"]) == ("Анна К.", str(family.anna))
        assert item["link"] == {"kind": "diary_week", "id": str(family.anna), "week": "2026-W48"}
        assert item["actions"] is None
    assert await reader(family.stranger).items() == []
    assert await reader(family.grandmother).items() == []


async def test_english_readers_read_english(family: Any, tell: Any, reader: Any) -> None:
    """N-10."""
    await tell(*family.everything(), family.posted("зачёт"))
    answer = await reader(family.mother).get("/inbox", headers={"Accept-Language": "en"})
    (item,) = answer.json()["items"]
    assert item["title"] == "Алгебра: pass"
    assert "lesson of 23 November" in item["text"]


async def test_telling_of_many_marks_is_one_statement(family: Any, tell: Any, statements: Any) -> None:
    """Marks are most of what happens, and a family may be large."""
    await tell(*family.everything())
    with statements() as seen:
        await tell(family.posted(), family.posted(), family.posted())
    assert sum("notice_copy" in statement for statement in seen) == 1


async def test_a_binding_that_arrives_after_the_mark_still_finds_it(family: Any, tell: Any, reader: Any) -> None:
    """Marks and bindings come by different streams, in any order."""
    await tell(family.posted("3"), family.enrolled(), family.granted(family.mother))
    assert await reader(family.mother).titles() == ["Алгебра: 3"]


async def test_marks_before_a_binding_began_are_not_told(family: Any, tell: Any, reader: Any, clock: Any) -> None:
    clock.advance(days=1)
    await tell(family.posted("3"), family.granted(family.mother, granted_at=clock() - timedelta(minutes=1)))
    assert await reader(family.mother).items() == []


async def test_a_correction_replaces_what_nobody_has_read(family: Any, tell: Any, reader: Any) -> None:
    """N-6: one item with the last value; who has read the first one keeps it."""
    mark = new_id()
    await tell(*family.everything(), family.posted("3", mark))
    mother = reader(family.mother)
    (seen,) = await mother.items()
    await mother.post(f"/inbox/{seen['id']}/read")
    await tell(family.changed(mark, "3", "4"))
    assert await mother.titles() == ["Алгебра: 4 вместо 3", "Алгебра: 3"]
    assert await reader(family.father).titles() == ["Алгебра: 4 вместо 3"]


async def test_a_removed_mark_withdraws_unread_items(family: Any, tell: Any, reader: Any) -> None:
    """N-6: only those who have seen it hear that it is gone."""
    mark = new_id()
    await tell(*family.everything(), family.posted("2", mark))
    mother = reader(family.mother)
    (seen,) = await mother.items()
    await mother.post(f"/inbox/{seen['id']}/read")
    await tell(family.removed(mark, "2"))
    assert await mother.titles() == ["Алгебра: оценка 2 удалена", "Алгебра: 2"]
    assert await reader(family.father).items() == []
    assert (await reader(family.father).post(f"/inbox/{seen['id']}/read")).status_code == 404


async def test_a_late_binding_does_not_bring_back_what_was_corrected(family: Any, tell: Any, reader: Any) -> None:
    mark = new_id()
    await tell(
        family.posted("2", mark), family.changed(mark, "2", "5"), family.enrolled(), family.granted(family.mother)
    )
    assert await reader(family.mother).titles() == ["Алгебра: 5 вместо 2"]
