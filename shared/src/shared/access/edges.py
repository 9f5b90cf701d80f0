"""An edge: one account stands in one relation to one object, for a time, said by one source."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Relation(StrEnum):
    """How an account stands to an object (J-1)."""

    SELF = "self"
    REPRESENTATIVE = "representative"
    TRUSTED = "trusted"
    SUBJECT_TEACHER = "subject_teacher"
    CLASS_TEACHER = "class_teacher"
    DEPUTY = "deputy"
    DIRECTOR = "director"
    SCHOOL_ADMINISTRATOR = "school_administrator"
    AGENT = "agent"


class EdgeState(StrEnum):
    """An ended edge stays as a tombstone, so that a late grant cannot revive it."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Edge:
    """Who said it (`source`, `edge_id`), who, what, how far, and since which version."""

    source: str
    """The service that said it: `identity`, `delegation`."""
    edge_id: str
    """The source's own id of it: a binding, an assignment, `<grant>:<pupil>`."""
    account_id: UUID
    relation: Relation
    object_type: str
    """`pupil`, `class`, `school` …"""
    object_id: UUID
    version: int
    """Counted by the source; only a higher one replaces what is known."""
    school_id: UUID | None = None
    scope: frozenset[str] = frozenset()
    """What of the object: sections of a diary for a trusted person, subject ids for a subject teacher."""
    level: int = 0
    """1 reads, 2 also signs, excuses, invites (I-19); 0 where the relation has no levels."""
    valid_from: datetime | None = None
    """From this instant on; None: always was."""
    valid_until: datetime | None = None
    """Up to and without this instant; None: until revoked."""
    state: EdgeState = EdgeState.ACTIVE

    def in_force(self, now: datetime) -> bool:
        """Tell whether the edge counts at an instant."""
        return (
            self.state is EdgeState.ACTIVE
            and (self.valid_from is None or self.valid_from <= now)
            and (self.valid_until is None or now < self.valid_until)
        )
