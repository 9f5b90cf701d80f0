"""The OpenAPI documents of the running town are valid and keep their word about errors."""

import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from town.up import SERVICES

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module", params=SERVICES)
def paper(request, town) -> tuple[str, dict[str, Any], dict[str, dict[str, Any]]]:
    """(service, OpenAPI document, published error codes)."""
    service = request.param
    base = town.base_url(service)
    document = httpx.get(f"{base}/openapi.json", timeout=20, trust_env=False).json()
    errors = httpx.get(f"{base}/api/{service}/v1/errors", timeout=20, trust_env=False).json()["items"]
    return service, document, {error["code"]: error for error in errors}


def _operations(document: dict[str, Any]):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS, (path, method)
            yield path, method, operation


def _everything(node: Any):
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _everything(value)
    elif isinstance(node, list):
        for value in node:
            yield from _everything(value)


def test_the_document_is_whole(paper) -> None:
    service, document, _ = paper
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"]
    operations = list(_operations(document))
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(set(ids)) == len(ids) >= 2
    for path, method, operation in operations:
        named = set(re.findall(r"{(\w+)}", path))
        given = [(one["in"], one["name"]) for one in operation.get("parameters", [])]
        assert {name for place, name in given if place == "path"} == named, path
        assert len(set(given)) == len(given), (method, path)
        assert any(status.startswith(("2", "3")) for status in operation["responses"]), (method, path)
        assert operation.get("summary") or operation.get("description"), (method, path)
    assert any(path.startswith(f"/api/{service}/v1/") for path, _, _ in operations)


def test_every_schema_is_a_json_schema_and_every_reference_leads_somewhere(paper) -> None:
    _, document, _ = paper
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for node in _everything(document):
        if isinstance(node.get("schema"), dict):
            Draft202012Validator.check_schema(node["schema"])
        if isinstance(reference := node.get("$ref"), str):
            target: Any = document
            for step in reference.removeprefix("#/").split("/"):
                assert step in target, reference
                target = target[step]


def test_every_documented_error_code_is_published_with_its_status(paper) -> None:
    _, document, published = paper
    for path, method, operation in _operations(document):
        for status, response in operation["responses"].items():
            if not status.startswith(("4", "5")):
                continue
            assert "application/problem+json" in response["content"], (method, path, status)
            for code in re.findall(r"`([a-z][a-z0-9_]+)`", response["description"]):
                assert code in published, (method, path, code)
                assert str(published[code]["status"]) == status, (method, path, code)


def test_published_errors_speak_both_languages(paper) -> None:
    _, _, published = paper
    assert {"token_missing", "validation_failed", "malformed_json", "route_not_found"} <= set(published)
    for error in published.values():
        assert 400 <= error["status"] < 600
        assert error["title"]["ru"]
        assert error["title"]["en"]
        assert error["title"]["ru"] != error["title"]["en"]


def test_secured_operations_say_so(paper) -> None:
    _, document, _ = paper
    for path, method, operation in _operations(document):
        assert ("401" in operation["responses"]) >= bool(operation.get("security")), (method, path)
