"""The HTTP application: `uvicorn --factory notifications.main:create_app`."""

from fastapi import FastAPI

from notifications.container import Container
from notifications.dispatch.api import router as why
from notifications.inbox.api import router as inbox
from notifications.inbox.stream_api import router as stream
from notifications.settings import Settings
from shared.http import service_app
from shared.ops.settings import load_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; without settings they are read from the environment."""
    return service_app(
        service="notifications",
        title="Zvonok notifications",
        description="The notification centre of families: what happened, to whom, and what can be done about it.",
        settings=settings or load_settings(Settings),
        open_container=Container.open,
        routers=[stream, inbox, why],
    )
