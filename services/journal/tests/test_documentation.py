"""What a frontend reads instead of our code: each parameter and each field that we explain is explained there."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from journal.main import create_app
from journal.settings import Settings
from shared.http import Answer, Body, Page


@pytest.fixture(scope="module")
def documentation() -> Any:
    return create_app(Settings.model_construct()).openapi()


def test_each_parameter_says_what_it_is(documentation: Any) -> None:
    silent = {
        (path, parameter["name"])
        for path, operations in documentation["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    }
    assert not silent


def test_what_stands_beneath_a_field_stands_in_the_documentation(documentation: Any) -> None:
    """J-12: for example, that an average is null while no mark has a number."""
    schemas = documentation["components"]["schemas"]
    assert schemas["OutlookOut"]["properties"]["trend"]["description"] == "Null while there are fewer than six marks."
    assert schemas["ColumnOut"]["properties"]["revision"]["description"] == "Of the page; null if nothing was changed."


def test_models_of_routes_are_answers_or_bodies() -> None:
    """Only these take their descriptions from where the fields stand."""

    def all_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
        for one in model.__subclasses__():
            yield one
            yield from all_of(one)

    ours = {one for one in all_of(BaseModel) if one.__module__.startswith("journal.") and not issubclass(one, Settings)}
    assert len(ours) > 100
    assert {one.__name__ for one in ours if not issubclass(one, (Answer, Body, Page))} == set()
