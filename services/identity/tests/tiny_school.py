"""A school of a few people as its registry exports it, and what tests know of them."""

import csv
import zipfile
from dataclasses import dataclass, field
from io import BytesIO, StringIO

PASSWORD = "Zvonok-demo-2026"
MOTHER_PHONE = "+79000000002"
MOTHER_SNILS = "112-233-445 95"
TEACHER_EMAIL = "orlova@zvonok.example"

Row = dict[str, str]


class Known:
    """What tests sign in with and look for."""

    password = PASSWORD
    mother_phone = MOTHER_PHONE
    mother_snils = MOTHER_SNILS
    teacher_email = TEACHER_EMAIL


@dataclass
class Bundle:
    """Files as lists of rows."""

    files: dict[str, list[Row]]
    raw: dict[str, bytes] = field(default_factory=dict)
    """Bytes that replace a file."""

    def row(self, file: str, source_id: str) -> Row:
        return next(row for row in self.files[file] if row["sourcedId"] == source_id)

    def text(self, file: str) -> str:
        rows = self.files[file]
        out = StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def zip(self) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self.files:
                if file not in self.raw:
                    archive.writestr(file, self.text(file))
            for file, content in self.raw.items():
                archive.writestr(file, content)
        return out.getvalue()


def user(source_id: str, family: str, given: str, middle: str = "", **cells: str) -> Row:
    row = {
        "sourcedId": source_id,
        "status": "",
        "enabledUser": "true",
        "username": source_id.removeprefix("usr-"),
        "givenName": given,
        "familyName": family,
        "middleName": middle,
        "email": "",
        "phone": "",
        "agentSourcedIds": "",
        "primaryOrgSourcedId": "org-school",
        "metadata.snils": "",
        "metadata.initialPassword": "",
        "metadata.phoneProved": "",
        "metadata.emailProved": "",
    }
    return row | {name.replace("__", "."): value for name, value in cells.items()}


def role(person: str, name: str, title: str = "") -> Row:
    return {
        "sourcedId": f"rol-{person}",
        "userSourcedId": person,
        "roleType": "primary",
        "role": name,
        "beginDate": "2026-09-01",
        "endDate": "",
        "orgSourcedId": "org-school",
        "metadata.role": title,
    }


def enrolment(where: str, person: str, name: str, *, primary: bool = False) -> Row:
    return {
        "sourcedId": f"enr-{where}-{person}",
        "classSourcedId": where,
        "schoolSourcedId": "org-school",
        "userSourcedId": person,
        "role": name,
        "primary": "true" if primary else "false",
        "beginDate": "2026-09-01",
        "endDate": "",
    }


def tiny_school() -> Bundle:
    """Two classes, two subjects, a director, two teachers, three pupils, three representatives; six accounts."""
    issued = {"metadata__initialPassword": PASSWORD}
    proved = {"metadata__phoneProved": "1", "metadata__emailProved": "1"}
    classes = [
        {
            "sourcedId": source_id,
            "title": title,
            "grades": "07",
            "courseSourcedId": course,
            "classType": kind,
            "schoolSourcedId": "org-school",
            "metadata.homeroomSourcedId": homeroom,
        }
        for source_id, title, course, kind, homeroom in (
            ("cls-7a", "7А", "crs-hour", "homeroom", ""),
            ("cls-7b", "7Б", "crs-hour", "homeroom", ""),
            ("cls-7a-math", "Алгебра 7А", "crs-math", "scheduled", "cls-7a"),
            ("cls-7b-math", "Алгебра 7Б", "crs-math", "scheduled", "cls-7b"),
        )
    ]
    users = [
        user("usr-director", "Громов", "Павел", "Николаевич", phone="+79000000006", **issued, **proved),
        user("usr-teacher", "Орлова", "Марина", "Сергеевна", email=TEACHER_EMAIL, **issued, **proved),
        user("usr-teacher2", "Жукова", "Вера", "Сергеевна", phone="+79001565139"),
        user("usr-mother", "Соколова", "Анна", "Викторовна", phone=MOTHER_PHONE,
             email="sokolova@zvonok.example", metadata__snils=MOTHER_SNILS, **issued, **proved),
        user("usr-father", "Соколов", "Дмитрий", "Андреевич", phone="+79000000003", **issued, **proved),
        user("usr-granny", "Белова", "Галина", "Петровна", email="belova@zvonok.example", **issued, **proved),
        user("usr-pupil", "Соколов", "Михаил", "Дмитриевич", agentSourcedIds="usr-mother,usr-father", **issued),
        user("usr-sister", "Соколова", "Ольга", "Дмитриевна", agentSourcedIds="usr-mother"),
        user("usr-other", "Яковлев", "Пётр", "нет"),
    ]  # fmt: skip
    return Bundle(
        {
            "manifest.csv": [
                {"propertyName": "manifest.version", "value": "1.0"},
                {"propertyName": "oneroster.version", "value": "1.2"},
                {"propertyName": "file.users", "value": "bulk"},
            ],
            "orgs.csv": [
                {
                    "sourcedId": "org-school",
                    "name": "Школа № 2048",
                    "type": "school",
                    "metadata.city": "Москва",
                    "metadata.timeZone": "Europe/Moscow",
                }
            ],
            "academicSessions.csv": [
                {
                    "sourcedId": "ses-year",
                    "title": "2026/27 учебный год",
                    "type": "schoolYear",
                    "startDate": "2026-09-01",
                    "endDate": "2027-05-31",
                }
            ],
            "courses.csv": [
                {"sourcedId": "crs-hour", "title": "Классный час"},
                {"sourcedId": "crs-math", "title": "Алгебра"},
            ],
            "classes.csv": classes,
            "users.csv": users,
            "roles.csv": [
                role("usr-director", "principal"),
                role("usr-teacher", "teacher"),
                role("usr-teacher2", "siteAdministrator", "deputy"),
                role("usr-mother", "parent"),
                role("usr-father", "parent"),
                role("usr-granny", "guardian"),
                role("usr-pupil", "student"),
                role("usr-sister", "student"),
                role("usr-other", "student"),
            ],
            "enrollments.csv": [
                enrolment("cls-7a", "usr-pupil", "student"),
                enrolment("cls-7b", "usr-sister", "student"),
                enrolment("cls-7a", "usr-other", "student"),
                enrolment("cls-7a", "usr-teacher", "teacher", primary=True),
                enrolment("cls-7a-math", "usr-teacher", "teacher"),
                enrolment("cls-7b-math", "usr-teacher", "teacher"),
            ],
            "demographics.csv": [
                {"sourcedId": "usr-pupil", "birthDate": "2013-05-19", "sex": "male"},
                {"sourcedId": "usr-mother", "birthDate": "1986-07-02", "sex": "female"},
            ],
        }
    )
