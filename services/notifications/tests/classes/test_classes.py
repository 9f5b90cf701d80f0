"""What is said to a class, told through the real inbox."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from notifications.classes.join_class import join_classes_again
from notifications.classes.tables import late_pupils
from notifications.inbox.tables import copies, notices
from shared.contracts.journal import (
    AnnouncementPosted,
    AnnouncementWithdrawn,
    HomeworkAssigned,
    HomeworkWithdrawn,
)
from shared.ops.ids import new_id


class Class7A:
    """Anna's class, and what its teacher says to it."""

    def __init__(self, family: Any, now: datetime) -> None:
        self.family = family
        self.now = now

    def homework(self, homework_id: UUID, words: str = "№ 231", version: int = 1, **changes: Any) -> HomeworkAssigned:
        told: dict[str, Any] = {
            "school_id": self.family.school_id,
            "class_id": self.family.class_id,
            "homework_id": homework_id,
            "subject_id": new_id(),
            "subject_title": "Алгебра",
            "kind": "homework",
            "mandatory": True,
            "due_on": date(2026, 11, 25),
            "text": words,
            "teacher_name": "Орлова М. П.",
            "homework_version": version,
            "edited_at": self.now,
        }
        return HomeworkAssigned(**(told | changes))

    def homework_off(self, homework_id: UUID, version: int = 2) -> HomeworkWithdrawn:
        return HomeworkWithdrawn(
            school_id=self.family.school_id,
            class_id=self.family.class_id,
            homework_id=homework_id,
            homework_version=version,
            withdrawn_at=self.now,
        )

    def announced(self, audience: str = "both", version: int = 1, **changes: Any) -> AnnouncementPosted:
        told: dict[str, Any] = {
            "school_id": self.family.school_id,
            "class_id": self.family.class_id,
            "announcement_id": new_id(),
            "audience": audience,
            "title": "Экскурсия",
            "text": "Встречаемся в 9:00.",
            "teacher_name": "Орлова М. П.",
            "announcement_version": version,
            "edited_at": self.now,
        }
        return AnnouncementPosted(**(told | changes))

    def announcement_off(self, announcement_id: UUID, version: int = 2, **changes: Any) -> AnnouncementWithdrawn:
        told: dict[str, Any] = {
            "school_id": self.family.school_id,
            "class_id": self.family.class_id,
            "announcement_id": announcement_id,
            "announcement_version": version,
            "withdrawn_at": self.now,
        }
        return AnnouncementWithdrawn(**(told | changes))


@pytest.fixture
def class_7a(family: Any, clock: Any) -> Class7A:
    return Class7A(family, clock())


async def read_all(reader: Any) -> None:
    for item in await reader.items():
        await reader.post(f"/inbox/{item['id']}/read")


async def test_homework_reaches_pupils_and_families(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-23, D-7: and trusted persons with that section."""
    grants = [
        family.activated(new_id(), account_id=account, scope=(section,))
        for account, section in ((family.grandmother, "homework"), (family.stranger, "marks"))
    ]
    task = new_id()
    await tell(*family.everything(), *grants, class_7a.homework(task, mandatory=False))
    for account in (family.mother, family.father, family.anna_herself, family.grandmother):
        (item,) = await reader(account).items()
        assert item["title"] == "Алгебра: задание на 25 ноября"
        assert item["text"] == "Анна К. — домашнее задание по желанию: № 231\nУчитель: Орлова М. П."
        assert (item["category"], item["child"]) == ("homework", "Анна К.")
        assert item["link"] == {"kind": "homework", "id": str(task), "week": None}
    assert await reader(family.stranger).items() == []


async def test_an_item_follows_the_edits_of_its_task(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-23, N-6: one item for a task; who had read it finds it new again, above what came since."""
    task = new_id()
    await tell(*family.everything(), class_7a.homework(task))
    mother, father = reader(family.mother), reader(family.father)
    await read_all(mother)
    await tell(family.posted("5"), class_7a.homework(task, "№ 232", 2))
    assert [(item["kind"], item["state"]) for item in await mother.items()] == [
        ("homework_assigned", "unread"),
        ("grade_posted", "unread"),
    ]
    assert [item["kind"] for item in await father.items()] == ["grade_posted", "homework_assigned"]
    for one in (mother, father):
        (item,) = await one.items(category="homework")
        assert "№ 232" in item["text"]


async def test_the_newest_version_wins(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """N-6: whatever is told again or late changes nothing, not even what was read."""
    task = new_id()
    await tell(*family.everything(), class_7a.homework(task, "№ 233", 3), class_7a.homework(task, "№ 232", 2))
    mother = reader(family.mother)
    await read_all(mother)
    await tell(class_7a.homework(task, "№ 233", 3), class_7a.homework(task, "№ 231", 1), class_7a.homework_off(task, 2))
    (item,) = await mother.items()
    assert "№ 233" in item["text"]
    assert item["state"] == "read"


async def test_a_task_that_is_off(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-23: who has not read it never hears of it, who has reads that it is off; nothing revives it."""
    task = new_id()
    await tell(*family.everything(), class_7a.homework(task))
    await read_all(reader(family.mother))
    await tell(class_7a.homework_off(task), class_7a.homework(task, version=3))
    await tell(family.granted(family.stranger))
    (item,) = await reader(family.mother).items()
    assert (item["title"], item["state"]) == ("Алгебра: задание на 25 ноября отменено", "unread")
    assert await reader(family.father).items() == []
    assert await reader(family.stranger).items() == []


@pytest.mark.parametrize(
    ("audience", "hear"),
    [("pupils", {"anna_herself"}), ("families", {"mother", "father"}), ("both", {"anna_herself", "mother", "father"})],
)
async def test_announcements_reach_their_audience(
    family: Any, tell: Any, reader: Any, class_7a: Class7A, audience: str, hear: set[str]
) -> None:
    """J-26, D-7: never a trusted person, whatever the sections."""
    everything = family.activated(new_id(), scope=("marks", "homework", "timetable", "attendance"))
    await tell(*family.everything(), everything, class_7a.announced(audience))
    heard = set()
    for name in ("anna_herself", "mother", "father", "grandmother", "stranger"):
        titles = await reader(getattr(family, name)).titles(category="announcements")
        assert titles in ([], ["Объявление: Экскурсия"])
        heard |= {name} if titles else set()
    assert heard == hear


async def test_announcements_to_a_group(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-26: only these pupils of the class, and their families."""
    boris, his_father = new_id(), new_id()
    await tell(
        *family.everything(),
        family.enrolled(pupil_id=boris, given_name="Борис"),
        family.granted(his_father, pupil_id=boris),
        class_7a.announced(pupil_ids=(boris,)),
    )
    assert await reader(family.mother).items() == []
    (item,) = await reader(his_father).items()
    assert item["child"] == "Борис К."


async def test_homework_of_a_group(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-4, J-23: what the first English group has to do is no news for the second."""
    boris, his_father = new_id(), new_id()
    await tell(
        *family.everything(),
        family.enrolled(pupil_id=boris, given_name="Борис"),
        family.granted(his_father, pupil_id=boris),
        class_7a.homework(new_id(), pupil_ids=(boris,)),
    )
    assert await reader(family.mother).items() == []
    (item,) = await reader(his_father).items()
    assert item["child"] == "Борис К."


async def test_an_announcement_is_corrected_and_taken_back(
    family: Any, tell: Any, reader: Any, class_7a: Class7A
) -> None:
    """J-26: of several classes each follows its own stream."""
    said, other_class = new_id(), new_id()
    await tell(*family.everything(), class_7a.announced(announcement_id=said))
    await read_all(reader(family.mother))
    await tell(class_7a.announced(announcement_id=said, version=2, title="Музей"))
    await tell(class_7a.announcement_off(said, 3, class_id=other_class))
    for account in (family.mother, family.father):
        assert [(item["title"], item["state"]) for item in await reader(account).items()] == [
            ("Объявление: Музей", "unread")
        ]
    await read_all(reader(family.mother))
    await tell(class_7a.announcement_off(said, 3))
    assert await reader(family.mother).titles() == ["Объявление снято: Музей"]
    assert await reader(family.father).items() == []


async def test_twins_are_two_children(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """N-2: each with their own item, so that the filter by child is right."""
    boris = new_id()
    await tell(*family.everything(), family.enrolled(pupil_id=boris, given_name="Борис"))
    await tell(family.granted(family.mother, pupil_id=boris, binding_id=new_id()), class_7a.homework(new_id()))
    assert {item["child"] for item in await reader(family.mother).items()} == {"Анна К.", "Борис К."}
    (item,) = await reader(family.mother).items(child=str(boris))
    await reader(family.mother).post(f"/inbox/{item['id']}/read")
    assert [one["child"] for one in await reader(family.mother).items(unread=True)] == ["Анна К."]


async def test_a_pupil_who_comes_to_the_class_finds_what_is_still_due(
    family: Any, tell: Any, reader: Any, class_7a: Class7A
) -> None:
    """J-23: whichever stream is first. What is over, what is off, and announcements were for others."""
    over, due, off = new_id(), new_id(), new_id()
    await tell(
        class_7a.homework(over, "старое", due_on=date(2026, 11, 22)),
        class_7a.homework(due, "№ 231", due_on=date(2026, 11, 23)),
        class_7a.homework(off, "лишнее"),
        class_7a.homework_off(off),
        class_7a.announced(),
        *family.everything(),
    )
    for account in (family.mother, family.anna_herself):
        assert await reader(account).titles() == ["Алгебра: задание на 23 ноября"]
    await tell(class_7a.homework(due, "№ 232", 2))
    (item,) = await reader(family.mother).items()
    assert "№ 232" in item["text"]


async def test_a_pupil_who_changes_the_class(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """J-23: what was to be done there and nobody has read goes, what is to be done here comes; and back again."""
    here, there, other_class = new_id(), new_id(), new_id()
    await tell(*family.everything(), class_7a.homework(here), class_7a.announced())
    await tell(class_7a.homework(there, subject_title="Химия", class_id=other_class))
    await read_all(reader(family.father))
    await tell(family.enrolled(class_id=other_class))
    announcement, algebra = "Объявление: Экскурсия", "Алгебра: задание на 25 ноября"
    assert await reader(family.mother).titles() == ["Химия: задание на 25 ноября", announcement]
    assert await reader(family.father).titles() == ["Химия: задание на 25 ноября", announcement, algebra]
    await tell(class_7a.homework(here, "№ 240", 2))
    (_, _, item) = await reader(family.father).items()
    assert "№ 231" in item["text"]
    await tell(family.enrolled())
    assert await reader(family.mother).titles() == [algebra, announcement]


async def test_a_name_that_changes_brings_nothing_back(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    """PupilEnrolled is sent again, whole, for other reasons too."""
    await tell(*family.everything(), class_7a.homework(new_id()))
    await read_all(reader(family.mother))
    await tell(family.enrolled(surname="Орлова"))
    (item,) = await reader(family.mother).items()
    assert (item["state"], item["child"]) == ("read", "Анна О.")


async def test_the_second_look_finds_a_task_of_the_same_moment(
    family: Any, tell: Any, reader: Any, class_7a: Class7A, database: Any, clock: Any
) -> None:
    """A task and a pupil handled at once do not see each other: as if the task had found no pupil."""
    await tell(*family.everything(), class_7a.homework(new_id()))
    async with database.uow.begin() as tx:
        await tx.session.execute(delete(copies))
        await tx.session.execute(delete(notices))
    assert await join_classes_again(database.uow) == 0
    clock.advance(seconds=61)
    assert await join_classes_again(database.uow) == 1
    assert await reader(family.mother).titles() == ["Алгебра: задание на 25 ноября"]
    assert await join_classes_again(database.uow) == 0
    async with database.read() as session:
        assert (await session.execute(select(late_pupils))).all() == []


async def test_the_second_look_takes_a_town_in_portions(
    family: Any, tell: Any, reader: Any, class_7a: Class7A, database: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.classes.join_class.AT_ONCE", 2)
    await tell(*family.everything(), *(family.enrolled(pupil_id=new_id()) for _ in range(4)))
    clock.advance(seconds=61)
    assert await join_classes_again(database.uow) == 5
    assert await join_classes_again(database.uow) == 0


async def test_lost_access_hides_what_the_class_was_told(
    family: Any, tell: Any, reader: Any, class_7a: Class7A
) -> None:
    """N-6: looked at again at every read; an edit does not bring it back."""
    task = new_id()
    await tell(*family.everything(), class_7a.homework(task), class_7a.announced())
    await tell(family.unbound(family.father), class_7a.homework(task, "№ 232", 2))
    assert await reader(family.father).items() == []
    assert len(await reader(family.mother).items()) == 2


async def test_a_pupil_who_left_has_no_homework(family: Any, tell: Any, reader: Any, class_7a: Class7A) -> None:
    from shared.contracts.identity import PupilLeft

    left = PupilLeft(school_id=family.school_id, pupil_id=family.anna, left_on=date(2026, 11, 20))
    await tell(*family.everything(), left, class_7a.homework(new_id()))
    assert await reader(family.mother).items() == []


async def test_a_class_of_thirty_is_one_statement(
    family: Any, tell: Any, class_7a: Class7A, statements: Any, database: Any, clock: Any
) -> None:
    """60 recipients, several tasks at once: as many statements as for one; the same for thirty who come to a class."""
    pupils = [new_id() for _ in range(30)]
    bindings = [family.granted(new_id(), pupil_id=pupil, binding_id=new_id()) for pupil in pupils for _ in range(2)]
    tasks = [new_id() for _ in range(3)]
    await tell(*bindings, *(family.enrolled(pupil_id=pupil) for pupil in pupils))
    with statements() as first:
        await tell(*(class_7a.homework(task) for task in tasks))
    with statements() as edited:
        await tell(class_7a.homework(tasks[0], "№ 232", 2))
    with statements() as off:
        await tell(*(class_7a.homework_off(task, 5) for task in tasks[1:]))
    for seen in (first, edited, off):
        assert sum("notice" in sql for sql in seen) == 1
    async with database.read() as session:
        found = (await session.execute(select(copies.c.state, copies.c.recipient_id))).all()
    assert len(found) == 180
    assert sum(row.state == "unread" for row in found) == 60
    clock.advance(minutes=2)
    with statements() as again:
        assert await join_classes_again(database.uow) == 30
    assert len([sql for sql in again if "notice" in sql]) == 2
    assert clock() > class_7a.now + timedelta(minutes=1)
