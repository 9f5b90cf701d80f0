"""OpenAPI: every error is the problem document; protected routes say so; unsafe ones take Idempotency-Key."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from shared.http.problems import MEDIA_TYPE, FieldError, ProblemDocument

_REF = "#/components/schemas/{model}"
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ALWAYS = {
    "401": "`token_missing`, `token_invalid`, `token_expired`",
    "422": "`validation_failed`",
    "503": "`temporarily_unavailable`",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again within 24 h with the same body, the request is carried out once and answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_OF_IDEMPOTENCY = {
    "400": "`idempotency_key_invalid`",
    "409": "`idempotency_in_progress`, `idempotency_answer_lost`",
    "422": "`idempotency_key_reused`",
}
_OF_PAGING = {"400": "`invalid_cursor`"}
_OF_BODIES = {"400": "`malformed_json`, `malformed_form`", "413": "`body_too_large`", "415": "`unsupported_media_type`"}
_UNSAFE = frozenset({"post", "put", "patch", "delete"})


def document_service(app: FastAPI, parameters: Mapping[str, str]) -> None:
    """Replace the application's OpenAPI document by one that tells the truth about errors.

    Args:
        app: of the service.
        parameters: name → what it means wherever it stands, for those that say nothing of themselves.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _corrected(
                get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes),
                parameters,
            )
        return app.openapi_schema

    # FastAPI's documented way of replacing the document.
    app.openapi = openapi  # type: ignore[method-assign]


def _corrected(document: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    _, made = models_json_schema([(ProblemDocument, "serialization"), (FieldError, "serialization")], ref_template=_REF)
    for schema in made["$defs"].values():
        schemas[schema["title"]] = schema
    for path in document["paths"].values():
        for method, operation in path.items():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in parameters:
                    parameter.setdefault("description", parameters[parameter["name"]])
            _correct(operation, unsafe=method in _UNSAFE)
    _say_local_times(schemas)
    return document


def _say_local_times(part: Any) -> None:
    """A `time` of JSON Schema has an offset from UTC; times of a school's day are local and have none."""
    if isinstance(part, dict):
        if part.get("format") == "time":
            part["format"] = "time-local"
        for value in part.values():
            _say_local_times(value)
    elif isinstance(part, list):
        for value in part:
            _say_local_times(value)


def _correct(operation: dict[str, Any], *, unsafe: bool) -> None:
    responses = operation.setdefault("responses", {})
    for status, text in _ALWAYS.items():
        if status == "401" and not operation.get("security"):
            continue
        if status in responses and responses[status].get("description", "") not in {"", "Validation Error"}:
            responses[status]["description"] += f"; {text}"
        elif status != "422" or status in responses:
            responses[status] = {"description": text}
    _add_what_all_answer(operation, responses, unsafe=unsafe)
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            response["content"] = _PROBLEM
    if unsafe:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)


def _add_what_all_answer(operation: dict[str, Any], responses: dict[str, Any], *, unsafe: bool) -> None:
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if {"after", "limit"} <= names:
        _add(responses, _OF_PAGING)
    if "requestBody" in operation:
        _add(responses, _OF_BODIES)
    if unsafe:
        _add(responses, _OF_IDEMPOTENCY)


def _add(responses: dict[str, Any], texts: dict[str, str]) -> None:
    for status, text in texts.items():
        said = responses.get(status, {}).get("description")
        responses[status] = {"description": f"{said}; {text}" if said else text}
