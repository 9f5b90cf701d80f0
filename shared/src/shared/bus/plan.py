"""What to do with the rows that are due: a pure decision, so that order and once-only can be tested by the thousand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from shared.bus.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the inbox that is due."""

    id: int
    event_id: UUID
    stream_key: str
    stream_seq: int
    type: str
    body: bytes
    attempts: int
    lane: int = 0


@dataclass(slots=True)
class Verdict:
    """What becomes of a row."""

    row: Due
    status: str
    attempts: int
    delay: float | None = None
    error: str | None = None


@dataclass(slots=True)
class Plan:
    """What to do with the due rows of a lane: which to run and in which order, which not."""

    run: list[Due] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    superseded: dict[str, list[Due]] = field(default_factory=lambda: defaultdict(list))
    """Stream → rows that the newest row of a *latest* stream makes void when it succeeds."""


def plan(rows: Iterable[tuple[Due, int | None]], subscriptions: Subscriptions) -> Plan:
    """Decide per row, given how far its stream is. Rows come in the order of their sequence. Pure."""
    result = Plan()
    reached: dict[str, int] = {}
    newest: dict[str, Due] = {}
    for row, last_seq in rows:
        last = reached.setdefault(row.stream_key, last_seq or 0)
        producer, _, partition_key = row.stream_key.partition("/")
        if row.stream_seq <= last:
            result.verdicts.append(Verdict(row, "duplicate", row.attempts))
        elif subscriptions.is_latest(producer, partition_key):
            if (older := newest.get(row.stream_key)) is not None:
                result.superseded[row.stream_key].append(older)
            newest[row.stream_key] = row
        elif row.stream_seq == last + 1:
            reached[row.stream_key] = row.stream_seq
            result.run.append(row)
        else:  # behind a gap, a retry or a dead row
            result.verdicts.append(Verdict(row, "waiting", row.attempts))
    result.run.extend(newest.values())
    # Streams in the order in which they came; inside a stream the sequence decides, and sort is stable.
    first: dict[str, int] = {}
    for row in result.run:
        first[row.stream_key] = min(row.id, first.get(row.stream_key, row.id))
    result.run.sort(key=lambda row: first[row.stream_key])
    return result


def batches(rows: Iterable[Due]) -> list[tuple[str, list[Due]]]:
    """Group rows by type as far as the order of each stream allows. Pure."""
    made: list[tuple[str, list[Due]]] = []
    reached: dict[str, int] = {}
    for row in rows:
        place = reached.get(row.stream_key, 0)
        while place < len(made) and made[place][0] != row.type:
            place += 1
        if place == len(made):
            made.append((row.type, []))
        made[place][1].append(row)
        reached[row.stream_key] = place
    return made
