import asyncio

import httpx
import pytest

from shared.ops import health
from shared.ops.health import ops_app


async def fine() -> None:
    return


async def refused() -> None:
    raise ConnectionRefusedError


async def hanging() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("probe", "status", "state"),
    [(fine, 200, "ok"), (refused, 503, "failed: ConnectionRefusedError"), (hanging, 503, "failed: TimeoutError")],
)
async def test_a_worker_says_what_it_stands_on(monkeypatch, probe, status, state):
    monkeypatch.setattr(health, "PROBE_SECONDS", 0.05)
    app = ops_app({"database": fine, "rabbitmq": probe}, asyncapi={"asyncapi": "3.0.0"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://worker") as client:
        assert (await client.get("/health/live")).json() == {"status": "ok"}
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]) == (status, {"database": "ok", "rabbitmq": state})
        assert (await client.get("/asyncapi")).json() == {"asyncapi": "3.0.0"}
        assert "text/plain" in (await client.get("/metrics")).headers["content-type"]
