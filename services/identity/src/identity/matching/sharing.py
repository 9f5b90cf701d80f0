"""Which values stand on more than one record of a school (I-18), and which records an account leads to."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from identity.matching.evidence import Id, OwnFacts, RecordFacts, may_be_twins
from shared.names import comparable_name


def with_sharing(records: Sequence[RecordFacts[Id]]) -> list[RecordFacts[Id]]:
    """The records with all that is shared within their school marked; they have to be all records of their schools."""
    phones = Counter((record.school_id, record.phone) for record in records)
    emails = Counter((record.school_id, record.email) for record in records)
    twins = set(_twins(records))
    return [
        replace(
            record,
            phone_shared=record.phone is not None and phones[record.school_id, record.phone] > 1,
            email_shared=record.email is not None and emails[record.school_id, record.email] > 1,
            birth_date_shared=place in twins,
        )
        for place, record in enumerate(records)
    ]


def _twins(records: Sequence[RecordFacts[Id]]) -> Iterator[int]:
    """The places of records that may be twins of another one."""
    born_together: dict[Hashable, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        if record.birth_date is not None:
            surname = comparable_name(record.name.surname)
            born_together[record.school_id, record.birth_date, surname].append(place)
    for places in born_together.values():
        for one, other in combinations(places, 2):
            if may_be_twins(records[one].name, records[other].name):
                yield from (one, other)


class RecordIndex:
    """Records by their contacts, so that many accounts find theirs without looking at all of them."""

    __slots__ = ("_by_value",)

    def __init__(self, records: Iterable[RecordFacts[str]]) -> None:
        self._by_value: dict[tuple[str, Hashable], list[RecordFacts[str]]] = defaultdict(list)
        for record in records:
            for kind, value in (("phone", record.phone), ("email", record.email), ("snils", record.snils)):
                if value is not None:
                    self._by_value[kind, value].append(record)

    def reached_by(self, own: OwnFacts[str]) -> list[RecordFacts[str]]:
        """The records that something proved leads to, each once."""
        proofs = (
            ("phone", own.phone, own.phone_proved),
            ("email", own.email, own.email_proved),
            ("snils", own.snils, own.snils_asserted),
        )
        reached = {
            id(record): record
            for kind, value, proved in proofs
            if proved and value is not None
            for record in self._by_value.get((kind, value), ())
        }
        return list(reached.values())
