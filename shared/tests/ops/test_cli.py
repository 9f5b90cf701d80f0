"""Every service has the same command."""

import json
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager
from types import ModuleType

import pytest
from fastapi import APIRouter, FastAPI
from typer.testing import CliRunner

from shared.http import service_app
from shared.ops.cli import service_cli
from shared.ops.settings import ServiceSettings


@asynccontextmanager
async def never_opened(_settings):
    raise AssertionError("the document is made without a database")
    yield


def create_app(settings: ServiceSettings) -> FastAPI:
    router = APIRouter()

    @router.get("/things")
    async def things() -> list[str]:
        return []

    return service_app(
        service="sample", title="Sample", settings=settings, open_container=never_opened, routers=[router]
    )


@pytest.fixture
def package(monkeypatch) -> Iterator[str]:
    modules = {
        "sample_service": {},
        "sample_service.settings": {"Settings": ServiceSettings},
        "sample_service.main": {"create_app": create_app},
    }
    for name, members in modules.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    for variable in ("ZVONOK_DATABASE_URL",):
        monkeypatch.delenv(variable, raising=False)
    return "sample_service"


def test_openapi_is_printed_without_any_settings(package):
    result = CliRunner().invoke(service_cli("sample", package=package), ["openapi"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert "/api/sample/v1/things" in document["paths"]
    assert "/api/sample/v1/errors" in document["paths"]


@pytest.mark.parametrize("command", [["api"], ["worker"], ["migrate"], ["bus", "status"]])
def test_a_missing_setting_is_said_plainly(package, command):
    result = CliRunner().invoke(service_cli("sample", package=package), command)
    assert result.exit_code == 2
    assert "ZVONOK_DATABASE_URL is missing" in result.stderr
    assert "Traceback" not in result.output


def test_help_names_the_commands(package):
    result = CliRunner().invoke(service_cli("sample", package=package), ["--help"])
    for command in ("api", "worker", "migrate", "openapi", "bus"):
        assert command in result.output
