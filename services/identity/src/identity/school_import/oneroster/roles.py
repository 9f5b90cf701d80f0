"""Who is what: pupils, representatives, staff and their duties."""

from collections.abc import Sequence
from datetime import date

from identity.school_import.oneroster.terms import longer, term_of
from identity.school_import.roster import Duty, PersonKind, Term
from identity.sheets import Line
from shared.contracts.identity import StaffRole

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


def read_roles(
    lines: Sequence[Line], today: date, users: dict[str, Line], orgs: dict[str, Line]
) -> tuple[dict[str, PersonKind], dict[Duty, Term], dict[str, Term | None]]:
    """Kinds of people, duties, and for representatives their term (None: over)."""
    kinds: dict[str, PersonKind] = {}
    duties: dict[Duty, Term] = {}
    answering: dict[str, Term | None] = {}
    for line in lines:
        person = line.reference("userSourcedId", "users.csv", users)
        line.reference("orgSourcedId", "orgs.csv", orgs)
        role = line.choice("role", _ROLES)
        term = term_of(line, today)
        if not person or not role:
            continue
        kind: PersonKind = "pupil" if role == "student" else "staff" if role in _STAFF_ROLES else "representative"
        # Of several roles the first of these counts: a teacher may be a parent in the same school.
        kinds[person] = min(kind, kinds.get(person, kind), key=_KINDS.index)
        duty = _duty(line, person, role)
        if duty and term:
            duties[duty] = term
        if kind == "representative":
            answering[person] = longer(answering.get(person), term)
    for source_id, line in users.items():
        if source_id not in kinds and lines:
            line.complain("sourcedId", "role_missing")
    return kinds, duties, answering


def _duty(line: Line, person: str, role: str) -> Duty | None:
    if role == "principal":
        return Duty(person, "director")
    if role != "siteAdministrator":
        return None
    which = line.choice("metadata.role", _ADMINISTRATORS, default="schoolAdministrator")
    return Duty(person, _ADMINISTRATORS[which]) if which else None
