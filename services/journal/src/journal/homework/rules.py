"""How much home work a day may bring, and what may be attached to a task (J-23). Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Kind = Literal["homework", "self_study"]

_NORM_MINUTES = {1: 60, 2: 90, 3: 90, 4: 120, 5: 120, 6: 150, 7: 150, 8: 150, 9: 210, 10: 210, 11: 210}
"""By grade: 1, 1.5, 2, 2.5, 3.5 hours (SanPiN 1.2.3685-21, table 6.6)."""

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""
MOST_FILES = 5
"""Of one task."""
LONGEST_FILE_NAME = 120


@dataclass(frozen=True, slots=True)
class Load:
    """What a class has to do at home for one day."""

    minutes: int
    """Of the mandatory tasks that say how long they take."""
    norm_minutes: int
    unestimated: int
    """Mandatory tasks that do not say."""

    @property
    def over(self) -> bool:
        return self.minutes > self.norm_minutes


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mandatory task as the load counts it."""

    minutes: int | None
    """None: it does not say how long it takes."""
    subject_id: UUID
    group_id: UUID | None = None
    """The part of the class that has to do it; None: all of it."""


def norm_minutes(grade: int) -> int:
    """The most that one day's home work may take in this grade."""
    return _NORM_MINUTES[grade]


def load_of(grade: int, estimates: Iterable[Estimate]) -> Load:
    """The load of one day, from its mandatory tasks.

    Nobody does the tasks of two groups of one subject: of each subject the group that has most to do counts.
    """
    subjects: dict[UUID, dict[UUID | None, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for one in estimates:
        subjects[one.subject_id][one.group_id].append(one.minutes)
    tasks: list[int | None] = []
    for of_subject in subjects.values():
        of_class: list[int | None] = of_subject.pop(None, [])
        most_to_do: list[int | None] = max(of_subject.values(), key=_weight, default=[])
        tasks += [*of_class, *most_to_do]
    known = [minutes for minutes in tasks if minutes is not None]
    return Load(sum(known), norm_minutes(grade), len(tasks) - len(known))


def _weight(minutes: list[int | None]) -> tuple[int, int]:
    return sum(filter(None, minutes)), len(minutes)


def file_name(sent: str, ending: str) -> str:
    """How a file is called for those who save it: the name it was sent with, made harmless.

    Args:
        sent: by the sender's browser; may be a path, and may hold letters that nobody sees.
        ending: that of what is inside, without the dot; the name ends so whatever it said of itself.
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rsplit("/", 1)[-1]
    # Categories C: control and format characters, which turn «fdp.exe» into «exe.pdf» for the eye.
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*')
    stem = seen.strip(". ")
    if stem.lower().endswith(f".{ending}"):
        stem = stem[: -len(ending) - 1]
    return f"{stem[:LONGEST_FILE_NAME].strip('. ') or 'файл'}.{ending}"
