"""The event story: what journal listens to has handlers, and is read as it was ever released."""

from pathlib import Path

import pytest

from journal.consumers import subscriptions
from journal.events import PUBLISHES
from shared.contracts import Envelope, Event

RELEASED = Path(__file__).parents[3] / "shared" / "tests" / "contracts" / "released"


def test_every_event_that_is_listened_to_has_a_handler() -> None:
    subscriptions.complete()


@pytest.mark.parametrize("event", subscriptions.listens, ids=lambda event: event.type)
def test_golden_samples_are_read(event: type[Event]) -> None:
    envelope = Envelope.parse((RELEASED / f"{event.type}.sample.json").read_bytes())
    assert envelope.type == event.type
    event.model_validate(envelope.data)


def test_what_is_told_is_told_of_pupils_or_classes() -> None:
    """Everything journal says about one pupil is one stream, and so is what it says about a class."""
    assert {(event.producer, event.stream) for event in PUBLISHES} <= {("journal", "pupil"), ("journal", "class")}
