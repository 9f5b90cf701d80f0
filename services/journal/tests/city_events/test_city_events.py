"""J-27: imported from a file, read by everybody who is signed in."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from journal.city_events.import_events import import_events
from journal.city_events.rules import COLUMNS, read_events
from journal.errors import CityEventsRefused

ROW = {
    "source_id": "ev-1",
    "city": "Москва",
    "starts_on": "2026-12-05",
    "ends_on": "2026-12-06",
    "kind": "олимпиада",
    "title": "Городская олимпиада по математике",
    "description": "Для 7–9 классов",
    "place": "Дворец творчества",
    "subject": "Математика",
    "organiser": "Центр олимпиад",
    "contact": "olymp@example.org",
}


def file(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def december(journal: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(journal.container.database, "clock", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    return journal


async def bring(journal: Any, *rows: dict[str, str]) -> tuple[int, int, int]:
    done = await import_events(journal.container.database.uow, read_events("events.csv", file(*rows)))
    return done.added, done.changed, done.unchanged


async def titles(journal: Any, **params: str) -> list[str]:
    answer = await journal.get(journal.school.stranger, "/city-events", params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_the_feed_shows_what_is_to_come(december: Any) -> None:
    past = ROW | {"source_id": "ev-0", "starts_on": "2026-11-01", "ends_on": "", "title": "Прошло"}
    later = ROW | {"source_id": "ev-2", "starts_on": "2026-12-20", "ends_on": "", "title": "Семинар", "kind": "семинар"}
    assert await bring(december, later, ROW, past) == (3, 0, 0)
    answer = await december.get(december.school.mother, "/city-events")
    first = answer.json()["items"][0]
    del first["event_id"]
    assert first == {
        "city": "Москва",
        "starts_on": "2026-12-05",
        "ends_on": "2026-12-06",
        "kind": "olympiad",
        "title": "Городская олимпиада по математике",
        "description": "Для 7–9 классов",
        "place": "Дворец творчества",
        "subject": "Математика",
        "organiser": "Центр олимпиад",
        "contact": "olymp@example.org",
    }
    assert await titles(december) == ["Городская олимпиада по математике", "Семинар"]
    assert await titles(december, **{"from": "2026-10-01"}) == [
        "Прошло",
        "Городская олимпиада по математике",
        "Семинар",
    ]


async def test_filters(december: Any) -> None:
    other = ROW | {"source_id": "ev-2", "kind": "конкурс", "title": "Конкурс чтецов", "subject": "Литература"}
    await bring(december, ROW, other)
    assert await titles(december, kind="contest") == ["Конкурс чтецов"]
    assert await titles(december, subject="математика") == ["Городская олимпиада по математике"]
    assert await titles(december, city="Казань") == []
    assert await titles(december, to="2026-12-04") == []


async def test_the_same_file_changes_nothing_a_corrected_one_what_differs(december: Any) -> None:
    assert await bring(december, ROW) == (1, 0, 0)
    assert await bring(december, ROW) == (0, 0, 1)
    assert await bring(december, ROW | {"place": "Школа № 5"}) == (0, 1, 0)


async def test_pages(december: Any) -> None:
    await bring(december, *(ROW | {"source_id": f"ev-{n}", "title": f"№ {n}"} for n in range(5)))
    seen: list[str] = []
    after = None
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await december.get(december.school.mother, "/city-events", params=params)).json()
        seen += [item["title"] for item in page["items"]]
        if (after := page["next"]) is None:
            break
    assert sorted(seen) == [f"№ {n}" for n in range(5)]
    assert len(seen) == 5


async def test_every_mistake_is_named_and_nothing_is_taken(december: Any) -> None:
    wrong = (
        ROW,
        ROW,
        ROW | {"source_id": "a", "starts_on": "05.12.26"},
        ROW | {"source_id": "b", "ends_on": "2026-12-01"},
        ROW | {"source_id": "c", "kind": "ярмарка"},
        ROW | {"source_id": "d", "title": ""},
        ROW | {"source_id": "e", "place": "я" * 301},
    )
    read = read_events("events.csv", file(*wrong) + b"too,few\n")
    assert [(mistake.line, mistake.column, mistake.rule.code) for mistake in read.mistakes] == [
        (3, "source_id", "repeated"),
        (4, "starts_on", "not_a_date"),
        (5, "ends_on", "ends_before_start"),
        (6, "kind", "unknown_kind"),
        (7, "title", "value_missing"),
        (8, "place", "too_long"),
        (9, None, "field_count"),
    ]
    with pytest.raises(CityEventsRefused):
        await import_events(december.container.database.uow, read)
    assert await titles(december) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe", "broken_file"), (b"source_id\n1\n", "column_missing"), (b"", "column_missing")],
)
async def test_what_is_no_such_file(content: bytes, code: str) -> None:
    assert {mistake.rule.code for mistake in read_events("x.csv", content).mistakes} == {code}


async def test_strangers_are_asked_to_sign_in(december: Any) -> None:
    answer = await december.client.get("/api/journal/v1/city-events")
    assert answer.status_code == 401
