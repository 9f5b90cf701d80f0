"""I-12: the public directory of connected schools."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql

from identity.registry.queries import directory
from identity.registry.tables import schools
from shared.ops.ids import new_id

URL = "/api/identity/v1/schools"


async def connect(identity, *named):
    rows = [
        {
            "school_id": new_id(),
            "source_id": f"org-{number}",
            "name": name,
            "city": city,
            "time_zone": "Europe/Moscow",
            "opened_at": identity.database.clock(),
        }
        for number, (city, name) in enumerate(named)
    ]
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(insert(schools), rows)


async def found(identity, **asked):
    answer = await identity.http.get(URL, params=asked)
    assert answer.status_code == 200, answer.text
    return [(item["city"], item["name"]) for item in answer.json()["items"]]


@pytest.fixture
async def connected(identity):
    await connect(
        identity,
        ("Москва", "Школа № 57"),
        ("Москва", "Школа № 2048"),
        ("Королёв", "Гимназия «Звёздная»"),
        ("Санкт-Петербург", "Лицей № 239"),
        ("Москва", "Школа 100%_настоящая"),
    )


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"name": "57"}, ["Школа № 57"]),
        ({"name": "2048"}, ["Школа № 2048"]),
        ({"name": "ЗВЕЗДНАЯ"}, ["Гимназия «Звёздная»"]),
        ({"name": "гимназия звёзд"}, ["Гимназия «Звёздная»"]),
        ({"city": "королев"}, ["Гимназия «Звёздная»"]),
        ({"city": "санкт"}, ["Лицей № 239"]),
        ({"city": "петербург"}, []),
        ({"city": "москва", "name": "школа №"}, ["Школа № 2048", "Школа № 57"]),
        ({"name": "%"}, ["Школа 100%_настоящая"]),
        ({"name": "0_н"}, []),
        ({"name": "\0"}, ["Гимназия «Звёздная»", "Школа 100%_настоящая", "Школа № 2048", "Школа № 57", "Лицей № 239"]),
    ],
)
async def test_i_12_search_by_city_and_name(identity, connected, asked, names):
    assert [name for _, name in await found(identity, **asked)] == names


async def test_i_12_only_name_and_city_and_no_sign_in(identity, connected):
    answer = await identity.http.get(URL, params={"name": "239"})
    assert [set(item) for item in answer.json()["items"]] == [{"school_id", "name", "city"}]


async def test_i_12_pages_meet_without_gap_or_double(identity):
    await connect(identity, *((f"Город {n % 3}", f"Школа № {n}") for n in range(23)))
    seen, after = [], None
    while True:
        page = (await identity.http.get(URL, params={"limit": 5} | ({"after": after} if after else {}))).json()
        seen += [(item["city"], item["name"]) for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == 23
    assert seen == sorted(seen)


async def test_a_foreign_cursor_is_refused(identity, problem):
    answer = await identity.http.get(URL, params={"after": "nonsense"})
    assert (answer.status_code, problem(answer)["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("city", "name", "index"),
    [
        (None, "2048", "ix_schools_searched_name"),
        ("Город 7", None, "ix_schools_directory"),
        (None, None, "ix_schools_directory"),
    ],
)
async def test_i_12_search_goes_by_an_index(identity, city, name, index):
    """On 20,000 schools, as PostgreSQL itself chooses."""
    async with identity.database.engine.connect() as connection:
        await connection.execute(
            text(
                """
                INSERT INTO schools (school_id, source_id, name, city, time_zone, opened_at)
                SELECT gen_random_uuid(), 's' || n, 'Школа № ' || n, 'Город ' || n % 300, 'Europe/Moscow', now()
                FROM generate_series(1, 20000) n
                """
            )
        )
        await connection.execute(text("ANALYZE schools"))
        # The mark of asyncpg's parameters would double every per cent sign of the pattern.
        statement = directory(city, name, None, 50).compile(
            dialect=postgresql.dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}
        )
        plan = "\n".join((await connection.exec_driver_sql(f"EXPLAIN {statement}")).scalars())
        await connection.rollback()
    assert index in plan, plan
    assert "Seq Scan" not in plan
