"""What people read about a wrong field, each in one language and as they would say it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.http.validation import field_errors


class Form(BaseModel):
    value: Literal["2", "н/а", "осв"] = "2"
    reason: Annotated[str, Field(min_length=1, max_length=21)] = "-"
    rows: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]


@pytest.mark.parametrize(
    ("form", "russian", "english"),
    [
        ({"value": "7"}, "Допустимые значения: '2', 'н/а' или 'осв'", "Allowed values: '2', 'н/а' or 'осв'"),
        ({"reason": ""}, "Заполните поле", "Must not be empty"),
        ({"reason": "x" * 22}, "Символов не больше 21", "At most 21 characters"),
        ({"rows": []}, "Список пуст", "The list is empty"),
        ({"rows": [1, 2, 3]}, "Элементов не больше 2", "At most 2 items"),
    ],
)
def test_each_language_speaks_for_itself(form: dict[str, Any], russian: str, english: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form(**form)
    errors = refused.value.errors()
    assert [one.message for one in field_errors(errors, "ru")] == [russian]
    assert [one.message for one in field_errors(errors, "en")] == [english]
