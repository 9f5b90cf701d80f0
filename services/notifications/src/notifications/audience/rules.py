"""Whom a notice is for, and how a child is named in it."""

from typing import Final, Literal
from zoneinfo import ZoneInfo

from shared.http.texts import Language

Circle = Literal["readers", "guardians", "pupils", "families", "both", "named"]
"""Whom a notice is for: all who may read that section of the pupil's diary; the level-2 representatives of
the pupil (D-9); the pupil, the representatives or both, but no trusted person (J-26); or only the accounts that the
event names."""

FAMILY: Final = ("self", "representative", "trusted")
"""Relations of those who are told about a pupil; staff see marks in the journal."""

BEFORE_IT_IS_TOLD: Final = ZoneInfo("Europe/Moscow")
"""The time zone of a school that is not known yet."""

UNKNOWN_CHILD: Final[dict[Language, str]] = {"ru": "Ребёнок", "en": "The child"}
"""How a child is named while nobody has told what it is called."""


def child_label(given_name: str, surname: str) -> str:
    """«Анна К.»: enough to tell siblings apart, too little for a stranger who looks over the shoulder (N-10)."""
    return f"{given_name} {surname[0].upper()}."
