"""The HTTP application of support."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from shared.http import service_app
from shared.ops.settings import load_settings
from support.container import Container
from support.desk import api as desk
from support.settings import Settings
from support.tickets import api as tickets
from support.tickets import pages

DESCRIPTION = """
Tickets to support: filed with or without an account, read by their owner or through a signed link,
answered and moved by agents at the desk.
"""


OpenContainer = Callable[[Settings], AbstractAsyncContextManager[Container]]


def create_app(settings: Settings | None = None, open_container: OpenContainer = Container.open) -> FastAPI:
    """Make the application: `uvicorn --factory support.main:create_app`."""
    return service_app(
        service="support",
        title="Звонок: support",
        description=DESCRIPTION,
        settings=settings or load_settings(Settings),
        open_container=open_container,
        routers=[tickets.router, desk.router],
        root_routers=[pages.router],
    )
