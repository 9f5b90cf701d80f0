"""Law 6: the one who changes state opens the transaction: the use case, never a dependency of FastAPI.

The exit of a `yield` dependency runs after the answer was sent: a commit that failed there would have answered 200.
"""

import ast
import inspect
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from town.up import SERVICES

HOLDS_NO_TRANSACTION = {"notifications": {"_listen"}}
"""Service → what may yield all the same: a place among the listeners of a stream, for as long as the answer lasts; it
must be refused before the answer begins, and it writes nothing."""


def _app(service: str) -> FastAPI:
    settings = import_module(f"{service}.settings").Settings.model_construct()
    app: FastAPI = import_module(f"{service}.main").create_app(settings)
    return app


def _routes(app: FastAPI) -> list[APIRoute]:
    found: list[APIRoute] = []

    def walk(routes: Any) -> None:
        for route in routes:
            if isinstance(route, APIRoute):
                found.append(route)
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            if inner is not None:
                walk(inner.routes)

    walk(app.routes)
    return found


def _dependencies(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _dependencies(inner)


def _yielding(app: FastAPI) -> set[str]:
    return {
        getattr(call, "__qualname__", repr(call))
        for route in _routes(app)
        for call in _dependencies(route.dependant)
        if inspect.isasyncgenfunction(call) or inspect.isgeneratorfunction(call)
    }


@pytest.mark.parametrize("service", SERVICES)
def test_law_6_no_dependency_yields(service) -> None:
    app = _app(service)
    documented = sum(len(operations) for operations in app.openapi()["paths"].values())
    assert len([route for route in _routes(app) if route.include_in_schema]) == documented, "all routes were looked at"
    assert _yielding(app) == HOLDS_NO_TRANSACTION.get(service, set())


def test_law_6_a_yielding_dependency_would_be_found() -> None:
    async def transaction() -> AsyncIterator[int]:
        yield 1

    def session(tx: Annotated[int, Depends(transaction)]) -> int:
        return tx

    app = FastAPI()

    @app.get("/")
    async def route(tx: Annotated[int, Depends(session)]) -> int:
        return tx

    assert _yielding(app) == {f"{test_law_6_a_yielding_dependency_would_be_found.__name__}.<locals>.transaction"}


def _opens_transactions(source: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"begin", "begin_nested", "commit"}
        for node in ast.walk(ast.parse(source))
    )


def _speaks_http(source: str) -> bool:
    names = [
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return any(name.split(".")[0] in {"fastapi", "starlette"} for name in names)


@pytest.mark.parametrize("service", SERVICES)
def test_law_6_a_file_that_opens_a_transaction_knows_nothing_of_http(service) -> None:
    package = Path(str(import_module(service).__file__)).parent
    sources = {path: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    openers = [path for path, source in sources.items() if _opens_transactions(source)]
    assert openers, "the search finds use cases"
    assert [path for path in openers if _speaks_http(sources[path]) or path.name in {"api.py", "consumers.py"}] == []


def test_law_6_a_route_with_a_transaction_would_be_found() -> None:
    source = "from fastapi import Depends\nasync def route(uow):\n    async with uow.begin() as tx:\n        pass\n"
    assert _opens_transactions(source)
    assert _speaks_http(source)
