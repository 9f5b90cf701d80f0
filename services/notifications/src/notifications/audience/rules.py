"""How a child is named in notices."""

from typing import Final, Literal

Circle = Literal["readers", "guardians", "named"]
"""Whom a notice is for: all who may read that section of the pupil's diary; the level-2 representatives of
the pupil (D-9); or only the accounts that the event names."""

FAMILY: Final = ("self", "representative", "trusted")
"""Relations of those who are told about a pupil; staff see marks in the journal."""


def child_label(given_name: str, surname: str) -> str:
    """«Анна К.»: enough to tell siblings apart, too little for a stranger who looks over the shoulder (N-10)."""
    return f"{given_name} {surname[0].upper()}."
