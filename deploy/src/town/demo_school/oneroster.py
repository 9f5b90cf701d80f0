"""The school as a OneRoster 1.2 CSV bundle; the columns are those of the package's FORMAT."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from town.demo_school.model import Person, School, SchoolClass, Teaching
from town.demo_school.people import DEMO_PASSWORD
from town.demo_school.subjects import HOMEROOM, HOMEROOM_COURSE, SUBJECTS

Row = Mapping[str, str]

_BASE = ("sourcedId", "status", "dateLastModified")
COLUMNS: dict[str, tuple[str, ...]] = {
    "manifest.csv": ("propertyName", "value"),
    "academicSessions.csv": (
        *_BASE, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear",
    ),
    "classes.csv": (
        *_BASE, "title", "grades", "courseSourcedId", "classCode", "classType", "location",
        "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods",
        "metadata.homeroomSourcedId", "metadata.group",
    ),
    "courses.csv": (
        *_BASE, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects",
        "subjectCodes",
    ),
    "demographics.csv": (
        *_BASE, "birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth",
        "publicSchoolResidenceStatus",
    ),
    "enrollments.csv": (
        *_BASE, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate",
        "endDate",
    ),
    "orgs.csv": (
        *_BASE, "name", "type", "identifier", "parentSourcedId", "metadata.city", "metadata.timeZone",
    ),
    "roles.csv": (
        *_BASE, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId",
        "userProfileSourcedId", "metadata.role",
    ),
    "users.csv": (
        *_BASE, "enabledUser", "username", "userIds", "givenName", "familyName", "middleName",
        "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password",
        "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName",
        "preferredFamilyName", "primaryOrgSourcedId", "pronouns", "metadata.snils",
        "metadata.initialPassword", "metadata.phoneProved", "metadata.emailProved",
    ),
}  # fmt: skip

_ABSENT = (
    "categories", "classResources", "courseResources", "lineItems", "lineItemLearningObjectiveIds",
    "lineItemScoreScales", "resources", "resultLearningObjectiveIds", "results", "resultScoreScales",
    "scoreScales", "userProfiles", "userResources",
)  # fmt: skip
_ROLES = {"pupil": "student", "director": "principal"}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip, so that equal contents are equal bytes."""

_YEAR = "ses-year"


def write_bundle(school: School, path: Path) -> None:
    """Write `school` to `path`; the same school gives the same bytes."""
    with zipfile.ZipFile(path, "w") as bundle:
        for name, rows in _files(school).items():
            member = zipfile.ZipInfo(name, _FIXED_TIME)
            member.external_attr = 0o644 << 16
            bundle.writestr(member, to_csv(COLUMNS[name], rows), zipfile.ZIP_DEFLATED)


def to_csv(columns: tuple[str, ...], rows: Iterable[Row]) -> bytes:
    """RFC 4180 with a header; a column that a row does not name stays empty, an unknown one is an error."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _files(school: School) -> dict[str, list[Row]]:
    return {
        "manifest.csv": _manifest(),
        "academicSessions.csv": _sessions(school),
        "classes.csv": [_homeroom(school, one) for one in school.classes]
        + [_scheduled(school, one) for one in school.teachings if one.subject is not HOMEROOM],
        "courses.csv": _courses(school),
        "demographics.csv": [_demographics(person) for person in school.people],
        "enrollments.csv": _enrollments(school),
        "orgs.csv": [
            {
                "sourcedId": school.source_id,
                "name": school.name,
                "type": "school",
                "identifier": "77-2048",
                "metadata.city": school.city,
                "metadata.timeZone": school.time_zone,
            }
        ],
        "roles.csv": [_role(school, person) for person in school.people],
        "users.csv": _users(school),
    }


def _manifest() -> list[Row]:
    properties = {"manifest.version": "1.0", "oneroster.version": "1.2"}
    files = {name.removesuffix(".csv"): "bulk" for name in COLUMNS if name != "manifest.csv"}
    files |= dict.fromkeys(_ABSENT, "absent")
    properties |= {f"file.{name}": files[name] for name in sorted(files)}
    properties |= {"source.systemName": "Zvonok demo school", "source.systemCode": "zvonok-demo"}
    return [{"propertyName": name, "value": value} for name, value in properties.items()]


def _sessions(school: School) -> list[Row]:
    year = school.week.year
    quarters = (
        (date(year, 9, 1), date(year, 10, 25)),
        (date(year, 11, 2), date(year, 12, 30)),
        (date(year + 1, 1, 11), date(year + 1, 3, 21)),
        (date(year + 1, 3, 29), date(year + 1, 5, 31)),
    )
    ends = str(year + 1)
    rows: list[Row] = [
        {
            "sourcedId": _YEAR,
            "title": f"{year}/{ends[2:]} учебный год",
            "type": "schoolYear",
            "startDate": school.week.year_starts.isoformat(),
            "endDate": school.week.year_ends.isoformat(),
            "schoolYear": ends,
        }
    ]
    rows += [
        {
            "sourcedId": _quarter(number),
            "title": f"{number} четверть",
            "type": "gradingPeriod",
            "startDate": first.isoformat(),
            "endDate": last.isoformat(),
            "parentSourcedId": _YEAR,
            "schoolYear": ends,
        }
        for number, (first, last) in enumerate(quarters, start=1)
    ]
    return rows


def _quarter(number: int) -> str:
    return f"ses-q{number}"


def _all_quarters() -> str:
    return ",".join(_quarter(number) for number in range(1, 5))


def _courses(school: School) -> list[Row]:
    taught = {teaching.subject.key for teaching in school.teachings}
    return [
        {
            "sourcedId": subject.source_id,
            "schoolYearSourcedId": _YEAR,
            "title": subject.title,
            "courseCode": subject.key,
            "grades": ",".join(f"{grade:02}" for grade in sorted(subject.hours)),
            "orgSourcedId": school.source_id,
            "subjects": subject.title,
        }
        for subject in (*SUBJECTS, HOMEROOM)
        if subject.key in taught
    ]


def _homeroom(school: School, school_class: SchoolClass) -> Row:
    return {
        "sourcedId": school_class.source_id,
        "title": school_class.title,
        "grades": f"{school_class.grade:02}",
        "courseSourcedId": HOMEROOM_COURSE,
        "classCode": school_class.title,
        "classType": "homeroom",
        "location": school.rooms[school_class.teacher.source_id],
        "schoolSourcedId": school.source_id,
        "termSourcedIds": _all_quarters(),
    }


def _scheduled(school: School, teaching: Teaching) -> Row:
    return {
        "sourcedId": teaching.source_id,
        "title": ", ".join(filter(None, (teaching.subject.title, teaching.school_class.title, _group(teaching)))),
        "grades": f"{teaching.school_class.grade:02}",
        "courseSourcedId": teaching.subject.source_id,
        "classCode": f"{teaching.school_class.title}-{teaching.subject.key}",
        "classType": "scheduled",
        "location": school.rooms[teaching.teacher.source_id],
        "schoolSourcedId": school.source_id,
        "termSourcedIds": _all_quarters(),
        "subjects": teaching.subject.title,
        "metadata.homeroomSourcedId": teaching.school_class.source_id,
        "metadata.group": f"{teaching.subject.title}, {_group(teaching)}" if teaching.part else "",
    }


def _group(teaching: Teaching) -> str:
    return f"группа {teaching.part}" if teaching.part else ""


def _users(school: School) -> list[Row]:
    grades = {pupil.source_id: one.grade for one in school.classes for pupil in one.pupils}
    rows: list[Row] = []
    for person in school.people:
        known = person.known is not None
        grade = grades.get(person.source_id)
        rows.append(
            {
                "sourcedId": person.source_id,
                "enabledUser": "true",
                "username": person.known.login.partition("@")[0] if person.known else person.source_id[4:],
                "givenName": person.given_name,
                "familyName": person.surname,
                "middleName": person.patronymic,
                "email": person.email,
                "phone": person.phone,
                "agentSourcedIds": ",".join(person.agents),
                "grades": f"{grade:02}" if grade else "",
                "primaryOrgSourcedId": school.source_id,
                "metadata.snils": person.snils,
                "metadata.initialPassword": DEMO_PASSWORD if known else "",
                "metadata.phoneProved": "1" if known else "",
                "metadata.emailProved": "1" if known else "",
            }
        )
    return rows


def _role(school: School, person: Person) -> Row:
    title = {"deputy": "deputy", "school_administrator": "schoolAdministrator"}.get(person.role, "")
    return {
        "sourcedId": person.source_id.replace("usr-", "rol-"),
        "userSourcedId": person.source_id,
        "roleType": "primary",
        "role": "siteAdministrator" if title else _ROLES.get(person.role, person.role),
        "beginDate": school.week.year_starts.isoformat(),
        "orgSourcedId": school.source_id,
        "metadata.role": title,
    }


def _enrollments(school: School) -> list[Row]:
    rows: list[Row] = []
    for school_class in school.classes:
        rows += [_enrollment(school, school_class.source_id, pupil, "student") for pupil in school_class.pupils]
        rows.append(_enrollment(school, school_class.source_id, school_class.teacher, "teacher", primary=True))
    rows += [
        _enrollment(school, teaching.source_id, teaching.teacher, "teacher")
        for teaching in school.teachings
        if teaching.subject is not HOMEROOM
    ]
    rows += [
        _enrollment(school, teaching.source_id, pupil, "student")
        for teaching in school.teachings
        if teaching.part
        for pupil in teaching.pupils
    ]
    return rows


def _enrollment(school: School, class_id: str, person: Person, role: str, *, primary: bool = False) -> Row:
    return {
        "sourcedId": f"enr-{class_id}-{person.source_id[4:]}",
        "classSourcedId": class_id,
        "schoolSourcedId": school.source_id,
        "userSourcedId": person.source_id,
        "role": role,
        "primary": "true" if primary else "false",
        "beginDate": school.week.year_starts.isoformat(),
    }


def _demographics(person: Person) -> Row:
    return {"sourcedId": person.source_id, "birthDate": person.birth_date.isoformat(), "sex": person.sex}
