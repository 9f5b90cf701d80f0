"""Law 7: P3 and P4 never stand in a log."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import pytest
import structlog

from shared.ops.logging import configure_logging
from shared.ops.redaction import mask, redact
from shared.ops.tracing import configure_tracing, current_traceparent, span_from

SECRETS = ("+7 900 123-45-67", "89001234567", "112-233-445 95", "11223344595", "мама@zvonok.example", "hunter2")


@contextmanager
def logging_to(stream: io.StringIO) -> Iterator[None]:
    """Logs configured as in a process, then put back."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    with redirect_stdout(stream):
        configure_logging("journal", "api")
    try:
        yield
    finally:
        root.handlers, root.level = handlers, level
        structlog.configure(**before)  # that of all other tests, not the library's own


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call +7 (900) 123-45-67 now", "call *** now"),
        ("call +79001234567", "call ***"),
        ("8 900 123 45 67", "***"),
        ("snils 112-233-445 95.", "snils ***."),
        ("11223344595", "***"),
        ("to anna.k+x@mail.zvonok.example!", "to ***!"),
        ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "***"),
        ("0192f0aa-1234-7000-8000-123456789012", "0192f0aa-1234-7000-8000-123456789012"),
        ("took 1234.5 ms, 600 rows, 2026-11-23T12:00:00Z", "took 1234.5 ms, 600 rows, 2026-11-23T12:00:00Z"),
    ],
)
def test_what_looks_personal_is_masked(text, expected):
    assert mask(text) == expected


def test_keys_hide_their_values_at_any_depth():
    hidden = redact({"person": [{"Phone": 7, "name_id": 1}], "Authorization": "x", "access_token": "y"})
    assert hidden == {"person": [{"Phone": "***", "name_id": 1}], "Authorization": "***", "access_token": "***"}


def test_lines_are_json_and_carry_no_secret():
    stream = io.StringIO()
    configure_tracing("journal", "api")
    with (
        logging_to(stream),
        structlog.contextvars.bound_contextvars(request_id="r-1"),
        span_from(None, "test"),
    ):
        structlog.get_logger("room").info(
            "signed_in", login=SECRETS[0], password="hunter2", nested={"snils": SECRETS[2], "note": SECRETS[4]}
        )
        logging.getLogger("library").warning("sent to %s", SECRETS[4], extra={"token": "hunter2"})
        try:
            int(f"duplicate key (phone)=({SECRETS[1]}) {SECRETS[3]}")
        except ValueError:
            structlog.get_logger("room").exception("failed")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["signed_in", "sent to ***", "failed"]
    for line in lines:
        assert (line["service"], line["process"], line["request_id"]) == ("journal", "api", "r-1")
        assert len(line["trace_id"]) == 32
        assert line["timestamp"].endswith("Z")
    assert "ValueError" in lines[2]["exception"]
    written = json.dumps(lines, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in written]


def test_a_trace_goes_on_from_elsewhere():
    configure_tracing("journal", "worker")
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert current_traceparent() is None
    with span_from(given, "handle", event="GradePosted"):
        inside = current_traceparent()
    assert inside is not None
    assert inside.split("-")[1] == given.split("-")[1]
    assert inside.split("-")[2] != given.split("-")[2]
    with span_from("garbage", "handle"):
        assert current_traceparent() is not None
