"""Inside a version only additive, optional changes (messaging.md §2): every release is compared with today's code."""

import copy
import json
from pathlib import Path

import pytest

from shared.contracts import catalogue
from town.samples import incompatible, read, sample

RELEASED = Path(__file__).parent / "released"
TYPES = sorted(path.name.removesuffix(".schema.json") for path in RELEASED.glob("*.schema.json"))


@pytest.mark.parametrize("type_", TYPES)
def test_an_event_still_fits_what_was_released(type_):
    event = catalogue().get(type_)
    assert event is not None, f"{type_} was released and is gone: a breaking change is a new version beside it"
    released = json.loads((RELEASED / f"{type_}.schema.json").read_text())
    assert incompatible(released, event.model_json_schema()) == []


@pytest.mark.parametrize("type_", TYPES)
def test_every_golden_sample_is_read_by_todays_contract(type_):
    body = (RELEASED / f"{type_}.sample.json").read_bytes()
    assert read(body).type == type_


def test_every_event_has_a_released_schema_and_a_sample():
    assert set(TYPES) == set(catalogue()), "run `make docs`"


def test_negative_control_the_comparison_sees_every_breaking_change():
    released = json.loads((RELEASED / "journal.grade_posted.v1.schema.json").read_text())

    def broken(change):
        new = copy.deepcopy(released)
        change(new)
        return incompatible(released, new)

    assert broken(lambda new: new["properties"].pop("value")) == ["data.value is gone"]
    assert broken(lambda new: new["required"].remove("value"))
    assert broken(lambda new: new["required"].append("comment"))
    assert broken(lambda new: new["properties"]["value"].update(pattern="^[1-9]$"))
    assert broken(lambda new: new["$defs"]["ControlForm"]["properties"].pop("weight"))
    assert broken(lambda new: new["properties"].update(extra={"type": "string"})) == []


def test_readers_ignore_fields_that_they_do_not_know():
    envelope = sample(catalogue()["journal.grade_posted.v1"])
    envelope["data"]["added_next_year"] = {"deep": [1]}
    envelope["newextension"] = "x"
    read(json.dumps(envelope).encode())
