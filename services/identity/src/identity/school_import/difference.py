"""What differs between what is stored and what a bundle says."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Difference(Generic[K]):
    """Keys by what has to happen to them, in the order of the bundle."""

    added: tuple[K, ...]
    changed: tuple[K, ...]
    gone: tuple[K, ...]

    @property
    def to_write(self) -> tuple[K, ...]:
        return (*self.added, *self.changed)

    def count(self) -> "Counts":
        return Counts(len(self.added), len(self.changed), len(self.gone))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of one kind were (or would be) added, changed, removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def differ(known: Mapping[K, object], wanted: Mapping[K, object]) -> Difference[K]:
    """Compare two states key by key; values are compared as wholes."""
    return Difference(
        added=tuple(key for key in wanted if key not in known),
        changed=tuple(key for key in wanted if key in known and known[key] != wanted[key]),
        gone=tuple(key for key in known if key not in wanted),
    )
