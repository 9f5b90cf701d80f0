"""Law 2: services never call each other. Any of them may be down, and all the others keep working."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from town.demo_school.people import FATHER, MOTHER, TEACHER
from town.up import SERVICES
from town.up.table import Places

from .ledger import all_settled, unsettled


def _addresses(values: dict[str, str], places: Places, service: str) -> set[tuple[str, str]]:
    """(variable, other service) for every address of another service in an environment."""
    ports = {
        port: other
        for other in SERVICES
        if other != service
        for port in (places.api_port(other), places.ops_port(other))
    }
    return {
        (name, ports[int(port)])
        for name, value in values.items()
        for port in re.findall(r"\d{4,5}", value)
        if int(port) in ports and (value == port or f":{port}" in value)
    }


def test_law_2_no_service_is_told_where_another_is(town) -> None:
    """But for the signing keys, which also proves that the search finds an address."""
    for service in SERVICES:
        told = {
            found
            for process in ("api", "worker")
            for found in _addresses(town.environment(service, process), town.places, service)
        }
        assert told == (set() if service == "identity" else {("ZVONOK_JWKS_URL", "identity")})


class Everyday:
    """What people do in each service on any day: one read and one write. Signed in before anything goes down."""

    def __init__(self, town, person, told, week) -> None:
        self.town, self.told, self.week = town, told, week
        self.teacher, self.mother, self.father = person(TEACHER), person(MOTHER), person(FATHER)
        self.father.confirm_password()  # invitations need it, and identity may be down

    def identity(self) -> None:
        assert self.mother.get("identity", "/me")["account_id"] == self.mother.account_id
        self.teacher.sign_in(TEACHER)

    def journal(self) -> None:
        assert self.mother.get("journal", f"/diaries/{self.told.pupil_id}/weeks/{self.week}")["days"]
        mark = self.told.mark
        body = {
            "pupil_id": self.told.pupil_id,
            "value": "4",
            "control_form_id": mark["control_form"]["control_form_id"],
        }
        assert self.teacher.post("journal", f"/lessons/{mark['lesson_id']}/marks", body)["mark"]["value"] == "4"

    def delegation(self) -> None:
        assert self.father.get("delegation", "/grants")["items"]
        phone = f"+7911{uuid.uuid4().int % 10_000_000:07}"
        body = {"children": [self.told.pupil_id], "phone": phone, "surname": "Никитина"}
        sent = self.father.post("delegation", "/invitations", body)["items"][0]
        self.father.post("delegation", f"/invitations/{sent['id']}/cancel")

    def notifications(self) -> None:
        item = self.mother.get("notifications", "/inbox", limit=1)["items"][0]
        assert self.mother.post("notifications", f"/inbox/{item['id']}/read")["state"] == "read"

    def support(self) -> None:
        assert self.mother.get("support", "/ticket-types")["items"]
        email = f"law2-{uuid.uuid4().hex}@zvonok.example"
        body = {"type": "access", "email": email, "subject": "Вход", "text": "Не могу войти."}
        assert self.mother.post("support", "/tickets", body)["number"]


@pytest.fixture(scope="module")
def everyday(town, person, told, week) -> Everyday:
    made = Everyday(town, person, told, week)
    # Every API has answered somebody before, so it has identity's public keys: the one thing it asks another service.
    for service in SERVICES:
        getattr(made, service)()
    return made


@contextmanager
def _down(town, service: str) -> Iterator[None]:
    """All processes of a service killed; started again at the end."""
    names = [f"{service}-api", f"{service}-worker"]
    for name in names:
        town.kill(name)
    try:
        yield
    finally:
        for name in names:
            town.runner.start(town.planned(name))
        for name in names:
            town.start_process(name)


@pytest.mark.parametrize("down", SERVICES)
async def test_law_2_any_service_may_be_down(town, everyday, down) -> None:
    await all_settled(town)
    with _down(town, down):
        with pytest.raises(httpx.TransportError):  # the control: it really is down
            getattr(everyday, down)()
        for service in SERVICES:
            if service != down:
                getattr(everyday, service)()
        behind = [one for one in await unsettled(town) if one.endswith(f" at {down}")]
        assert bool(behind) == (down == "notifications"), "only notifications listens to what was done meanwhile"
    await all_settled(town)
    getattr(everyday, down)()
