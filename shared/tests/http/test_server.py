"""The application behind a real socket: what only the server sees."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
import uvicorn

Send = Callable[[bytes], Awaitable[bytes]]


@pytest_asyncio.fixture
async def send(app) -> AsyncIterator[Send]:
    """Sends bytes over a connection of its own and answers what comes back until it closes."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, http="h11", h11_max_incomplete_event_size=512 * 1024, ws="none"
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    running = asyncio.create_task(server._serve([listening]))
    address = listening.getsockname()

    async def exchange(request: bytes) -> bytes:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(*address)
            answer = b""
            with contextlib.suppress(ConnectionError):
                writer.write(request)
                await writer.drain()
                answer = await reader.read()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            return answer

    yield exchange
    server.should_exit = True
    await running


def parsed(answer: bytes) -> tuple[int, dict]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, answer
    return int(head.split()[1]), json.loads(body)


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [line, "Host: sample", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_a_200_kb_header_is_a_plain_431(send):
    answer = await send(request("GET /api/sample/v1/me HTTP/1.1", f"Authorization: Bearer {'a' * 200_000}"))
    status, problem = parsed(answer)
    assert (status, problem["code"]) == (431, "headers_too_large")


async def test_an_endless_header_ends_with_400(send):
    answer = await send(b"GET / HTTP/1.1\r\nX: " + b"a" * 600_000)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_a_declared_body_is_refused_before_it_comes(send):
    head = request("POST /api/sample/v1/notes HTTP/1.1", "Content-Type: application/json", "Content-Length: 9999999")
    status, problem = parsed(await send(head))
    assert (status, problem["code"]) == (413, "body_too_large")


async def test_a_chunked_body_is_refused_at_the_limit(send, bearer):
    head = request(
        "POST /api/sample/v1/notes HTTP/1.1",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        f"Authorization: {bearer['Authorization']}",
        body=b"1388\r\n" + b" " * 5000 + b"\r\n",
    )
    status, problem = parsed(await send(head))
    assert (status, problem["code"]) == (413, "body_too_large")


async def test_garbage_is_400(send):
    assert (await send(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")).startswith(b"HTTP/1.1 400")
    wrong = request("POST /api/sample/v1/notes HTTP/1.1", "Content-Length: -5", "Content-Type: application/json")
    assert (await send(wrong)).startswith(b"HTTP/1.1 400")


async def test_metrics_and_health_answer(send):
    await send(request("GET /api/sample/v1/notes/7 HTTP/1.1"))
    metrics = await send(request("GET /metrics HTTP/1.1"))
    line = 'http_requests_total{method="GET",route="/api/sample/v1/notes/{number}",status="404"}'
    assert line.encode() in metrics
    assert b"process_resident_memory_bytes" in metrics
    assert b"notes/7" not in metrics
    await send(request("GET /random/address HTTP/1.1"))
    assert b'route="unmatched"' in await send(request("GET /metrics HTTP/1.1"))
    ready = await send(request("GET /health/ready HTTP/1.1"))
    assert json.loads(ready.partition(b"\r\n\r\n")[2]) == {"status": "ok", "checks": {"database": "ok"}}
