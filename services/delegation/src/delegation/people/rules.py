"""How people are called, and who may act for a child. Pure."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shared.access import Action, Edge, Object, Relation, Rule, decide

PUPIL = "pupil"
FULL_LEVEL = 2
"""Level 1 reads a diary; level 2 also signs, excuses, invites (I-19)."""

ACT_FOR_CHILD = Action("act_for_child", (Rule(Relation.REPRESENTATIVE, on=PUPIL, level=FULL_LEVEL),))
"""Invite, see and revoke what was granted (D-1, D-9)."""

KNOW_CHILD = Action("know_child", (Rule(Relation.SELF, on=PUPIL), Rule(Relation.REPRESENTATIVE, on=PUPIL, level=1)))
"""May be told that the child exists: a refusal then says why, instead of «not found»."""


def acts_for(edges: Iterable[Edge], pupil_id: UUID, now: datetime) -> bool:
    """Whether these edges of one account make it a level-2 representative of the pupil."""
    return bool(decide(edges, ACT_FOR_CHILD, Object(PUPIL, pupil_id), now))


def knows(edges: Iterable[Edge], pupil_id: UUID, now: datetime) -> bool:
    """Whether these edges of one account open the pupil's diary at all."""
    return bool(decide(edges, KNOW_CHILD, Object(PUPIL, pupil_id), now))


def child_label(surname: str, given_name: str) -> str:
    """«Анна К.»: as much of a child's name as a stranger is shown (D-3)."""
    return f"{given_name} {surname[:1].upper()}."


def full_name(surname: str, given_name: str, patronymic: str | None) -> str:
    """«Орлова Марина Сергеевна»; a patronymic is not given to everybody."""
    return " ".join(part for part in (surname, given_name, patronymic) if part)
