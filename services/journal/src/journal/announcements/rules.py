"""Whom an announcement is for (J-26). Pure."""

from typing import Literal

from shared.access import Relation

Audience = Literal["pupils", "families", "both"]

_LISTENERS: dict[Relation, frozenset[Audience]] = {
    Relation.SELF: frozenset({"pupils", "both"}),
    Relation.REPRESENTATIVE: frozenset({"families", "both"}),
}
"""Trusted persons read the sections of a diary that they were granted, and nothing else (D-7)."""


def audiences_of(relation: Relation) -> frozenset[Audience]:
    """Which announcements somebody in this relation to a pupil reads."""
    return _LISTENERS.get(relation, frozenset())
