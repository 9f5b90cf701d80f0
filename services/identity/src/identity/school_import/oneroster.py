"""OneRoster 1.2 CSV, read into a roster: field by field, then across files. Stops at nothing, reports all."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from identity.mistakes import Mistakes
from identity.personal_data import contacts
from identity.personal_data.person_name import PersonName
from identity.registry.rules import comparable_class_name, grade_of
from identity.school_import.bundle import open_bundle
from identity.school_import.roster import (
    ClassEntry,
    Duty,
    EnrolmentEntry,
    GroupEntry,
    IssuedAccess,
    PersonEntry,
    PersonKind,
    Roster,
    SchoolCard,
    SubjectEntry,
    Term,
)
from identity.sheets import Line, Sheet, read_sheet
from shared.contacts import phone_number
from shared.contacts import snils as snils_digits
from shared.contracts.identity import StaffRole
from shared.names import LONGEST_NAME, name_as_written, patronymic_as_written

COLUMNS = {
    "manifest.csv": ("propertyName", "value"),
    "orgs.csv": ("sourcedId", "name", "type"),
    "academicSessions.csv": ("sourcedId", "title", "type", "startDate", "endDate"),
    "courses.csv": ("sourcedId", "title"),
    "classes.csv": ("sourcedId", "title", "courseSourcedId", "classType", "schoolSourcedId"),
    "users.csv": ("sourcedId", "username", "givenName", "familyName"),
    "roles.csv": ("userSourcedId", "role", "orgSourcedId"),
    "enrollments.csv": ("classSourcedId", "userSourcedId", "role"),
    "demographics.csv": ("sourcedId", "birthDate", "sex"),
}
"""What a file cannot do without. Extensions (`metadata.*`) and other OneRoster columns may or may not be there."""

_STAFF_ROLES = {
    "aide",
    "counselor",
    "districtAdministrator",
    "principal",
    "proctor",
    "siteAdministrator",
    "systemAdministrator",
    "teacher",
}
_REPRESENTATIVE_ROLES = {"parent", "guardian", "relative"}
_ROLES = {"student", *_STAFF_ROLES, *_REPRESENTATIVE_ROLES}
_ADMINISTRATORS: dict[str, StaffRole] = {"deputy": "deputy", "schoolAdministrator": "school_administrator"}
_KINDS: tuple[PersonKind, ...] = ("staff", "pupil", "representative")
_EARLIEST_BIRTH = date(1900, 1, 1)
_PASSWORD_BYTES = 256
_PASSWORD_CHARACTERS = 8


def read_roster(archive: bytes, now: datetime) -> tuple[Roster | None, Mistakes]:
    """Read a zipped bundle.

    Args:
        archive: the zip file.
        now: an aware instant; the school's own date at it decides what has ended.

    Returns:
        The roster, or None if there is any mistake; and all mistakes.
    """
    mistakes = Mistakes()
    files = open_bundle(archive, mistakes)
    sheets = {
        name: read_sheet(name, files[name], columns, mistakes) if name in files else Sheet(name, ())
        for name, columns in COLUMNS.items()
    }
    if not files:
        return None, mistakes
    roster = _Reading(sheets, mistakes, school_day(sheets["orgs.csv"], now)).roster()
    return (None if len(mistakes) else roster), mistakes


@dataclass(slots=True)
class _Reading:
    """One pass over the sheets; each method reads what the following ones refer to."""

    sheets: dict[str, Sheet]
    mistakes: Mistakes
    today: date

    def roster(self) -> Roster | None:
        self._check_manifest()
        self._only_bulk()
        orgs = self.sheets["orgs.csv"].by_id()
        sessions = self.sheets["academicSessions.csv"].by_id()
        courses = self.sheets["courses.csv"].by_id()
        classes = self.sheets["classes.csv"].by_id()
        users = self.sheets["users.csv"].by_id()
        school = self._school(orgs, sessions)
        subjects, homerooms, scheduled = self._classes(classes, courses, orgs)
        groups = self._groups(classes, scheduled)
        kinds, duties, answering = self._roles(users, orgs)
        people = self._people(users, kinds, self._births(users))
        enrolments, members = self._enrolments(classes, users, kinds, homerooms, scheduled, groups, duties)
        guardianships = self._guardianships(users, kinds, answering)
        if school is None:
            return None
        terms = {
            duty: Term(term.valid_from if term.valid_from > date.min else school.year_starts_on, term.valid_until)
            for duty, term in duties.items()
        }
        return Roster(
            school,
            subjects,
            tuple(homerooms.values()),
            people,
            tuple(replace(each, since=max(each.since, school.year_starts_on)) for each in enrolments),
            tuple(groups.values()),
            members,
            guardianships,
            terms,
        )

    def _check_manifest(self) -> None:
        for line in self.sheets["manifest.csv"].lines:
            name, value = line.raw("propertyName"), line.raw("value")
            if name == "oneroster.version" and value != "1.2":
                line.complain("value", "version")
            if name.removeprefix("file.") + ".csv" in COLUMNS and value not in {"bulk", "absent"}:
                line.complain("value", "bulk_only")

    def _only_bulk(self) -> None:
        for sheet in self.sheets.values():
            for line in sheet.lines:
                if line.raw("status") not in {"", "active"}:
                    line.complain("status", "bulk_only")

    def _school(self, orgs: dict[str, Line], sessions: dict[str, Line]) -> SchoolCard | None:
        schools = [line for line in orgs.values() if line.text("type") == "school"]
        years = [line for line in sessions.values() if line.text("type") == "schoolYear"]
        if len(schools) != 1 and self.sheets["orgs.csv"].lines:
            self.mistakes.add("orgs.csv", "one_school")
        if len(years) != 1 and self.sheets["academicSessions.csv"].lines:
            self.mistakes.add("academicSessions.csv", "one_year")
        for line in sessions.values():
            starts, ends = line.day("startDate", required=True), line.day("endDate", required=True)
            if starts and ends and ends <= starts:
                line.complain("endDate", "date_order")
        if len(schools) != 1 or len(years) != 1:
            return None
        school, year = schools[0], years[0]
        name = school.text("name", LONGEST_NAME)
        city = school.text("metadata.city", LONGEST_NAME)
        zone = school.checked("metadata.timeZone", "time_zone", _time_zone)
        if not school.raw("metadata.timeZone"):
            school.complain("metadata.timeZone", "required")
        title = year.text("title", LONGEST_NAME)
        starts, ends = _quiet_day(year, "startDate"), _quiet_day(year, "endDate")
        if not (name and city and zone and title and starts and ends):
            return None
        return SchoolCard(school.raw("sourcedId"), name, city, zone, year.raw("sourcedId"), title, starts, ends)

    def _classes(
        self, classes: dict[str, Line], courses: dict[str, Line], orgs: dict[str, Line]
    ) -> tuple[tuple[SubjectEntry, ...], dict[str, ClassEntry], dict[str, tuple[str, str]]]:
        """Subjects, homerooms by id, and for each scheduled class its (homeroom, course)."""
        homeroom_ids = {key for key, line in classes.items() if line.raw("classType") == "homeroom"}
        homerooms: dict[str, ClassEntry] = {}
        scheduled: dict[str, tuple[str, str]] = {}
        lines_of_names: dict[str, int] = {}
        for source_id, line in classes.items():
            line.reference("schoolSourcedId", "orgs.csv", orgs)
            course = line.reference("courseSourcedId", "courses.csv", courses)
            class_type = line.choice("classType", ("homeroom", "scheduled"))
            title = line.text("title", LONGEST_NAME)
            if class_type == "scheduled":
                homeroom = line.reference("metadata.homeroomSourcedId", "classes.csv", classes)
                if homeroom and homeroom not in homeroom_ids:
                    line.complain("metadata.homeroomSourcedId", "homeroom")
                elif homeroom and course:
                    scheduled[source_id] = (homeroom, course)
            if class_type != "homeroom" or not title:
                continue
            comparable = line.checked("title", "class_name", comparable_class_name)
            if comparable is None:
                continue
            if comparable in lines_of_names:
                line.complain("title", "class_repeated", first_line=lines_of_names[comparable])
                continue
            lines_of_names[comparable] = line.number
            homerooms[source_id] = ClassEntry(source_id, title, comparable, grade_of(comparable))
        titles = {source_id: line.text("title", LONGEST_NAME) for source_id, line in courses.items()}
        subjects = tuple(SubjectEntry(source_id, title) for source_id, title in titles.items() if title)
        return subjects, homerooms, scheduled

    def _groups(self, classes: dict[str, Line], scheduled: dict[str, tuple[str, str]]) -> dict[str, GroupEntry]:
        """Scheduled classes that only a part of the homeroom attends: those with a `metadata.group`."""
        groups: dict[str, GroupEntry] = {}
        for source_id, line in classes.items():
            title = line.optional("metadata.group", LONGEST_NAME)
            if title and source_id in scheduled:
                groups[source_id] = GroupEntry(source_id, title, *scheduled[source_id])
        return groups

    def _roles(
        self, users: dict[str, Line], orgs: dict[str, Line]
    ) -> tuple[dict[str, PersonKind], dict[Duty, Term], dict[str, Term | None]]:
        """Kinds of people, duties, and for representatives their term (None: over)."""
        kinds: dict[str, PersonKind] = {}
        duties: dict[Duty, Term] = {}
        answering: dict[str, Term | None] = {}
        for line in self.sheets["roles.csv"].lines:
            person = line.reference("userSourcedId", "users.csv", users)
            line.reference("orgSourcedId", "orgs.csv", orgs)
            role = line.choice("role", _ROLES)
            term = self._term(line)
            if not person or not role:
                continue
            kind: PersonKind = "pupil" if role == "student" else "staff" if role in _STAFF_ROLES else "representative"
            # Of several roles the first of these counts: a teacher may be a parent in the same school.
            kinds[person] = min(kind, kinds.get(person, kind), key=_KINDS.index)
            duty = self._duty(line, person, role)
            if duty and term:
                duties[duty] = term
            if kind == "representative":
                answering[person] = _longer(answering.get(person), term)
        for source_id, line in users.items():
            if source_id not in kinds and self.sheets["roles.csv"].lines:
                line.complain("sourcedId", "role_missing")
        return kinds, duties, answering

    def _duty(self, line: Line, person: str, role: str) -> Duty | None:
        if role == "principal":
            return Duty(person, "director")
        if role != "siteAdministrator":
            return None
        which = line.choice("metadata.role", _ADMINISTRATORS, default="schoolAdministrator")
        return Duty(person, _ADMINISTRATORS[which]) if which else None

    def _term(self, line: Line) -> Term | None:
        """When a role or enrolment holds; None if that is over. An open beginning is filled in later."""
        begins, ends = line.day("beginDate"), line.day("endDate")
        if begins and ends and ends < begins:
            line.complain("endDate", "date_order")
        if ends and ends < self.today:
            return None
        return Term(begins or date.min, ends)

    def _births(self, users: dict[str, Line]) -> dict[str, tuple[date | None, Literal["male", "female"] | None]]:
        births: dict[str, tuple[date | None, Literal["male", "female"] | None]] = {}
        for source_id, line in self.sheets["demographics.csv"].by_id().items():
            line.reference("sourcedId", "users.csv", users)
            born = line.day("birthDate")
            if born and not _EARLIEST_BIRTH <= born <= self.today:
                line.complain("birthDate", "birth_date")
            sex = line.choice("sex", ("male", "female", "unspecified", "other"), default="unspecified")
            births[source_id] = (born, "male" if sex == "male" else "female" if sex == "female" else None)
        return births

    def _people(
        self,
        users: dict[str, Line],
        kinds: dict[str, PersonKind],
        births: dict[str, tuple[date | None, Literal["male", "female"] | None]],
    ) -> tuple[PersonEntry, ...]:
        people: list[PersonEntry] = []
        taken: dict[tuple[str, str], int] = {}
        for source_id, line in users.items():
            surname = _required(line, "familyName", "name", name_as_written)
            given_name = _required(line, "givenName", "name", name_as_written)
            patronymic = line.checked("middleName", "name", patronymic_as_written)
            phone = line.checked("phone", "phone", phone_number)
            email = line.checked("email", "email", contacts.email_address)
            snils = line.checked("metadata.snils", "snils", snils_digits)
            access = self._access(line, phone, email, taken)
            born, sex = births.get(source_id, (None, None))
            if surname and given_name and source_id in kinds:
                name = PersonName(surname, given_name, patronymic)
                people.append(PersonEntry(source_id, kinds[source_id], name, sex, born, phone, email, snils, access))
        return tuple(people)

    def _access(
        self, line: Line, phone: str | None, email: str | None, taken: dict[tuple[str, str], int]
    ) -> IssuedAccess | None:
        """The account to hand out, where an initial password is given."""
        proved: set[contacts.IdentifierKind] = set()
        if line.flag("metadata.phoneProved") and phone:
            proved.add("phone")
        if line.flag("metadata.emailProved") and email:
            proved.add("email")
        password = unicodedata.normalize("NFC", line.raw("metadata.initialPassword"))
        if not password:
            return None
        if len(password) < _PASSWORD_CHARACTERS or len(password.encode()) > _PASSWORD_BYTES:
            line.complain("metadata.initialPassword", "password")
        username = _required(line, "username", "username", contacts.username)
        for column, rule, value in (
            ("username", "id_repeated", username),
            ("phone", "contact_taken", phone if "phone" in proved else None),
            ("email", "contact_taken", contacts.comparable_email(email) if email and "email" in proved else None),
        ):
            if value is None:
                continue
            first_line = taken.setdefault((column, value), line.number)
            if first_line != line.number:
                line.complain(column, rule, first_line=first_line)
        return IssuedAccess(password, frozenset(proved), username, line.number)

    def _enrolments(
        self,
        classes: dict[str, Line],
        users: dict[str, Line],
        kinds: dict[str, PersonKind],
        homerooms: dict[str, ClassEntry],
        scheduled: dict[str, tuple[str, str]],
        groups: dict[str, GroupEntry],
        duties: dict[Duty, Term],
    ) -> tuple[list[EnrolmentEntry], tuple[tuple[str, str], ...]]:
        """Pupils in classes and in groups; the enrolments of teachers become duties."""
        enrolments: dict[str, tuple[EnrolmentEntry, int]] = {}
        in_groups: dict[tuple[str, str], Line] = {}
        for line in self.sheets["enrollments.csv"].lines:
            where = line.reference("classSourcedId", "classes.csv", classes)
            person = line.reference("userSourcedId", "users.csv", users)
            role = line.choice("role", ("student", "teacher", "aide", "proctor", "administrator"))
            is_class_teacher = line.flag("primary")
            term = self._term(line)
            if not where or not person or not role:
                continue
            is_pupil = kinds.get(person, "pupil" if role == "student" else "staff") == "pupil"
            if is_pupil != (role == "student"):
                line.complain("userSourcedId", "pupil" if is_pupil else "not_a_pupil")
            elif role == "student" and where in groups:
                if term:
                    in_groups[where, person] = line
            elif role == "student":
                self._enrol(line, where, person, term, classes, enrolments)
            elif role == "teacher" and term and where in scheduled:
                duties[Duty(person, "subject_teacher", *scheduled[where])] = term
            elif role == "teacher" and term and where in homerooms and is_class_teacher:
                duties[Duty(person, "class_teacher", where)] = term
        entries = [entry for entry, _ in enrolments.values()]
        return entries, self._members(in_groups, groups, {entry.pupil: entry.school_class for entry in entries})

    def _enrol(
        self,
        line: Line,
        where: str,
        person: str,
        term: Term | None,
        classes: dict[str, Line],
        enrolments: dict[str, tuple[EnrolmentEntry, int]],
    ) -> None:
        if classes[where].raw("classType") == "scheduled":
            line.complain("classSourcedId", "homeroom")
        elif term and person in enrolments:
            line.complain("userSourcedId", "enrolled_twice", first_line=enrolments[person][1])
        elif term:
            entry = EnrolmentEntry(person, where, term.valid_from, term.valid_until)
            enrolments[person] = (entry, line.number)

    def _members(
        self, in_groups: dict[tuple[str, str], Line], groups: dict[str, GroupEntry], homes: dict[str, str]
    ) -> tuple[tuple[str, str], ...]:
        """Who learns in which group; whoever has left the class has left its groups."""
        for (group, pupil), line in in_groups.items():
            if homes.get(pupil, groups[group].school_class) != groups[group].school_class:
                line.complain("classSourcedId", "group_class")
        return tuple((group, pupil) for group, pupil in in_groups if pupil in homes)

    def _guardianships(
        self, users: dict[str, Line], kinds: dict[str, PersonKind], answering: dict[str, Term | None]
    ) -> dict[tuple[str, str], date | None]:
        """Who answers for whom, as long as the representative's role lasts."""
        pairs: dict[tuple[str, str], date | None] = {}
        for source_id, line in users.items():
            for representative in line.references("agentSourcedIds", "users.csv", users):
                if kinds.get(source_id, "pupil") != "pupil":
                    line.complain("agentSourcedIds", "not_a_pupil")
                    break
                if kinds.get(representative) == "pupil":
                    line.complain("agentSourcedIds", "pupil")
                    break
                # A teacher may answer for a child of the school without a role of a representative.
                term = answering.get(representative, Term(date.min, None))
                if term:
                    pairs[source_id, representative] = term.valid_until
        return pairs


def _longer(one: Term | None, other: Term | None) -> Term | None:
    """Of two terms the one that ends later; None is over."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda term: term.valid_until or date.max)


def _required(line: Line, column: str, rule: str, check: Callable[[str], str]) -> str | None:
    if not line.raw(column):
        line.complain(column, "required")
        return None
    return line.checked(column, rule, check)


def _quiet_day(line: Line, column: str) -> date | None:
    """A date whose mistake has been reported already."""
    try:
        return date.fromisoformat(line.raw(column))
    except ValueError:
        return None


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError):  # a folder of the database, «Europe», is an OSError
        raise ValueError("time zone") from None


def school_day(orgs: Sheet, now: datetime) -> date:
    """The date at the school; by UTC while the bundle does not say where the school is."""
    zone = "UTC"
    for line in orgs.lines:
        if line.raw("type") == "school":
            with suppress(ValueError):
                zone = _time_zone(line.raw("metadata.timeZone"))
    return now.astimezone(ZoneInfo(zone)).date()
