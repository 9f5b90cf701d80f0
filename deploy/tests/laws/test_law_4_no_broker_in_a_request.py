"""Law 4: the HTTP process never talks to RabbitMQ. With RabbitMQ down requests succeed, and nothing is lost."""

import subprocess
import sys

from town.demo_school.people import MOTHER, TEACHER
from town.people import until
from town.up import SERVICES

from .ledger import all_settled, unsettled

LOADED = """
import importlib, sys
for service in {services}:
    importlib.import_module(service + ".{module}")
print(*sorted({{name.split(".")[0] for name in sys.modules}} & {{"aio_pika", "aiormq", "faststream"}}))
"""


def _loaded_by(module: str) -> str:
    code = LOADED.format(services=SERVICES, module=module)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 -- ours
    return done.stdout.strip()


def test_law_4_the_http_process_does_not_even_load_a_client_of_rabbitmq() -> None:
    assert _loaded_by("main") == ""
    assert _loaded_by("worker") == "aio_pika aiormq faststream"  # the control


async def test_law_4_a_mark_is_posted_without_rabbitmq_and_arrives_when_it_is_back(town, person, told) -> None:
    teacher, mother = person(TEACHER), person(MOTHER)
    await all_settled(town)
    lesson, form = told.mark["lesson_id"], told.mark["control_form"]["control_form_id"]
    body = {"pupil_id": told.pupil_id, "value": "3", "control_form_id": form, "comment": "без брокера"}
    town.rabbitmq.kill()
    try:
        assert not town.rabbitmq.alive
        answer = teacher.ask("POST", "journal", f"/lessons/{lesson}/marks", json=body)
        assert answer.status_code == 201
        assert any("journal.grade_posted" in one for one in await unsettled(town))  # the control: it waits
    finally:
        town.rabbitmq.start()
    posted_at = answer.json()["mark"]["posted_at"]
    until(
        lambda: any(
            item["kind"] == "grade_posted" and item["occurred_at"] >= posted_at
            for item in mother.get("notifications", "/inbox", limit=5)["items"]
        ),
        "the mark in the mother's notification centre",
        seconds=60,
    )
    await all_settled(town)
