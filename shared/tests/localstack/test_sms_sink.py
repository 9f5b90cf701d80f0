"""The local SMS gateway takes messages and shows them."""

import os
import sys
from collections.abc import Iterator

import httpx
import pytest

from shared.localstack import ports
from shared.localstack.runner import Planned, Runner


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    (http,) = ports.choose(1)
    command = (sys.executable, "-m", "shared.localstack.sms_sink", "--http", str(http))
    url = f"http://127.0.0.1:{http}"
    planned = Planned("sms", command, {"PATH": os.environ["PATH"]}, (http,), f"{url}/health/ready")
    runner = Runner(tmp_path_factory.mktemp("sms"))
    runner.start(planned)
    runner.await_ready(planned, 30)
    yield url
    assert runner.stop_all(grace=10) == ["sms"]


def sms(number: int, to: str = "+79000000001") -> dict[str, str]:
    return {"to": to, "text": f"Код 12345{number} <b>", "reference": f"r{number}"}


def test_a_message_is_kept_once_for_each_reference(gateway: str) -> None:
    with httpx.Client(base_url=gateway, trust_env=False) as client:
        for sent in (sms(1), sms(2), sms(2), sms(3, to="+79000000003")):
            assert client.post("/messages", json=sent).status_code == 202
        found = client.get("/messages?to=%2B79000000001").json()
        assert [(one["text"], one["times"]) for one in found] == [("Код 123452 <b>", 2), ("Код 123451 <b>", 1)]
        assert len(client.get("/messages", params={"to": "79000000003"}).json()) == 1
        page = client.get("/").text
        assert "Код 123451" in page
        assert "<b>" not in page, "a message's text is not the page's HTML"
        assert client.post("/messages", json=sms(4, to="8 900")).status_code == 422
        assert client.delete("/messages").status_code == 204
        assert client.get("/messages").json() == []


def test_it_answers_as_it_was_told(gateway: str) -> None:
    told = [{"status": 429, "retry_after": 7}, {"status": 500, "keep": True}]
    with httpx.Client(base_url=gateway, trust_env=False) as client:
        assert client.post("/answers", json=told).status_code == 204
        busy = client.post("/messages", json=sms(5))
        assert (busy.status_code, busy.headers["Retry-After"]) == (429, "7")
        assert client.get("/messages").json() == []
        assert client.post("/messages", json=sms(6)).status_code == 500
        assert [one["reference"] for one in client.get("/messages").json()] == ["r6"]
        assert client.post("/messages", json=sms(6)).status_code == 202
        assert client.get("/messages").json()[0]["times"] == 2
