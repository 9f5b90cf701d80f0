"""What a teacher's page costs: a column beside single posts and beside bare SQL, and the CPU of a request."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from journal.class_journal.rules import Row as CellRow
from journal.class_journal.save_column import save_column
from town.bench.cpu import cpu_rows
from town.bench.over_http import Desk, replay_statements, statements_of
from town.bench.report import Row, in_turn
from town.up import Town

PUPILS = 30
LESSONS = 10
COLUMNS = 10
"""Saved in each round."""
ROUNDS = 5
CPU_REQUESTS = 200


class Teacher:
    """The known teacher before a column of thirty and a page of ten lessons."""

    def __init__(self, desk: Desk, class_id: UUID, subject_id: UUID, pupils: list[UUID]) -> None:
        self.desk = desk
        self.pupils = pupils
        base = f"{desk.town.base_url('journal')}/api/journal/v1"
        self._column = f"{base}/lessons/{desk.lesson_id}/marks"
        self._grid = f"{base}/classes/{class_id}/journal?subject={subject_id}"
        form = desk.body["control_form_id"]
        self._rows = [{"op": "add", "pupil_id": str(pupil), "value": "4", "control_form_id": form} for pupil in pupils]

    async def save_column(self) -> None:
        """All marks in one request."""
        answer = await self.desk.client.put(self._column, json={"rows": self._rows}, headers=self.desk.teacher)
        answer.raise_for_status()
        if len(answer.json()["saved"]) != len(self._rows):
            raise RuntimeError(answer.text)

    async def post_one_by_one(self) -> None:
        """A request for each mark."""
        for row in self._rows:
            body = {name: value for name, value in row.items() if name != "op"}
            answer = await self.desk.client.post(self._column, json=body, headers=self.desk.teacher)
            answer.raise_for_status()

    async def read_grid(self) -> Any:
        """The page."""
        answer = await self.desk.client.get(self._grid, headers=self.desk.teacher)
        answer.raise_for_status()
        return answer.json()


async def column(town: Town) -> list[Row]:
    """Columns of 30 marks a second, against 30 single posts and against the same SQL through bare asyncpg."""
    town.stop_process("journal-worker")
    try:
        async with _teacher(town) as teacher:
            desk = teacher.desk
            rows = [
                CellRow(pupil, "add", value="4", control_form_id=UUID(desk.body["control_form_id"]))
                for pupil in teacher.pupils
            ]
            heard = await statements_of(
                town, desk, lambda uow, token: save_column(uow, token, UUID(desk.lesson_id), rows)
            )

            async def saved() -> float:
                await _empty(town, teacher)
                start = time.perf_counter()
                for _ in range(COLUMNS):
                    await teacher.save_column()
                return COLUMNS / (time.perf_counter() - start)

            async def posted() -> float:
                await _empty(town, teacher)
                start = time.perf_counter()
                await teacher.post_one_by_one()
                return 1 / (time.perf_counter() - start)

            async def bare() -> float:
                connection = await asyncpg.connect(town.dsn("journal"))
                start = time.perf_counter()
                for _ in range(COLUMNS):
                    async with connection.transaction():
                        await replay_statements(connection, heard)
                rate = COLUMNS / (time.perf_counter() - start)
                await connection.execute("UPDATE outbox_event SET published_at = now() WHERE stream_type = 'bench'")
                await connection.close()
                return rate

            one_by_one = await in_turn(saved, posted, rounds=ROUNDS)
            raw = await in_turn(saved, bare, rounds=ROUNDS)
    finally:
        town.start_process("journal-worker")
    return [
        Row("column", one_by_one[0], "columns/s", one_by_one[1], one_by_one[2], "≥ 8", f"{PUPILS} single posts"),
        Row("column_sql", raw[0], "columns/s", raw[1], raw[2], "report", "the same SQL through bare asyncpg"),
    ]


async def column_cpu(town: Town) -> list[Row]:
    """CPU of saving a column of 30 marks; the worker, whose sessions bear the same name, does not relay meanwhile."""
    town.stop_process("journal-worker")
    try:
        async with _teacher(town) as teacher:

            async def save() -> None:
                for _ in range(CPU_REQUESTS):
                    await teacher.save_column()
                    await _empty(town, teacher)

            await teacher.save_column()
            note = f"{PUPILS} marks in one request"
            return await cpu_rows(town, "column_cpu", save, requests=CPU_REQUESTS, goal="≤ 3.5", note=note)
    finally:
        town.start_process("journal-worker")


async def grid_cpu(town: Town) -> list[Row]:
    """CPU of the page of 30 pupils × 10 lessons."""
    async with _teacher(town) as teacher:
        await _fill_page(town, teacher)
        seen = await teacher.read_grid()
        if (len(seen["pupils"]), len(seen["columns"])) != (PUPILS, LESSONS):
            raise RuntimeError(f"a page of {len(seen['pupils'])} pupils × {len(seen['columns'])} lessons")

        async def read() -> None:
            for _ in range(CPU_REQUESTS):
                await teacher.read_grid()

        note = f"{PUPILS} pupils × {LESSONS} lessons, a mark in every second cell"
        return await cpu_rows(town, "grid_cpu", read, requests=CPU_REQUESTS, goal="≤ 3.5", note=note)


@asynccontextmanager
async def _teacher(town: Town) -> AsyncIterator[Teacher]:
    """The teacher; the class has exactly thirty pupils, and nothing stands in its cells."""
    async with Desk(town) as desk:
        connection = await asyncpg.connect(town.dsn("journal"))
        try:
            place = await connection.fetchrow(_PLACE, UUID(desk.lesson_id))
            await connection.execute(_MORE_PUPILS, place["school_id"], place["class_id"], PUPILS)
            found = await connection.fetch(_PUPILS, place["school_id"], place["class_id"])
        finally:
            await connection.close()
        teacher = Teacher(desk, place["class_id"], place["subject_id"], [row[0] for row in found])
        await _empty(town, teacher)
        yield teacher


async def _empty(town: Town, teacher: Teacher) -> None:
    connection = await asyncpg.connect(town.dsn("journal"))
    try:
        await connection.execute(_EMPTY, teacher.pupils)
    finally:
        await connection.close()


async def _fill_page(town: Town, teacher: Teacher) -> None:
    connection = await asyncpg.connect(town.dsn("journal"))
    try:
        await connection.execute(_LESSONS, UUID(teacher.desk.lesson_id), LESSONS)
        await connection.execute(_CELLS, UUID(teacher.desk.lesson_id), UUID(teacher.desk.body["control_form_id"]))
    finally:
        await connection.close()


_PLACE = "SELECT school_id, class_id, subject_id FROM lessons WHERE lesson_id = $1"
_PUPILS = "SELECT pupil_id FROM pupils WHERE school_id = $1 AND class_id = $2 AND left_on IS NULL ORDER BY pupil_id"
_MORE_PUPILS = """
    INSERT INTO pupils (school_id, pupil_id, class_id, surname, given_name, since)
    SELECT $1, gen_random_uuid(), $2, 'Ящук' || n, 'Яна', '2026-09-01'
    FROM generate_series(1, $3 - (SELECT count(*) FROM pupils WHERE school_id = $1 AND class_id = $2
                                  AND left_on IS NULL)::int) n
"""
_EMPTY = "DELETE FROM marks WHERE pupil_id = ANY ($1)"
# As many lessons of the subject as the page shall have: some more before the week's, or none after the first ones.
_LESSONS = """
    WITH place AS (SELECT * FROM lessons WHERE lesson_id = $1), standing AS (
      SELECT count(*)::int AS n FROM lessons l JOIN place p USING (school_id, class_id, subject_id)
    )
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic)
    SELECT p.school_id, gen_random_uuid(), p.class_id, p.subject_id, p.teacher_id, p.date - 7 * w, p.number,
           p.starts_at, p.ends_at, p.room, p.topic
    FROM place p, standing, generate_series(1, $2 - standing.n) w
"""
_CELLS = """
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, author_id,
                       posted_at)
    SELECT l.school_id, gen_random_uuid(), u.pupil_id, l.lesson_id, l.subject_id, l.date, '4', $2, l.teacher_id, now()
    FROM lessons l JOIN lessons p ON p.lesson_id = $1 AND (l.school_id, l.class_id, l.subject_id)
      = (p.school_id, p.class_id, p.subject_id)
    JOIN pupils u ON u.school_id = l.school_id AND u.class_id = l.class_id AND u.left_on IS NULL
    WHERE abs(hashtext(l.lesson_id::text || u.pupil_id::text)) % 2 = 0
"""
