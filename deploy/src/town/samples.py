"""A golden sample of an event, made once from its JSON Schema and then kept for ever.

Every later version of a contract, and every consumer, must still read it.
"""

import re
from typing import Any
from uuid import UUID

from shared.contracts import Envelope, Event, find

SAMPLE_ID = UUID("01990000-0000-7000-8000-000000000001")
CANDIDATES = ("5", "0" * 64, "26-000001-5", "access", "2026-W48", "пример", "sample-of-a-sealed-value")
"""Strings that fit the patterns of the contracts; the first that fits is taken."""
FORMATS = {
    "uuid": str(SAMPLE_ID),
    "date": "2026-11-23",
    "date-time": "2026-11-23T08:30:00Z",
}


def sample(event: type[Event]) -> dict[str, Any]:
    """An envelope around an example payload, with every field filled.

    Raises:
        ValueError: a field has a shape that this function does not know; teach it.
    """
    schema = event.model_json_schema()
    data = _value(schema, schema.get("$defs", {}))
    made = event.model_validate(data)
    return {
        "specversion": "1.0",
        "id": str(SAMPLE_ID),
        "source": f"/{event.producer}",
        "type": event.type,
        "subject": str(made.stream_id),
        "time": FORMATS["date-time"],
        "partitionkey": f"{event.stream}:{made.stream_id}",
        "sequence": 1,
        "correlationid": str(SAMPLE_ID),
        "datacontenttype": "application/json",
        "data": data,
    }


def read(envelope: bytes) -> Event:
    """Read a sample with today's code."""
    parsed = Envelope.parse(envelope)
    event_class = find(parsed.type)
    if event_class is None:
        raise ValueError(f"{parsed.type} is no longer known")
    return event_class.model_validate(parsed.data)


def incompatible(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a new schema of the same version breaks: inside a version only optional fields may be added."""
    faults: list[str] = []
    _compare(old, new, old.get("$defs", {}), new.get("$defs", {}), "data", faults)
    return faults


def _compare(  # the pair of schemas, their definitions, the place, what was found
    old: dict[str, Any], new: dict[str, Any], olds: Any, news: Any, place: str, faults: list[str]
) -> None:
    old, new = _resolved(old, olds), _resolved(new, news)
    if "properties" in old:
        for name, field in old["properties"].items():
            if name not in new.get("properties", {}):
                faults.append(f"{place}.{name} is gone")
            else:
                _compare(field, new["properties"][name], olds, news, f"{place}.{name}", faults)
        was, now = set(old.get("required", ())), set(new.get("required", ()))
        faults += [f"{place}.{name} was always there and now need not be" for name in sorted(was - now)]
        faults += [f"{place}.{name} is required now: old events lack it" for name in sorted(now - was)]
        return
    if "items" in old and "items" in new:
        _compare(old["items"], new["items"], olds, news, f"{place}[]", faults)
        return
    if "enum" in old and "enum" in new:
        if gone := set(old["enum"]) - set(new["enum"]):
            faults.append(f"{place} no longer allows {sorted(gone)}")
        return
    told = {"title", "description", "default"}
    if {k: v for k, v in old.items() if k not in told} != {k: v for k, v in new.items() if k not in told}:
        faults.append(f"{place} has another shape")


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _value(  # noqa: C901, PLR0911 -- one case a shape
    schema: dict[str, Any], definitions: dict[str, Any]
) -> Any:
    schema = _resolved(schema, definitions)
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {name: _value(field, definitions) for name, field in schema["properties"].items()}
        case "object":
            return {"notifications": _value(schema["additionalProperties"], definitions)}
        case "array":
            return [_value(schema["items"], definitions)]
        case "integer" | "number":
            return int(schema.get("minimum", 1))
        case "boolean":
            return True
        case "string" if "format" in schema:
            return FORMATS[schema["format"]]
        case "string":
            return next(text for text in CANDIDATES if _fits(text, schema))
        case other:
            raise ValueError(f"no sample for {other}: {schema}")


def _fits(text: str, schema: dict[str, Any]) -> bool:
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    return shortest <= len(text) <= longest and re.search(schema.get("pattern", ""), text) is not None
