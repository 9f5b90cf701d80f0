"""The HTTP application: `uvicorn --factory delegation.main:create_app`."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI

from delegation.container import Container
from delegation.grants.api import router as grants
from delegation.invitations.api import router as invitations
from delegation.settings import Settings
from shared.http import service_app
from shared.ops.settings import load_settings

ROUTERS = (invitations, grants)


def create_app(
    settings: Settings | None = None,
    open_container: Callable[[Any], AbstractAsyncContextManager[Container]] = Container.open,
) -> FastAPI:
    """Make the application from `settings`, or from the environment."""
    return service_app(
        service="delegation",
        title="Звонок: доверенные лица — Zvonok: trusted persons",
        description="Invitations to read a child's diary, and what came of them. Errors are RFC 9457, "
        "in Russian or English.",
        settings=settings or load_settings(Settings),
        open_container=open_container,
        routers=ROUTERS,
    )
