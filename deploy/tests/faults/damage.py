"""What faults may have broken: rows of the producer, events, inbox and effects, compared. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Damage(StrEnum):
    """What a broken promise looks like from outside."""

    LOST = "lost"
    """I2: committed or sent, took no effect, and waits nowhere."""
    TWICE = "twice"
    """I3: took effect more than once."""
    OUT_OF_ORDER = "out of order"
    """I4: a later event of the stream took effect first."""
    GHOST = "ghost"
    """I1: an event or an effect of something that was never committed."""
    STUCK = "stuck"
    """I6: still waiting after the deadline."""


@dataclass(frozen=True, slots=True)
class Said:
    """A row of the producer's outbox."""

    fact_id: UUID
    stream_id: UUID
    seq: int
    published: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """A row that the handler wrote, in the order of writing."""

    fact_id: UUID
    stream_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything as it stands in both databases and in the queue."""

    facts: frozenset[UUID]
    """What the use cases committed in the producer's own table."""
    said: Sequence[Said]
    effects: Sequence[Effect]
    statuses: dict[tuple[UUID, int], str]
    """(stream, sequence) → status in the inbox."""
    queued: int
    """Messages that are ready in the queue; -1 while the broker cannot be asked."""

    @property
    def moving(self) -> bool:
        """Whether something is still on its way and nobody has to do anything about it."""
        return (
            self.queued != 0
            or any(not said.published for said in self.said)
            or any(status in {"pending", "waiting"} for status in self.statuses.values())
        )


@dataclass(slots=True)
class Report:
    """Damage → where it was found."""

    found: dict[Damage, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def kinds(self) -> set[Damage]:
        return set(self.found)

    def __str__(self) -> str:
        return "; ".join(f"{kind}: {len(where)}, first {where[0]}" for kind, where in self.found.items()) or "clean"


def examine(evidence: Evidence) -> Report:
    """Hold the invariants against the evidence. Called when the system had all the time it needs."""
    report = Report()
    _rows_and_events(evidence, report)
    _events_and_effects(evidence, report)
    _order(evidence, report)
    if evidence.queued:
        report.found[Damage.STUCK].append(f"{evidence.queued} messages in the queue")
    return report


def _rows_and_events(evidence: Evidence, report: Report) -> None:
    """I1: an event exists if and only if its business transaction committed."""
    said = Counter(event.fact_id for event in evidence.said)
    for fact in evidence.facts - set(said):
        report.found[Damage.LOST].append(f"row {fact} has no event")
    for fact in set(said) - evidence.facts:
        report.found[Damage.GHOST].append(f"event of {fact} has no row")
    for fact, count in said.items():
        if count > 1:
            report.found[Damage.TWICE].append(f"row {fact} has {count} events")


def _events_and_effects(evidence: Evidence, report: Report) -> None:
    """I2, I3, I6: each event has its effect once, or is visible."""
    effects = Counter(effect.fact_id for effect in evidence.effects)
    for fact, count in effects.items():
        if count > 1:
            report.found[Damage.TWICE].append(f"{fact} took effect {count} times")
        if fact not in evidence.facts:
            report.found[Damage.GHOST].append(f"effect of {fact} has no row")
    for said in evidence.said:
        place = f"{said.stream_id}#{said.seq}"
        status = evidence.statuses.get((said.stream_id, said.seq))
        if not said.published:
            report.found[Damage.STUCK].append(f"{place} in the outbox")
        if effects[said.fact_id]:
            continue
        if status in {"pending", "waiting", "dead"}:
            report.found[Damage.STUCK].append(f"{place} {status} in the inbox")
        elif said.published and evidence.queued == 0:
            report.found[Damage.LOST].append(f"{place} was published, inbox says {status or 'nothing'}")


def _order(evidence: Evidence, report: Report) -> None:
    """I4: effects of a stream are 1..n, each after the one before it."""
    streams: dict[UUID, list[int]] = defaultdict(list)
    for effect in evidence.effects:
        if effect.seq not in streams[effect.stream_id]:  # what comes twice has been reported
            streams[effect.stream_id].append(effect.seq)
    for stream, seqs in streams.items():
        if seqs != sorted(seqs):
            report.found[Damage.OUT_OF_ORDER].append(f"{stream}: {seqs}")
