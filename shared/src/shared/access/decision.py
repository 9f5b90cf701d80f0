"""The one decision: may this account, by these edges, do this to that? Pure, and no unless an edge says yes.

Which relations allow an action is data of the service that has the action:

    READ_MARKS = Action("read_marks", (
        Rule(Relation.SELF, on="pupil"),
        Rule(Relation.REPRESENTATIVE, on="pupil", level=1),
        Rule(Relation.TRUSTED, on="pupil", section="marks"),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),
    ))
    decide(edges, READ_MARKS, Object("pupil", pupil_id, within=(Object("class", class_id),)), now)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.edges import Edge, Relation


@dataclass(frozen=True, slots=True)
class Object:
    """What is to be opened, what it lies within (a pupil in a class in a school), and which part of it."""

    type: str
    id: UUID
    within: "tuple[Object, ...]" = ()
    part: str | None = None
    """For rules with `same_part`: for example the subject's id."""

    def keys(self) -> frozenset[tuple[str, UUID]]:
        """Answer (type, id) of the object and of everything it lies within."""
        found = {(self.type, self.id)}
        for outer in self.within:
            found |= outer.keys()
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to be allowed."""

    relation: Relation
    on: str
    """The type of object that the edge stands on: the pupil, or the class or school it lies within."""
    level: int = 0
    """At least this level."""
    section: str | None = None
    """The edge's scope must name this section."""
    same_part: bool = False
    """The edge's scope must name the part that is asked for."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a caller wants to do and the rules that allow it; the widest relation first."""

    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and by which relation: the first rule that fits, its highest level and whole scope."""

    allowed: bool
    relation: Relation | None = None
    level: int = 0
    scope: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.allowed


_REFUSED = Decision(allowed=False)


def decide(edges: Iterable[Edge], action: Action, obj: Object, now: datetime) -> Decision:
    """Decide by the edges of one account; anything not allowed by a rule is refused.

    Args:
        edges: of one account; edges of other objects, revoked and expired ones may be among them.
        action: what is wanted, with its rules.
        obj: on what.
        now: the instant of the decision.
    """
    keys = obj.keys()
    standing = [e for e in edges if (e.object_type, e.object_id) in keys and e.in_force(now)]
    for rule in action.rules:
        fitting = [edge for edge in standing if _fits(edge, rule, obj)]
        if fitting:
            return Decision(
                allowed=True,
                relation=rule.relation,
                level=max(edge.level for edge in fitting),
                scope=frozenset().union(*(edge.scope for edge in fitting)),
            )
    return _REFUSED


def _fits(edge: Edge, rule: Rule, obj: Object) -> bool:
    return (
        edge.relation is rule.relation
        and edge.object_type == rule.on
        and edge.level >= rule.level
        and (rule.section is None or rule.section in edge.scope)
        and (not rule.same_part or (obj.part is not None and obj.part in edge.scope))
    )
