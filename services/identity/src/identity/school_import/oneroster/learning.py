"""Who learns and teaches where, and who answers for whom."""

from collections.abc import Iterable
from datetime import date

from identity.school_import.oneroster.terms import term_of
from identity.school_import.roster import ClassEntry, Duty, EnrolmentEntry, GroupEntry, PersonKind, Term
from identity.sheets import Line


def read_enrolments(
    lines: Iterable[Line],
    today: date,
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
    for line in lines:
        where = line.reference("classSourcedId", "classes.csv", classes)
        person = line.reference("userSourcedId", "users.csv", users)
        role = line.choice("role", ("student", "teacher", "aide", "proctor", "administrator"))
        is_class_teacher = line.flag("primary")
        term = term_of(line, today)
        if not where or not person or not role:
            continue
        is_pupil = kinds.get(person, "pupil" if role == "student" else "staff") == "pupil"
        if is_pupil != (role == "student"):
            line.complain("userSourcedId", "pupil" if is_pupil else "not_a_pupil")
        elif role == "student" and where in groups:
            if term:
                in_groups[where, person] = line
        elif role == "student":
            _enrol(line, where, person, term, classes, enrolments)
        elif role == "teacher" and term and where in scheduled:
            duties[Duty(person, "subject_teacher", *scheduled[where])] = term
        elif role == "teacher" and term and where in homerooms and is_class_teacher:
            duties[Duty(person, "class_teacher", where)] = term
    entries = [entry for entry, _ in enrolments.values()]
    return entries, _members(in_groups, groups, {entry.pupil: entry.school_class for entry in entries})


def _enrol(
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
    in_groups: dict[tuple[str, str], Line], groups: dict[str, GroupEntry], homes: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Who learns in which group; whoever has left the class has left its groups."""
    for (group, pupil), line in in_groups.items():
        if homes.get(pupil, groups[group].school_class) != groups[group].school_class:
            line.complain("classSourcedId", "group_class")
    return tuple((group, pupil) for group, pupil in in_groups if pupil in homes)


def read_guardianships(
    users: dict[str, Line], kinds: dict[str, PersonKind], answering: dict[str, Term | None]
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
