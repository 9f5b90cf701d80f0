"""The application factory: every service answers alike because all are made here."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from shared.http.body_limit import BodyLimit
from shared.http.catalogue import error_catalogue
from shared.http.failures import handle
from shared.http.idempotency import Idempotency
from shared.http.observe import Observe
from shared.http.openapi import document_service
from shared.http.problems import Problem
from shared.ops.health import Probe, database_probe, health_routes
from shared.ops.metrics import metrics
from shared.ops.settings import ServiceSettings


def service_app(
    *,
    service: str,
    title: str,
    settings: ServiceSettings,
    open_container: Callable[[Any], AbstractAsyncContextManager[Any]],
    routers: Sequence[APIRouter],
    description: str = "",
    version: str = "1",
    probes: Callable[[Any], Mapping[str, Probe]] | None = None,
    root_routers: Sequence[APIRouter] = (),
    body_limits: Mapping[str, int] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> FastAPI:
    """Make a service's HTTP application.

    Args:
        service: `journal`; its routes stand under `/api/journal/v1`.
        title: for people, in the documentation.
        settings: handed to `open_container`.
        open_container: `Container.open`; what it yields is `app.state.container`, with the attributes
            `settings`, `database` and `tokens`.
        routers: of the rooms, without prefix.
        description: Markdown for the documentation.
        version: of the API document.
        probes: further probes of readiness, made from the container.
        root_routers: routes outside of the prefix (`/.well-known/…`).
        body_limits: pattern of a whole path → bytes, for routes that take more than `settings.max_body_bytes`.
        parameters: name → what it means wherever it stands, for the documentation.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_container(settings) as container:
            app.state.container = container
            yield

    app = FastAPI(
        title=title,
        description=description,
        version=version,
        lifespan=lifespan,
        redirect_slashes=False,
        # Our middleware makes the spans: FastAPI's would carry query strings, which may name people.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[
            Middleware(Observe),
            Middleware(BodyLimit, limit=settings.max_body_bytes, others=body_limits),
            Middleware(Idempotency),
        ],
        exception_handlers={Problem: handle, HTTPException: handle, RequestValidationError: handle},
    )
    prefix = f"/api/{service}/v1"
    for router in routers:
        app.include_router(router, prefix=prefix)
    for router in root_routers:
        app.include_router(router)
    app.include_router(error_catalogue(service), prefix=prefix)

    def ready_probes(request: Request) -> Mapping[str, Probe]:
        container = request.app.state.container
        return {"database": database_probe(container.database), **(probes(container) if probes else {})}

    app.router.routes.extend(health_routes(ready_probes))
    app.add_route("/metrics", metrics, include_in_schema=False)
    document_service(app, parameters or {})
    return app
