"""Writing what differs: table by table, in the order in which they refer to each other, with the events of each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update

from identity.bulk import among, upsert
from identity.personal_data.contacts import comparable_email
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.tables import (
    classes,
    enrolments,
    guardianships,
    people,
    school_years,
    schools,
    staff_assignments,
    subjects,
)
from identity.school_import.difference import Counts, differ
from identity.school_import.roster import PersonEntry, Roster
from identity.school_import.stored import DutyKey, Stored
from shared.contracts.identity import (
    ClassOpened,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    StaffAssigned,
    StaffReleased,
    SubjectOpened,
)
from shared.crypto import FieldPlace
from shared.db import Tx

_PROTECTED = ("phone", "email", "snils", "birth_date")


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
    renamed: set[UUID] = field(default_factory=set)
    """People whose name differs from what the town was told."""
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
        indexes = {key: self._indexes(person) for key, person in entries.items()}
        known = {
            key: (
                row.kind,
                row.sex,
                (row.surname, row.given_name, row.patronymic),
                tuple(getattr(row, f"{column}_index") for column in _PROTECTED),
            )
            for key, row in self.stored.people.items()
            if row.present
        }
        wanted = {
            key: (person.kind, person.sex, tuple(person.name), tuple(indexes[key].values()))
            for key, person in entries.items()
        }
        difference = differ(known, wanted)
        self.counts["people"] = difference.count()
        self.person_ids = self._ids(entries, self.stored.people, "person_id")
        self.renamed = {self.person_ids[key] for key in difference.changed if known[key][2] != wanted[key][2]}
        await self._switch_off(people, "present", [self.stored.people[key].person_id for key in difference.gone])
        await upsert(
            self.tx.session,
            people,
            [self._person_row(entries[key], indexes[key]) for key in difference.to_write],
        )

    async def enrolments(self) -> None:
        """Who is in which class; changing the class ends the one and begins the other."""
        wanted = {
            self.person_ids[entry.pupil]: (self.class_ids[entry.school_class], entry.since)
            for entry in self.roster.enrolments
        }
        known = {pupil_id: (row.class_id, row.since) for pupil_id, row in self.stored.enrolments.items()}
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
            class_id, since = wanted[pupil_id]
            stays = pupil_id in known and pupil_id not in moved
            rows.append(
                {
                    "school_id": self.school_id,
                    "enrolment_id": self.stored.enrolments[pupil_id].enrolment_id if stays else self.tx.new_id(),
                    "pupil_id": pupil_id,
                    "class_id": class_id,
                    "since": since,
                    "left_on": None,
                }
            )
        await upsert(self.tx.session, enrolments, rows)
        names = {self.person_ids[person.source_id]: person.name for person in self.roster.people}
        retold = [pupil_id for pupil_id in wanted if pupil_id in self.renamed]
        for pupil_id in dict.fromkeys((*difference.to_write, *retold)):
            class_id, since = wanted[pupil_id]
            surname, given_name, patronymic = names[pupil_id]
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

    async def guardianships(self) -> None:
        """Who answers for whom. Access follows from it when bindings are settled."""
        wanted = {
            (self.person_ids[pupil], self.person_ids[representative]): None
            for pupil, representative in self.roster.guardianships
        }
        known = dict.fromkeys(self.stored.guardianships)
        difference = differ(known, wanted)
        self.counts["guardianships"] = difference.count()
        rows: list[tuple[tuple[UUID, UUID], date, date | None]] = [
            (pair, self.today, None) for pair in difference.added
        ]
        rows += [(pair, self.stored.guardianships[pair], self.today) for pair in difference.gone]
        await upsert(
            self.tx.session,
            guardianships,
            [
                {
                    "school_id": self.school_id,
                    "pupil_id": pupil_id,
                    "representative_id": representative_id,
                    "since": since,
                    "ended_on": ended_on,
                }
                for (pupil_id, representative_id), since, ended_on in rows
            ],
        )

    async def duties(self, accounts: dict[UUID, UUID]) -> None:
        """Who teaches what and who leads; told again when the person's account or name has changed.

        Args:
            accounts: person → account, those just issued included.
        """
        source_ids = {person_id: source_id for source_id, person_id in self.person_ids.items()}
        names = {self.person_ids[person.source_id]: person.name for person in self.roster.people}
        wanted = {
            DutyKey(
                self.person_ids[duty.person],
                duty.role,
                self.class_ids[duty.school_class] if duty.school_class else None,
                self.subject_ids[duty.subject] if duty.subject else None,
            ): term
            for duty, term in self.roster.duties.items()
        }
        held = {key: row for key, row in self.stored.assignments.items() if row.released_on is None}
        difference = differ(
            {key: (row.valid_from, row.valid_until) for key, row in held.items()},
            {key: (term.valid_from, term.valid_until) for key, term in wanted.items()},
        )
        self.counts["staff_assignments"] = difference.count()
        retold = [
            key
            for key, row in held.items()
            if key in wanted and (row.account_id != accounts.get(key.person_id) or key.person_id in self.renamed)
        ]
        rows: list[dict[str, Any]] = []
        for key in dict.fromkeys((*difference.to_write, *retold)):
            row = self._assignment(key, accounts)
            row |= {"valid_from": wanted[key].valid_from, "valid_until": wanted[key].valid_until}
            rows.append(row)
            surname, given_name, patronymic = names[key.person_id]
            self.tx.emit(
                StaffAssigned(
                    **{name: value for name, value in row.items() if name != "released_on"},
                    source_id=source_ids[key.person_id],
                    surname=surname,
                    given_name=given_name,
                    patronymic=patronymic,
                )
            )
        for key in difference.gone:
            row = self._assignment(key, accounts)
            row |= {
                "valid_from": held[key].valid_from,
                "valid_until": held[key].valid_until,
                "released_on": self.today,
            }
            rows.append(row)
            self.tx.emit(
                StaffReleased(
                    school_id=self.school_id,
                    person_id=key.person_id,
                    assignment_id=row["assignment_id"],
                    released_on=self.today,
                    edge_version=row["edge_version"],
                )
            )
        await upsert(self.tx.session, staff_assignments, rows)

    def _assignment(self, key: DutyKey, accounts: dict[UUID, UUID]) -> dict[str, Any]:
        before = self.stored.assignments.get(key)
        return {
            "school_id": self.school_id,
            "assignment_id": before.assignment_id if before else self.tx.new_id(),
            **key._asdict(),
            "released_on": None,
            "edge_version": before.edge_version + 1 if before else 1,
            "account_id": accounts.get(key.person_id),
        }

    def _ids(self, wanted: Any, stored: dict[str, Any], column: str) -> dict[str, UUID]:
        """Known ids of known source ids, new ones for the rest."""
        return {key: getattr(stored[key], column) if key in stored else self.tx.new_id() for key in wanted}

    def _indexes(self, person: PersonEntry) -> dict[str, bytes | None]:
        normal = {
            "phone": person.phone,
            "email": comparable_email(person.email) if person.email else None,
            "snils": person.snils,
            "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        }
        return {column: self.keys.own_index.of(column, value) if value else None for column, value in normal.items()}

    def _person_row(self, person: PersonEntry, indexes: dict[str, bytes | None]) -> dict[str, Any]:
        person_id = self.person_ids[person.source_id]
        before = self.stored.people.get(person.source_id)
        if before is None:
            key, wrapped = self.keys.vault.new_person_key()
        else:
            key, wrapped = self.keys.vault.open_person_key(before.data_key), before.data_key
        values = {
            "phone": person.phone,
            "email": person.email,
            "snils": person.snils,
            "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        }
        surname, given_name, patronymic = person.name
        return {
            "school_id": self.school_id,
            "person_id": person_id,
            "source_id": person.source_id,
            "kind": person.kind,
            "surname": surname,
            "given_name": given_name,
            "patronymic": patronymic,
            "sex": person.sex,
            "data_key": wrapped,
            "present": True,
            **{
                column: key.encrypt(FieldPlace("people", column, person_id), value) if value else None
                for column, value in values.items()
            },
            **{f"{column}_index": index for column, index in indexes.items()},
        }

    async def _switch_off(self, table: Table, flag: str, ids: list[UUID]) -> None:
        if ids:
            key = list(table.primary_key)[1]
            await self.tx.session.execute(
                update(table).where(table.c.school_id == self.school_id, among(key, ids)).values({flag: False})
            )
