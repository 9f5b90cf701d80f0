from datetime import date
from typing import Any

import pytest

from shared.contracts.journal import (
    AbsenceNoticeGiven,
    AbsenceNoticeWithdrawn,
    ControlForm,
    PeriodMarkSet,
    PointDueSoon,
    PointSet,
    PointSettled,
    PointVanished,
    WeekSigned,
)
from shared.ops.ids import new_id

FORM = ControlForm(control_form_id=new_id(), name="Контрольная", category="control", weight=3)
TEACHER = {"teacher_person_id": new_id(), "teacher_name": "Орлова М. П."}


class Point:
    """A point of Anna, through its life."""

    def __init__(self, family: Any, clock: Any) -> None:
        self.now = clock()
        self.told: dict[str, Any] = {
            "school_id": family.school_id,
            "pupil_id": family.anna,
            "class_id": family.class_id,
            "point_id": new_id(),
            "lesson_id": new_id(),
            "lesson_date": date(2026, 11, 23),
            "subject_id": new_id(),
            "subject_title": "Алгебра",
            "kind": "retake",
        }
        self.due: dict[str, Any] = {"control_form": FORM, "due_on": date(2026, 12, 1)}

    def set(self, version: int = 1, **changes: Any) -> PointSet:
        told = {**self.told, **self.due, **TEACHER, "point_version": version, "set_at": self.now}
        return PointSet(**(told | changes))

    def due_soon(self) -> PointDueSoon:
        return PointDueSoon(**self.told, **self.due)

    def settled(self) -> PointSettled:
        return PointSettled(**self.told, mark_id=new_id(), settled_at=self.now)

    def vanished(self, because: str = "due_date") -> PointVanished:
        return PointVanished(**self.told, because=because, vanished_at=self.now)  # type: ignore[arg-type] # one of three


@pytest.fixture
def point(family: Any, clock: Any) -> Point:
    return Point(family, clock)


async def read_all(reader: Any) -> None:
    for item in await reader.items():
        await reader.post(f"/inbox/{item['id']}/read")


async def test_a_point_is_told_and_reminded_of(family: Any, tell: Any, reader: Any, point: Point) -> None:
    """J-14, J-15: the reminder takes the place of what nobody has read; who has read the point keeps both."""
    await tell(*family.everything(), point.set())
    mother = reader(family.mother)
    (item,) = await mother.items()
    assert item["title"] == "Алгебра: точка, срок 1 декабря"
    assert item["text"].startswith("Анна К. — пересдача: Контрольная, урок 23 ноября. Сделать до 1 декабря")
    assert item["link"] == {"kind": "point", "id": str(point.told["point_id"]), "week": None}
    await read_all(mother)
    await tell(point.due_soon())
    reminder = "Алгебра: скоро срок точки, 1 декабря"
    assert await mother.titles() == [reminder, item["title"]]
    assert await reader(family.father).titles() == [reminder]
    assert await reader(family.anna_herself).titles(category="marks") == [reminder]


async def test_a_changed_point_takes_the_place_of_the_old(family: Any, tell: Any, reader: Any, point: Point) -> None:
    """N-6; also when both arrive at once."""
    await tell(*family.everything(), point.set(), point.set(2, due_on=date(2026, 12, 4)))
    await tell(point.set(3, due_on=date(2026, 12, 7)))
    assert await reader(family.mother).titles() == ["Алгебра: точка, срок 7 декабря"]


async def test_a_settled_point_gives_way_to_its_mark(family: Any, tell: Any, reader: Any, point: Point) -> None:
    """J-15: no reminder stays beside the mark."""
    await tell(*family.everything(), point.set(), point.due_soon(), family.posted("5"), point.settled())
    assert await reader(family.mother).titles() == ["Алгебра: 5"]


@pytest.mark.parametrize(
    ("because", "said"),
    [
        ("due_date", "Анна К. — пересдача, урок 23 ноября: срок прошёл, отметки нет."),
        ("period_end", "Анна К. — пересдача, урок 23 ноября: учебный период закончился."),
        ("withdrawn", "Анна К. — пересдача, урок 23 ноября: учитель её снял."),
    ],
)
async def test_who_has_read_of_a_point_hears_that_it_vanished(
    family: Any, tell: Any, reader: Any, point: Point, because: str, said: str
) -> None:
    """J-15; who has not, hears nothing of it any more, nor does a family that comes later."""
    await tell(*family.everything(), point.set())
    await read_all(reader(family.mother))
    await tell(point.vanished(because), family.granted(family.stranger))
    (item, _) = await reader(family.mother).items()
    assert item["text"] == said
    assert await reader(family.father).items() == []
    assert await reader(family.stranger).items() == []


async def test_the_mark_of_a_period(family: Any, tell: Any, reader: Any, clock: Any) -> None:
    """J-17: like a mark; the newest takes the place, and one taken back is only told to who has read it."""
    told: dict[str, Any] = {
        "school_id": family.school_id,
        "pupil_id": family.anna,
        "class_id": family.class_id,
        "subject_id": new_id(),
        "subject_title": "Алгебра",
        "period_id": new_id(),
        "period_title": "I четверть",
        "set_at": clock(),
    }

    def marked(value: str | None, version: int, **changes: Any) -> PeriodMarkSet:
        return PeriodMarkSet(**(told | TEACHER | changes), value=value, period_mark_version=version)

    of_year = {"period_id": None, "period_title": "2026/27"}
    await tell(*family.everything(), marked("4", 1), marked("н/а", 1, **of_year), marked("5", 2))
    mother = reader(family.mother)
    assert await mother.titles() == ["Алгебра, I четверть: 5", "Алгебра, 2026/27: н/а"]
    assert (await mother.items())[0]["link"] == {"kind": "performance", "id": str(family.anna), "week": None}
    await read_all(mother)
    await tell(marked(None, 3))
    assert (await mother.titles())[0] == "Алгебра, I четверть: отметка снята"
    assert await reader(family.father).titles() == ["Алгебра, 2026/27: н/а"]


async def test_a_signed_week_is_told_to_the_other_representative(
    family: Any, tell: Any, reader: Any, clock: Any
) -> None:
    """J-32: of level 2, not to who has signed, and to nobody else."""
    signed = WeekSigned(
        school_id=family.school_id,
        pupil_id=family.anna,
        class_id=family.class_id,
        signature_id=new_id(),
        week="2026-W49",
        page_hash="0" * 64,
        account_id=family.mother,
        signed_at=clock(),
    )
    await tell(*family.everything(), family.granted(family.stranger), signed)
    (item,) = await reader(family.stranger).items()
    assert item["text"] == "Неделю 30 ноября – 6 декабря подписал другой представитель ребёнка."
    assert item["link"] == {"kind": "diary_week", "id": str(family.anna), "week": "2026-W49"}
    for account in (family.mother, family.father, family.anna_herself):
        assert await reader(account).items() == []


async def test_sections_of_a_trusted_person(family: Any, tell: Any, reader: Any, point: Point) -> None:
    """D-7: points stand among the marks; attendance has a section of its own."""
    for account, section in ((family.grandmother, "marks"), (family.stranger, "attendance")):
        await tell(family.activated(new_id(), account_id=account, scope=(section,)))
    await tell(*family.everything(), point.set(), family.absent(new_id(), has_notice=True))
    assert [item["category"] for item in await reader(family.grandmother).items()] == ["marks"]
    assert [item["category"] for item in await reader(family.stranger).items()] == ["attendance"]


async def test_lost_access_hides_the_new_kinds(family: Any, tell: Any, reader: Any, point: Point) -> None:
    """N-6: looked at again at every read."""
    await tell(*family.everything(), point.set(), family.absent(new_id()))
    assert len(await reader(family.father).items()) == 2
    await tell(family.unbound(family.father))
    assert await reader(family.father).items() == []


async def test_who_has_read_of_an_absence_hears_that_it_was_none(family: Any, tell: Any, reader: Any) -> None:
    """J-20, N-6."""
    lesson = new_id()
    await tell(*family.everything(), family.absent(lesson, has_notice=True))
    await read_all(reader(family.mother))
    await tell(family.present(lesson))
    assert (await reader(family.mother).titles())[0] == "Отметка «н» снята: Анна К."
    assert await reader(family.father).items() == []


def noticed(family: Any, clock: Any, teachers: list[Any], **changes: Any) -> AbsenceNoticeGiven:
    told: dict[str, Any] = {
        "school_id": family.school_id,
        "pupil_id": family.anna,
        "class_id": family.class_id,
        "notice_id": new_id(),
        "first_day": date(2026, 11, 27),
        "last_day": date(2026, 11, 28),
        "teacher_account_ids": teachers,
        "given_at": clock(),
    }
    return AbsenceNoticeGiven(**(told | changes))


def taken_back(notice: AbsenceNoticeGiven, clock: Any) -> AbsenceNoticeWithdrawn:
    kept = notice.model_dump(include={"school_id", "pupil_id", "class_id", "notice_id", "first_day", "last_day"})
    return AbsenceNoticeWithdrawn(**kept, withdrawn_at=clock())


async def test_the_class_teacher_hears_of_a_notice(family: Any, tell: Any, reader: Any, clock: Any) -> None:
    """J-21: at once in the notification centre, without the reason; nobody else is told by it."""
    leads = new_id()
    teacher = reader(leads)
    notice = noticed(family, clock, [leads])
    await tell(*family.everything(), notice)
    (item,) = await teacher.items()
    assert (item["title"], item["category"]) == ("Не будет в школе: Анна К., 27–28 ноября", "attendance")
    assert item["link"] == {"kind": "attendance", "id": str(family.anna), "week": None}
    assert await reader(family.mother).items() == []
    one_day = noticed(family, clock, [leads], first_day=date(2026, 12, 1), last_day=date(2026, 12, 1))
    await tell(one_day)
    assert (await teacher.items())[0]["title"] == "Не будет в школе: Анна К., 1 декабря"


async def test_a_notice_that_is_taken_back_goes_unless_it_was_read(
    family: Any, tell: Any, reader: Any, clock: Any
) -> None:
    """J-21, N-6: whoever has not read of it need not; who has expects the pupil again."""
    leads = [new_id(), new_id()]
    busy, quick = map(reader, leads)
    notice = noticed(family, clock, leads)
    await tell(*family.everything(), notice)
    await read_all(quick)
    await tell(taken_back(notice, clock))
    assert await busy.items() == []
    assert [item["title"] for item in await quick.items()] == [
        "Будет в школе: Анна К., 27–28 ноября",
        "Не будет в школе: Анна К., 27–28 ноября",
    ]
