"""A zipped bundle, read into a roster."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from identity.mistakes import Mistakes
from identity.school_import.bundle import open_bundle
from identity.school_import.oneroster.classes import read_classes, read_groups
from identity.school_import.oneroster.columns import COLUMNS
from identity.school_import.oneroster.learning import read_enrolments, read_guardianships
from identity.school_import.oneroster.people import read_births, read_people
from identity.school_import.oneroster.roles import read_roles
from identity.school_import.oneroster.school import read_school
from identity.school_import.oneroster.terms import school_day
from identity.school_import.roster import Roster, Term
from identity.sheets import Sheet, read_sheet


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
    roster = _roster(sheets, mistakes, school_day(sheets["orgs.csv"], now))
    return (None if len(mistakes) else roster), mistakes


def _roster(sheets: dict[str, Sheet], mistakes: Mistakes, today: date) -> Roster | None:
    """One pass over the sheets; each step reads what the following ones refer to."""
    _check_manifest(sheets["manifest.csv"])
    _only_bulk(sheets.values())
    orgs = sheets["orgs.csv"].by_id()
    sessions = sheets["academicSessions.csv"].by_id()
    courses = sheets["courses.csv"].by_id()
    classes = sheets["classes.csv"].by_id()
    users = sheets["users.csv"].by_id()
    school = read_school(sheets, mistakes, orgs, sessions)
    subjects, homerooms, scheduled = read_classes(classes, courses, orgs)
    groups = read_groups(classes, scheduled)
    kinds, duties, answering = read_roles(sheets["roles.csv"].lines, today, users, orgs)
    people = read_people(users, kinds, read_births(sheets["demographics.csv"].by_id(), users, today))
    enrolments, members = read_enrolments(
        sheets["enrollments.csv"].lines, today, classes, users, kinds, homerooms, scheduled, groups, duties
    )
    guardianships = read_guardianships(users, kinds, answering)
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


def _check_manifest(manifest: Sheet) -> None:
    for line in manifest.lines:
        name, value = line.raw("propertyName"), line.raw("value")
        if name == "oneroster.version" and value != "1.2":
            line.complain("value", "version")
        if name.removeprefix("file.") + ".csv" in COLUMNS and value not in {"bulk", "absent"}:
            line.complain("value", "bulk_only")


def _only_bulk(sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        for line in sheet.lines:
            if line.raw("status") not in {"", "active"}:
                line.complain("status", "bulk_only")
