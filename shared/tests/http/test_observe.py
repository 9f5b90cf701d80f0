"""What is seen of a request: ids, traces, one log line, no personal data."""

from uuid import UUID

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from shared.ops.correlation import correlation_id

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("shared.http.observe.tracer", lambda: provider.get_tracer("test"))
    return exporter


async def test_a_span_continues_the_callers_trace_and_is_named_by_the_route(client, spans):
    await client.get("/notes/7?phone=89001234567", headers={"traceparent": TRACEPARENT})
    (span,) = spans.get_finished_spans()
    assert span.name == "GET /api/sample/v1/notes/{number}"
    assert trace.format_trace_id(span.context.trace_id) == TRACEPARENT.split("-")[1]
    assert trace.format_span_id(span.parent.span_id) == TRACEPARENT.split("-")[2]
    assert span.attributes == {"http.route": "/api/sample/v1/notes/{number}", "http.response.status_code": 404}


async def test_a_defect_marks_the_span(client, spans):
    await client.get("/broken")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is trace.StatusCode.ERROR


async def test_one_line_a_request_without_its_query(client):
    with capture_logs() as lines:
        await client.get("/notes/7", params={"phone": "89001234567"})
        await client.get("http://sample/health/live")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/sample/v1/notes/7", 404)
    assert "89001234567" not in str(lines)


async def test_the_request_id_becomes_the_correlation_of_events(client, container, bearer):
    """Messaging §2: `correlationid` is the request's id."""
    given = UUID(int=0x0192F0AA000070008000000000000000)
    seen = []

    async def look() -> None:
        seen.append(correlation_id.get())

    container.hooks["in_transaction"] = look
    await client.post("/notes", json={"text": "x"}, headers={**bearer, "X-Request-ID": str(given)})
    await client.post("/notes", json={"text": "x"}, headers={**bearer, "X-Request-ID": "../../etc"})
    assert seen[0] == given
    assert isinstance(seen[1], UUID)
    assert seen[1] != given
    assert correlation_id.get() is None
