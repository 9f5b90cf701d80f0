"""One wording, and what it becomes when it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.templates.variables import Kind
from shared.http.texts import Text


@dataclass(frozen=True, slots=True)
class Template:
    """One version of the wording of one kind of notice. `title` is also the subject of a mail."""

    kind: str
    version: int
    variables: Mapping[str, Kind]
    """Every variable that the texts name, and no other."""
    sample: Mapping[str, object]
    """For previews and tests: values as they stand in events."""
    title: Text
    text: Text
    sms: Text | None = None
    """What stands in an SMS, for kinds that go by SMS: short, and readable on a locked screen by anybody."""
    secret: tuple[str, ...] = ()
    """Variables that are opened from a sealed value in the moment of sending, and stored nowhere."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A template, filled in, in one language."""

    title: str
    text: str
    sms: str | None
