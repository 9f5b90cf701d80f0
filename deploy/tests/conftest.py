"""One private town with the demo school, for all tests that look at the town from outside.

Whoever stops or kills something in it starts it again and waits with `quiet` until all is through.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.localstack import rabbitmq_files
from shared.localstack.containers import engine_answers
from town.collector import Collector
from town.demo_school.people import KnownPerson
from town.people import Person
from town.story import Story, Told
from town.up import Town
from town.up.demo import load_demo_school, this_week


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Takes the spans of all processes of the town."""
    with Collector() as listening:
        yield listening


@pytest.fixture
def spans(town, collector) -> Callable[[], bytes]:
    """Every span that has left a process so far, as OTLP has it."""
    return collector.received


@pytest.fixture(scope="session")
def town(pytestconfig, collector) -> Iterator[Town]:
    """Always on servers of its own, never on given ones: RabbitMQ is killed here, and databases are dropped."""
    if rabbitmq_files.find() is None and os.geteuid() != 0 and not engine_answers():
        pytest.skip("RabbitMQ is not installed and only root could install it; these tests need a town of their own")
    home, lock = _slot(pytestconfig.rootpath / ".local" / "towns")
    with pytest.MonkeyPatch.context() as patch:
        for given in ("ZVONOK_POSTGRES_URL", "ZVONOK_RABBITMQ_URL", "ZVONOK_RABBITMQ_MANAGEMENT_URL"):
            patch.delenv(given, raising=False)
        patch.setenv("ZVONOK_OTLP_ENDPOINT", collector.url)
        if home.exists():
            Town(home).clean()  # a run that was killed left its town here
        with Town.start(home, durable=False) as started:
            load_demo_school(started, lambda _ru, _en: None, marks=0)
            yield started
    os.close(lock)


@pytest.fixture(scope="session")
def week() -> str:
    """The ISO week that the demo school is in session in."""
    return this_week()


@pytest.fixture(scope="session")
def told(town, week) -> Told:
    """What the whole story found, played once."""
    return Story(town.base_url, town.mail_url, lambda _ru, _en, _seconds: None, week).play()


@pytest.fixture(scope="session")
def person(town) -> Iterator[Callable[[KnownPerson], Person]]:
    """Somebody of the known people, signed in once a run: signing in costs what a password hash must cost."""
    signed_in: dict[str, Person] = {}

    def sign_in(known: KnownPerson) -> Person:
        if known.login not in signed_in:
            signed_in[known.login] = Person(town.base_url, known)
        return signed_in[known.login]

    yield sign_in
    for one in signed_in.values():
        one.__exit__(None, None, None)


def _slot(folder: Path) -> tuple[Path, int]:
    """A home that no other run uses now."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100):
        lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return folder / str(number), lock
    raise OSError(f"a hundred runs at once in {folder}")
