"""Writing what differs: table by table, in the order in which they refer to each other, with the events of each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update

from identity.bulk import among, remove, upsert
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.registry.duties import DutyKey, Holder, admission_of, assign, release
from identity.registry.history import PROTECTED
from identity.registry.tables import (
    class_groups,
    classes,
    enrolments,
    group_members,
    guardianships,
    hand_corrections,
    people,
    school_years,
    schools,
    staff_assignments,
    subjects,
    value_history,
)
from identity.school_import.difference import Counts, Difference, differ
from identity.school_import.roster import Roster
from identity.school_import.stored import Stored
from identity.school_import.wanted_people import WantedPerson, person_row, wanted_person
from shared.contracts.identity import (
    ClassOpened,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    SubjectOpened,
)
from shared.db import Tx


@dataclass(slots=True)
class Merge:
    """One import inside one transaction. Call the methods in the order in which they stand."""

    tx: Tx
    keys: PersonalDataKeys
    roster: Roster
    stored: Stored
    today: date
    school_id: UUID = field(init=False)
    year_id: UUID = field(init=False)
    subject_ids: dict[str, UUID] = field(default_factory=dict)
    class_ids: dict[str, UUID] = field(default_factory=dict)
    person_ids: dict[str, UUID] = field(default_factory=dict)
    names: dict[UUID, PersonName] = field(default_factory=dict)
    """As the registry keeps them: a teacher's correction may stand against the bundle."""
    standing: dict[str, frozenset[str]] = field(default_factory=dict)
    """Source id → contacts that a teacher has put right and the bundle does not change."""
    renamed: set[UUID] = field(default_factory=set)
    """People whose name differs from what the town was told."""
    touched: list[UUID] = field(default_factory=list)
    """People who are new or of whom something is: who may open whose diary is to be judged again (I-21)."""
    counts: dict[str, Counts] = field(default_factory=dict)

    async def school(self) -> None:
        """The card of the school and its year."""
        card, stored = self.roster.school, self.stored.school
        self.school_id = stored.school_id if stored else self.tx.new_id()
        year = self.stored.years.get(card.year_source_id)
        known = {card.source_id: (stored.name, stored.city, stored.time_zone)} if stored else {}
        known_years = {
            source_id: (row.title, row.starts_on, row.ends_on) for source_id, row in self.stored.years.items()
        }
        schools_differ = differ(known, {card.source_id: (card.name, card.city, card.time_zone)})
        years_differ = differ(
            known_years, {card.year_source_id: (card.year_title, card.year_starts_on, card.year_ends_on)}
        )
        self.counts["schools"] = schools_differ.count()
        # The years before stay: their marks do.
        self.counts["school_years"] = Counts(len(years_differ.added), len(years_differ.changed))
        self.year_id = year.year_id if year else self.tx.new_id()
        if not schools_differ.to_write and not years_differ.to_write:
            return
        await upsert(
            self.tx.session,
            schools,
            [
                {
                    "school_id": self.school_id,
                    "source_id": card.source_id,
                    "name": card.name,
                    "city": card.city,
                    "time_zone": card.time_zone,
                    "opened_at": stored.opened_at if stored else self.tx.now,
                }
            ],
        )
        await upsert(
            self.tx.session,
            school_years,
            [
                {
                    "school_id": self.school_id,
                    "year_id": self.year_id,
                    "source_id": card.year_source_id,
                    "title": card.year_title,
                    "starts_on": card.year_starts_on,
                    "ends_on": card.year_ends_on,
                }
            ],
        )
        self.tx.emit(
            SchoolOpened(
                school_id=self.school_id,
                source_id=card.source_id,
                name=card.name,
                city=card.city,
                time_zone=card.time_zone,
                year_title=card.year_title,
                year_starts_on=card.year_starts_on,
                year_ends_on=card.year_ends_on,
            )
        )

    async def subjects(self) -> None:
        """What is taught."""
        known = {key: row.title for key, row in self.stored.subjects.items() if row.taught}
        wanted = {subject.source_id: subject.title for subject in self.roster.subjects}
        difference = differ(known, wanted)
        self.counts["subjects"] = difference.count()
        self.subject_ids = self._ids(wanted, self.stored.subjects, "subject_id")
        await self._switch_off(subjects, "taught", [self.stored.subjects[key].subject_id for key in difference.gone])
        await upsert(
            self.tx.session,
            subjects,
            [
                {
                    "school_id": self.school_id,
                    "subject_id": self.subject_ids[key],
                    "source_id": key,
                    "title": wanted[key],
                    "taught": True,
                }
                for key in difference.to_write
            ],
        )
        for key in difference.to_write:
            self.tx.emit(
                SubjectOpened(
                    school_id=self.school_id,
                    subject_id=self.subject_ids[key],
                    source_id=key,
                    title=wanted[key],
                )
            )

    async def classes(self) -> None:
        """The classes of the year."""
        entries = {entry.source_id: entry for entry in self.roster.classes}
        known = {key: (row.year_id, row.grade, row.name) for key, row in self.stored.classes.items() if row.open}
        wanted = {key: (self.year_id, entry.grade, entry.name) for key, entry in entries.items()}
        difference = differ(known, wanted)
        self.counts["classes"] = difference.count()
        self.class_ids = self._ids(entries, self.stored.classes, "class_id")
        # The changed ones too: two classes may have swapped their names, and an open name is unique.
        freed = [self.stored.classes[key].class_id for key in (*difference.gone, *difference.changed)]
        await self._switch_off(classes, "open", freed)
        await upsert(
            self.tx.session,
            classes,
            [
                {
                    "school_id": self.school_id,
                    "class_id": self.class_ids[key],
                    "year_id": self.year_id,
                    "source_id": key,
                    "grade": entries[key].grade,
                    "name": entries[key].name,
                    "comparable_name": entries[key].comparable_name,
                    "open": True,
                }
                for key in difference.to_write
            ],
        )
        for key in difference.to_write:
            self.tx.emit(
                ClassOpened(
                    school_id=self.school_id,
                    class_id=self.class_ids[key],
                    source_id=key,
                    grade=entries[key].grade,
                    name=entries[key].name,
                )
            )

    async def people(self) -> None:
        """Everybody, with contacts encrypted. What is encrypted is compared by its keyed hash."""
        entries = {person.source_id: person for person in self.roster.people}
        self.person_ids = self._ids(entries, self.stored.people, "person_id")
        people_wanted = {
            key: wanted_person(
                self.keys, entry, self.stored.people.get(key), self.stored.corrections.get(self.person_ids[key], {})
            )
            for key, entry in entries.items()
        }
        self.names = {self.person_ids[key]: person.name for key, person in people_wanted.items()}
        self.standing = {key: person.standing for key, person in people_wanted.items() if person.standing}
        known = {
            key: (
                row.kind,
                row.sex,
                (row.surname, row.given_name, row.patronymic),
                tuple(getattr(row, f"{column}_index") for column in PROTECTED),
            )
            for key, row in self.stored.people.items()
            if row.present
        }
        wanted = {
            key: (person.entry.kind, person.entry.sex, tuple(person.name), tuple(person.indexes.values()))
            for key, person in people_wanted.items()
        }
        difference = differ(known, wanted)
        self.counts["people"] = difference.count()
        self.renamed = {self.person_ids[key] for key in difference.changed if known[key][2] != wanted[key][2]}
        self.touched = [self.person_ids[key] for key in difference.to_write]
        self.touched += [self.stored.people[key].person_id for key in difference.gone]
        await self._write_people(people_wanted, difference)

    async def _write_people(self, wanted: dict[str, WantedPerson], difference: Difference[str]) -> None:
        await self._switch_off(people, "present", [self.stored.people[key].person_id for key in difference.gone])
        rows: list[dict[str, Any]] = []
        history: list[dict[str, Any]] = []
        for key in difference.to_write:
            row, replaced = person_row(
                self.tx, self.keys, wanted[key], self.school_id, self.person_ids[key], self.stored.people.get(key)
            )
            rows.append(row)
            history += replaced
        await upsert(self.tx.session, people, rows)
        await upsert(self.tx.session, value_history, history)
        await remove(
            self.tx.session,
            hand_corrections,
            [
                {"school_id": self.school_id, "person_id": self.person_ids[key], "field": name}
                for key, person in wanted.items()
                for name in person.overtaken
            ],
        )

    async def enrolments(self) -> None:
        """Who is in which class; changing the class ends the one and begins the other."""
        wanted = {
            self.person_ids[entry.pupil]: (self.class_ids[entry.school_class], entry.since, entry.last_day)
            for entry in self.roster.enrolments
        }
        known = {pupil_id: (row.class_id, row.since, row.last_day) for pupil_id, row in self.stored.enrolments.items()}
        difference = differ(known, wanted)
        self.counts["enrolments"] = difference.count()
        moved = [pupil_id for pupil_id in difference.changed if known[pupil_id][0] != wanted[pupil_id][0]]
        ended = [self.stored.enrolments[pupil_id].enrolment_id for pupil_id in (*difference.gone, *moved)]
        if ended:
            await self.tx.session.execute(
                update(enrolments)
                .where(enrolments.c.school_id == self.school_id, among(enrolments.c.enrolment_id, ended))
                .values(left_on=self.today)
            )
        rows = []
        for pupil_id in difference.to_write:
            class_id, since, last_day = wanted[pupil_id]
            stays = pupil_id in known and pupil_id not in moved
            rows.append(
                {
                    "school_id": self.school_id,
                    "enrolment_id": self.stored.enrolments[pupil_id].enrolment_id if stays else self.tx.new_id(),
                    "pupil_id": pupil_id,
                    "class_id": class_id,
                    "since": since,
                    "last_day": last_day,
                    "left_on": None,
                }
            )
        await upsert(self.tx.session, enrolments, rows)
        # Of one whose last day alone has changed there is nothing new to tell: the end is told when it comes.
        news = [pupil_id for pupil_id in difference.to_write if known.get(pupil_id, ())[:2] != wanted[pupil_id][:2]]
        retold = [pupil_id for pupil_id in wanted if pupil_id in self.renamed]
        for pupil_id in dict.fromkeys((*news, *retold)):
            class_id, since, _ = wanted[pupil_id]
            surname, given_name, patronymic = self.names[pupil_id]
            self.tx.emit(
                PupilEnrolled(
                    school_id=self.school_id,
                    pupil_id=pupil_id,
                    class_id=class_id,
                    surname=surname,
                    given_name=given_name,
                    patronymic=patronymic,
                    since=since,
                )
            )
        for pupil_id in difference.gone:
            self.tx.emit(PupilLeft(school_id=self.school_id, pupil_id=pupil_id, left_on=self.today))

    async def groups(self) -> None:
        """Parts of classes, and who learns in which: the English groups of 7А."""
        entries = {entry.source_id: entry for entry in self.roster.groups}
        wanted = {
            key: (self.class_ids[entry.school_class], self.subject_ids[entry.subject], entry.title)
            for key, entry in entries.items()
        }
        known = {key: (row.class_id, row.subject_id, row.title) for key, row in self.stored.groups.items() if row.open}
        difference = differ(known, wanted)
        self.counts["groups"] = difference.count()
        group_ids = self._ids(entries, self.stored.groups, "group_id")
        await self._switch_off(class_groups, "open", [self.stored.groups[key].group_id for key in difference.gone])
        await upsert(
            self.tx.session,
            class_groups,
            [
                {
                    "school_id": self.school_id,
                    "group_id": group_ids[key],
                    **dict(zip(("class_id", "subject_id", "title"), wanted[key], strict=True)),
                    "source_id": key,
                    "open": True,
                }
                for key in difference.to_write
            ],
        )
        members = differ(
            dict.fromkeys(self.stored.members),
            dict.fromkeys((group_ids[group], self.person_ids[pupil]) for group, pupil in self.roster.members),
        )
        self.counts["group_members"] = members.count()
        await remove(
            self.tx.session,
            group_members,
            [
                {"school_id": self.school_id, "group_id": group_id, "pupil_id": pupil_id}
                for group_id, pupil_id in members.gone
            ],
        )
        await upsert(
            self.tx.session,
            group_members,
            [
                {"school_id": self.school_id, "group_id": group_id, "pupil_id": pupil_id}
                for group_id, pupil_id in members.added
            ],
        )

    async def guardianships(self) -> None:
        """Who answers for whom. Access follows from it when bindings are settled."""
        wanted = {
            (self.person_ids[pupil], self.person_ids[representative]): last_day
            for (pupil, representative), last_day in self.roster.guardianships.items()
        }
        stored = self.stored.guardianships
        difference = differ({pair: last_day for pair, (_, last_day) in stored.items()}, wanted)
        self.counts["guardianships"] = difference.count()
        rows: list[tuple[tuple[UUID, UUID], date, date | None, date | None]] = [
            (pair, stored[pair][0] if pair in stored else self.today, wanted[pair], None)
            for pair in difference.to_write
        ]
        rows += [(pair, *stored[pair], self.today) for pair in difference.gone]
        await upsert(
            self.tx.session,
            guardianships,
            [
                {
                    "school_id": self.school_id,
                    "pupil_id": pupil_id,
                    "representative_id": representative_id,
                    "since": since,
                    "last_day": last_day,
                    "ended_on": ended_on,
                }
                for (pupil_id, representative_id), since, last_day, ended_on in rows
            ],
        )

    async def duties(self, accounts: dict[UUID, UUID]) -> None:
        """Who teaches what and who leads; told again when the person's account or name has changed.

        What an administrator has recorded by hand, the bundle does not end, unless the person is gone; what was
        released by hand, it brings back only with another term.

        Args:
            accounts: person → account, those just issued included.
        """
        source_ids = {person_id: source_id for source_id, person_id in self.person_ids.items()}
        assignments = self.stored.assignments
        wanted = {
            DutyKey(
                self.person_ids[duty.person],
                duty.role,
                self.class_ids[duty.school_class] if duty.school_class else None,
                self.subject_ids[duty.subject] if duty.subject else None,
            ): (term.valid_from, term.valid_until)
            for duty, term in self.roster.duties.items()
        }
        held = {key: row for key, row in assignments.items() if row.released_on is None}
        for key, row in assignments.items():
            term = (row.valid_from, row.valid_until)
            if key in held and row.recorded_by is not None and key.person_id in self.names:
                wanted[key] = term
            elif key not in held and row.released_by is not None and wanted.get(key) == term:
                del wanted[key]
        difference = differ({key: (row.valid_from, row.valid_until) for key, row in held.items()}, wanted)
        self.counts["staff_assignments"] = difference.count()
        retold = [
            key
            for key, row in held.items()
            if key in wanted and (row.account_id != accounts.get(key.person_id) or key.person_id in self.renamed)
        ]
        rows: list[dict[str, Any]] = []
        for key in dict.fromkeys((*difference.to_write, *retold)):
            person_id = key.person_id
            holder = Holder(source_ids[person_id], *self.names[person_id], accounts.get(person_id))
            valid_from, valid_until = wanted[key]
            rows.append(
                assign(
                    self.tx,
                    self.school_id,
                    key,
                    holder,
                    assignments.get(key),
                    valid_from=valid_from,
                    valid_until=valid_until,
                    admission=admission_of(held[key]) if key in held else None,
                )
            )
        rows += [
            release(self.tx, held[key], self.today, account_id=accounts.get(key.person_id)) for key in difference.gone
        ]
        await upsert(self.tx.session, staff_assignments, rows)

    def _ids(self, wanted: Any, stored: dict[str, Any], column: str) -> dict[str, UUID]:
        """Known ids of known source ids, new ones for the rest."""
        return {key: getattr(stored[key], column) if key in stored else self.tx.new_id() for key in wanted}

    async def _switch_off(self, table: Table, flag: str, ids: list[UUID]) -> None:
        if ids:
            key = list(table.primary_key)[1]
            await self.tx.session.execute(
                update(table).where(table.c.school_id == self.school_id, among(key, ids)).values({flag: False})
            )
