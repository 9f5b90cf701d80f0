"""Bases of answers and of request bodies: what is not understood is refused, not ignored and not guessed at."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_STRICT = frozenset({"int", "float", "bool"})
_WRITTEN = frozenset({"date", "time", "datetime", "timedelta"})


def _harden(schema: Any) -> Any:
    if isinstance(schema, dict):
        hardened = {name: _harden(value) for name, value in schema.items()}
        kind = schema.get("type")
        if not isinstance(kind, str):
            return hardened  # not a schema, but the fields of one: a field may be called «type»
        if kind in _STRICT:
            return {**hardened, "strict": True}
        if kind in _WRITTEN and "schema" not in hardened:
            return core_schema.no_info_before_validator_function(_written(kind), hardened)
        return hardened
    if isinstance(schema, list | tuple):
        return type(schema)(_harden(item) for item in schema)
    return schema


def _written(kind: str) -> Any:
    def refuse_numbers(value: Any) -> Any:
        if isinstance(value, int | float):
            raise PydanticCustomError(f"{kind}_type", "Must be text")
        return value

    return refuse_numbers


class Answer(BaseModel):
    """An answer or a part of one: its fields are described in the documentation by what stands beneath them."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Body(BaseModel):
    """A request body or a part of one.

    Unknown fields are refused; numbers and booleans are taken as such only (`"4"` and `true` are not a
    number), dates and times as text only (5 is not a day of 1970). Texts are trimmed, and NUL, which
    PostgreSQL cannot keep, is refused.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        frozen=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Pydantic's own strict mode would refuse UUIDs and dates too: FastAPI hands over parsed JSON.
        hardened: CoreSchema = _harden(handler(source))
        return hardened

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for value in data.values():
                for text in value if isinstance(value, list) else (value,):
                    if isinstance(text, str) and "\0" in text:
                        raise PydanticCustomError("string_nul", "Text must not contain the character NUL")
        return data
