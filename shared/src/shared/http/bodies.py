"""Base of request bodies: what is not understood is refused, not ignored."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Body(BaseModel):
    """A request body or a part of one.

    Unknown fields are refused, values are not converted between types (`"4"` is not a number), texts are
    trimmed, and NUL, which PostgreSQL cannot keep, is refused.
    """

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for value in data.values():
                for text in value if isinstance(value, list) else (value,):
                    if isinstance(text, str) and "\0" in text:
                        raise PydanticCustomError("string_nul", "Text must not contain the character NUL")
        return data
