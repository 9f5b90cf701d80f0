"""Health of a process: alive (answers at all), ready (what it stands on answers too)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.ops.metrics import metrics

Probe = Callable[[], Awaitable[None]]
"""Returns if what it looks at works, raises if not."""

PROBE_SECONDS = 2.0


def database_probe(database: Any) -> Probe:
    """Make a probe of a `shared.db.Database`."""

    async def probe() -> None:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))

    return probe


def health_routes(probes: Callable[[Request], Mapping[str, Probe]]) -> list[Route]:
    """Make `/health/live` and `/health/ready`; probes are asked for at each request."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        named = probes(request)
        states = await asyncio.gather(*(_state(probe) for probe in named.values()))
        checks = dict(zip(named, states, strict=True))
        fine = all(state == "ok" for state in states)
        return JSONResponse(
            {"status": "ok" if fine else "unavailable", "checks": checks}, status_code=200 if fine else 503
        )

    return [Route("/health/live", live), Route("/health/ready", ready)]


async def _state(probe: Probe) -> str:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await probe()
    except Exception as error:  # noqa: BLE001 - whatever a probe raises means «not ready»
        return f"failed: {type(error).__name__}"
    return "ok"


def ops_app(checks: Mapping[str, Probe], asyncapi: Mapping[str, Any] | None = None) -> Starlette:
    """Make the worker's small HTTP application: health, metrics and its AsyncAPI document."""

    async def document(_request: Request) -> Response:
        return JSONResponse(dict(asyncapi or {}))

    routes = [*health_routes(lambda _request: checks), Route("/metrics", metrics)]
    if asyncapi is not None:
        routes.append(Route("/asyncapi", document))
    return Starlette(routes=routes)
