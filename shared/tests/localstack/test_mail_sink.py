"""The local mail sink takes letters and shows them."""

import os
import smtplib
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from shared.localstack import ports
from shared.localstack.runner import Planned, Runner


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str, Path]]:
    root = tmp_path_factory.mktemp("sink")
    smtp, http = ports.choose(2)
    command = (sys.executable, "-m", "shared.localstack.mail_sink", "--smtp", str(smtp), "--http", str(http))
    url = f"http://127.0.0.1:{http}"
    env = {"PATH": os.environ["PATH"]}
    planned = Planned("mail", (*command, "--keep", str(root / "mail")), env, (smtp, http), f"{url}/health/ready")
    runner = Runner(root)
    runner.start(planned)
    runner.await_ready(planned, 30)
    yield smtp, url, root / "mail"
    assert runner.stop_all(grace=10) == ["mail"]


def test_a_letter_is_shown_and_kept(sink: tuple[int, str, Path]) -> None:
    smtp, url, keep = sink
    for number in (1, 2):
        letter = EmailMessage()
        letter["From"], letter["To"] = "Звонок <no-reply@zvonok.example>", "sokolova@zvonok.example"
        letter["Subject"] = f"Обращение 26-00000{number}"
        letter.set_content("Мы получили ваше обращение <b>.")
        with smtplib.SMTP("127.0.0.1", smtp, timeout=10) as client:
            client.send_message(letter)
    found = httpx.get(f"{url}/messages", params={"to": "SOKOLOVA@zvonok.example"}).json()
    assert [letter["subject"] for letter in found] == ["Обращение 26-000002", "Обращение 26-000001"], "newest first"
    assert found[0]["text"].strip() == "Мы получили ваше обращение <b>."
    assert httpx.get(f"{url}/messages", params={"to": "other@zvonok.example"}).json() == []
    page = httpx.get(url).text
    assert "Обращение 26-000001" in page
    assert "<b>" not in page, "a letter's text is not the page's HTML"
    assert httpx.get(f"{url}/messages/1").status_code == 200
    assert httpx.get(f"{url}/messages/77").status_code == 404
    assert len(list(keep.glob("*.eml"))) == 2
    assert httpx.delete(f"{url}/messages").status_code == 204
    assert httpx.get(f"{url}/messages").json() == []
