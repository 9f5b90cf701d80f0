"""How much home work a day may bring, and what may be attached to a task (J-23). Pure."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

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


def norm_minutes(grade: int) -> int:
    """The most that one day's home work may take in this grade."""
    return _NORM_MINUTES[grade]


def load_of(grade: int, estimates: list[int | None]) -> Load:
    """The load of one day, from the estimates of its mandatory tasks (minutes; None: not given)."""
    known = [minutes for minutes in estimates if minutes is not None]
    return Load(sum(known), norm_minutes(grade), len(estimates) - len(known))


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
