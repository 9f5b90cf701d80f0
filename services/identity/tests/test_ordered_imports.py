"""I-13: an import that the worker carries out, exactly once, however often the process dies."""

import asyncio
import base64
import json
import os
import signal
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from identity.school_import.tables import import_orders, import_outcomes, import_progress
from identity.school_import.work_off_imports import MOST_ATTEMPTS, purge_imports, work_off_imports

URL = "/api/identity/v1/schools/imports"
DIRECTOR = "+79000000006"
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
async def director(identity, bundle, known):
    await identity.load(bundle)
    return await identity.bearer(DIRECTOR, known.password)


async def order(identity, headers, content, **options):
    return await identity.http.post(URL, headers=headers | ASYNC, files={"bundle": ("b.zip", content)}, **options)


async def look(identity, headers, import_id):
    answer = await identity.http.get(f"{URL}/{import_id}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def work_off(identity):
    container = identity.container
    return await work_off_imports(container.database, container.keys, container.passwords)


async def rows(identity, table):
    async with identity.database.read() as session:
        return (await session.execute(select(table))).all()


async def test_i_13_ordered_shown_and_carried_out(identity, director, bundle, emitted):
    bundle.row("users.csv", "usr-pupil")["familyName"] = "Белов"
    answer = await order(identity, director, bundle.zip())
    assert answer.status_code == 202, answer.text
    assert answer.headers["preference-applied"] == "respond-async"
    import_id = answer.json()["import_id"]
    assert answer.headers["location"] == f"{URL}/{import_id}"
    assert (await look(identity, director, import_id))["state"] == "waiting"
    before = len(await emitted(identity.database))
    assert await work_off(identity) == 1
    assert await work_off(identity) == 0
    done = await look(identity, director, import_id)
    assert (done["state"], done["step"], done["done"] == done["total"]) == ("done", "write", True)
    assert done["report"]["counts"]["people"] == {"added": 0, "changed": 1, "removed": 0}
    assert len(await emitted(identity.database)) == before + 1
    (kept,) = await rows(identity, import_orders)
    assert (kept.archive, kept.data_key) == (None, None), "the bundle is gone with its key"


async def test_i_13_a_dry_run_may_be_ordered_too(identity, director, bundle, emitted):
    bundle.row("users.csv", "usr-pupil")["familyName"] = "Белов"
    import_id = (await order(identity, director, bundle.zip(), params={"dry_run": "true"})).json()["import_id"]
    before = len(await emitted(identity.database))
    await work_off(identity)
    done = await look(identity, director, import_id)
    assert (done["state"], done["report"]["counts"]["people"]["changed"]) == ("done", 1)
    assert len(await emitted(identity.database)) == before


@pytest.mark.parametrize(
    ("language", "message"), [("ru", "Это не номер телефона."), ("en", "This is not a phone number.")]
)
async def test_i_13_mistakes_are_shown_in_the_readers_language(identity, director, bundle, language, message):
    bundle.row("users.csv", "usr-other")["phone"] = "1"
    import_id = (await order(identity, director, bundle.zip())).json()["import_id"]
    await work_off(identity)
    done = await look(identity, director | {"Accept-Language": language}, import_id)
    assert (done["state"], done["count"], done["report"]) == ("refused", 1, None)
    assert [(e["file"], e["line"], e["column"], e["message"]) for e in done["errors"]] == [
        ("users.csv", 10, "phone", message)
    ]


async def test_i_13_whose_right_has_ended_meanwhile_imports_nothing(identity, director, bundle):
    bundle.row("users.csv", "usr-pupil")["familyName"] = "Белов"
    import_id = (await order(identity, director, bundle.zip())).json()["import_id"]
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(text("UPDATE staff_assignments SET released_on = valid_from WHERE role = 'director'"))
    await work_off(identity)
    assert (await look(identity, director, import_id))["state"] == "forbidden"


async def test_i_13_only_who_ordered_sees_it(identity, director, bundle, known, problem):
    import_id = (await order(identity, director, bundle.zip())).json()["import_id"]
    mother = await identity.bearer(known.mother_phone, known.password)
    answer = await identity.http.get(f"{URL}/{import_id}", headers=mother)
    assert (answer.status_code, problem(answer)["code"]) == (404, "import_not_found")
    assert (await order(identity, mother, bundle.zip())).status_code == 403


async def test_i_13_orders_do_not_pile_up(identity, director, bundle, problem):
    answers = [await order(identity, director, bundle.zip()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert problem(answers[-1])["code"] == "imports_waiting"
    assert await work_off(identity) == 3


async def test_i_13_replicas_share_the_work(identity, director, bundle):
    for _ in range(2):
        await order(identity, director, bundle.zip())
    assert sorted(await asyncio.gather(*(work_off(identity) for _ in range(3)))) in ([0, 0, 2], [0, 1, 1])
    assert len(await rows(identity, import_outcomes)) == 2


async def test_law_7_an_ordered_bundle_lies_encrypted(identity, director, bundle):
    content = bundle.zip()
    await order(identity, director, content)
    (kept,) = await rows(identity, import_orders)
    assert content[:30] not in bytes(kept.archive)
    assert b"users.csv" not in bytes(kept.archive)


_DIES = """
import asyncio, os, signal
from identity.container import Container
from identity.school_import import import_school
from identity.school_import.work_off_imports import work_off_imports
from identity.settings import Settings
from shared.ops.settings import load_settings

async def dies(merge, *_):
    await merge.tx.session.flush()
    os.kill(os.getpid(), signal.SIGKILL)

import_school.merge_duties = dies

async def main():
    async with Container.open(load_settings(Settings)) as container:
        await work_off_imports(container.database, container.keys, container.passwords)

asyncio.run(main())
"""


async def killed_while_importing(identity):
    settings = identity.container.settings
    variables = {
        "ZVONOK_DATABASE_URL": settings.database_url,
        "ZVONOK_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
        "ZVONOK_LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "ZVONOK_SIGNING_KEYS": json.dumps(settings.signing_keys),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _DIES, env=os.environ | variables)
    async with asyncio.timeout(60):
        assert await process.wait() == -signal.SIGKILL


async def test_i_13_survives_kill_9_in_the_middle_of_writing(identity, director, bundle, emitted):
    bundle.row("users.csv", "usr-pupil")["familyName"] = "Белов"
    import_id = (await order(identity, director, bundle.zip())).json()["import_id"]
    before = len(await emitted(identity.database))
    await killed_while_importing(identity)
    assert len(await emitted(identity.database)) == before, "nothing half-written"
    assert (await look(identity, director, import_id))["state"] == "running"
    async with asyncio.timeout(20):
        # PostgreSQL notices the dead client and lets go of its locks.
        while not await work_off(identity):  # noqa: ASYNC110 -- the condition lives in a database
            await asyncio.sleep(0.05)
    assert (await look(identity, director, import_id))["state"] == "done"
    assert len(await emitted(identity.database)) == before + 1, "once"
    (progress,) = await rows(identity, import_progress)
    assert progress.attempts == 2


async def test_i_13_a_bundle_that_kills_each_time_is_given_up(identity, director, bundle):
    import_id = (await order(identity, director, bundle.zip())).json()["import_id"]
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(
            import_progress.insert().values(import_id=import_id, attempts=MOST_ATTEMPTS, step="read", done=0, total=1)
        )
    assert await work_off(identity) == 1
    assert (await look(identity, director, import_id))["state"] == "failed"


async def test_old_imports_are_forgotten(identity, director, bundle):
    await order(identity, director, bundle.zip())
    await work_off(identity)
    async with identity.database.read() as session, session.begin():
        await purge_imports(session, identity.database.clock() + timedelta(days=31))
    assert await rows(identity, import_orders) == []
