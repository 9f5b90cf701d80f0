"""The first story of the town, step by step over HTTP: a mark reaches the family, a grandmother looks in and is let go.

`make demo` prints it; the tests in `deploy/tests/stories` play the same steps and look closer.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from town.demo_school.people import CLASS_TITLE, GRANDMOTHER, MOTHER, PUPIL, TEACHER
from town.people import Person, until
from town.up.demo import this_week

SUBJECT_TITLE = "Математика"
"""What the known teacher teaches in the known class."""


@dataclass(slots=True)
class Told:
    """What the story found on its way, and how long each step took (seconds)."""

    times: dict[str, float] = field(default_factory=dict)
    mark: dict[str, Any] = field(default_factory=dict)
    pupil_id: str = ""
    grant_id: str = ""
    ticket: str = ""


Say = Callable[[str, str, float], None]
"""Told (Russian, English, seconds) after each step."""


class Story:
    """One play. `base_url` and `mail_url` say where the town is."""

    def __init__(self, base_url: Callable[[str], str], mail_url: str, say: Say, week: str | None = None) -> None:
        self._base_url = base_url
        self._mail_url = mail_url
        self._say = say
        self._week = week or this_week()
        self.told = Told()

    def play(self) -> Told:
        """All of it, in order."""
        with (
            Person(self._base_url, TEACHER) as teacher,
            Person(self._base_url, MOTHER) as mother,
            Person(self._base_url, GRANDMOTHER) as grandmother,
            Person(self._base_url) as stranger,
        ):
            self.a_mark_reaches_the_family(teacher, mother)
            self.a_grandmother_looks_in(mother, grandmother)
            self.and_is_let_go(mother, grandmother)
            self.a_ticket_gets_its_number(stranger)
        return self.told

    def a_mark_reaches_the_family(self, teacher: Person, mother: Person) -> None:
        """A teacher posts a mark; the mother finds it in the notification centre and in the week."""
        with self._step("Учитель находит урок и ученика", "The teacher finds lesson and pupil"):
            lesson = self._lesson(teacher)
            pupils = teacher.get("journal", f"/classes/{lesson['class_id']}/pupils")["pupils"]
            pupil = next(p for p in pupils if (p["surname"], p["given_name"]) == (PUPIL.surname, PUPIL.given_name))
            form = teacher.get("journal", "/control-forms")["items"][0]
        self.told.pupil_id = pupil["pupil_id"]
        with self._step("Учитель ставит 5", "The teacher posts a 5"):
            self.told.mark = teacher.post(
                "journal",
                f"/lessons/{lesson['lesson_id']}/marks",
                {
                    "pupil_id": pupil["pupil_id"],
                    "value": "5",
                    "control_form_id": form["control_form_id"],
                    "comment": "Отличная работа",
                },
            )["mark"]
        posted = time.perf_counter()
        posted_at = self.told.mark["posted_at"]
        until(
            lambda: any(
                item["kind"] == "grade_posted" and item["occurred_at"] >= posted_at
                for item in mother.get("notifications", "/inbox", limit=5)["items"]
            ),
            "the mark in the mother's notification centre",
        )
        self._took("post_to_inbox", posted, "Мама видит оценку в уведомлениях", "The mother is notified of the mark")
        with self._step("Мама читает неделю дневника", "The mother reads the week of the diary"):
            assert self._marks(mother, lesson["lesson_id"]), "the mark stands in the week"

    def a_grandmother_looks_in(self, mother: Person, grandmother: Person) -> None:
        """The mother invites, the grandmother accepts from her notification centre and reads."""
        pupil = self.told.pupil_id
        self._let_go_before(mother, grandmother)
        before = datetime.now(UTC) - timedelta(seconds=5)
        with self._step("Мама подтверждает пароль и приглашает бабушку", "The mother invites the grandmother"):
            mother.confirm_password()
            mother.post(
                "delegation",
                "/invitations",
                {"children": [pupil], "phone": GRANDMOTHER.phone, "surname": GRANDMOTHER.surname},
            )
        sent = time.perf_counter()
        item = until(lambda: self._invitation(grandmother, before), "the invitation at the grandmother's")
        self._took("invite_to_inbox", sent, "Бабушка видит приглашение", "The grandmother sees the invitation")
        grandmother.post("delegation", f"/invitations/{item['actions']['about_id']}/accept")
        accepted = time.perf_counter()
        until(lambda: self._status(grandmother) == 200 or None, "the grandmother reads the diary")
        self._took("accept_to_read", accepted, "Бабушка приняла и читает дневник", "Accepted, and reads the diary")

    def and_is_let_go(self, mother: Person, grandmother: Person) -> None:
        """The mother revokes; the diary is not found any more."""
        grants = mother.get("delegation", "/grants")["items"]
        grant = next(g for g in grants if self._is_the_grandmothers(g, grandmother))
        self.told.grant_id = grant["id"]
        mother.confirm_password()
        mother.delete("delegation", f"/grants/{grant['id']}")
        revoked = time.perf_counter()
        until(lambda: self._status(grandmother) == 404 or None, "the grandmother is let go")
        self._took("revoke_to_last_read", revoked, "Доступ отозван: 404", "Revoked: 404")

    def a_ticket_gets_its_number(self, stranger: Person) -> None:
        """Somebody without an account asks for help; the number comes at once and by mail."""
        address = f"help-{time.time_ns()}@zvonok.example"
        with self._step("Обращение в поддержку", "A ticket is filed"):
            filed = stranger.post(
                "support",
                "/tickets",
                {"type": "access", "email": address, "subject": "Не могу войти", "text": "Не приходит код."},
            )
        self.told.ticket = filed["number"]
        filed_at = time.perf_counter()
        until(lambda: self._letter(address, filed["number"]), "the letter with the number")
        self._took("ticket_to_mail", filed_at, f"Письмо с номером {filed['number']}", f"Mail with {filed['number']}")

    def _lesson(self, teacher: Person) -> dict[str, Any]:
        lessons = teacher.get("journal", "/lessons", week=self._week)["items"]
        found: dict[str, Any] = next(
            lesson
            for lesson in lessons
            if (lesson["class_name"], lesson["subject_title"]) == (CLASS_TITLE, SUBJECT_TITLE)
        )
        return found

    def _marks(self, reader: Person, lesson_id: str) -> list[Any]:
        week = reader.get("journal", f"/diaries/{self.told.pupil_id}/weeks/{self._week}")
        return [
            mark
            for day in week["days"]
            for lesson in day["lessons"]
            if lesson["lesson_id"] == lesson_id
            for mark in lesson["marks"]
            if mark["mark_id"] == self.told.mark["mark_id"]
        ]

    def _status(self, reader: Person) -> int:
        return reader.ask("GET", "journal", f"/diaries/{self.told.pupil_id}/weeks/{self._week}").status_code

    def _let_go_before(self, mother: Person, grandmother: Person) -> None:
        """A story that broke off may have left an invitation or a grant: it would be in this one's way."""
        for invitation in mother.get("delegation", "/invitations")["items"]:
            to_her = invitation.get("addressee_surname") == GRANDMOTHER.surname
            if to_her and invitation["pupil_id"] == self.told.pupil_id and "cancel" in invitation["allowed"]:
                mother.post("delegation", f"/invitations/{invitation['id']}/cancel")
        for grant in mother.get("delegation", "/grants")["items"]:
            if self._is_the_grandmothers(grant, grandmother):
                mother.delete("delegation", f"/grants/{grant['id']}")

    def _is_the_grandmothers(self, grant: dict[str, Any], grandmother: Person) -> bool:
        return (grant["pupil_id"], grant["trusted_account_id"], grant["state"]) == (
            self.told.pupil_id,
            grandmother.account_id,
            "active",
        )

    def _invitation(self, grandmother: Person, since: datetime) -> dict[str, Any] | None:
        for item in grandmother.get("notifications", "/inbox", limit=10, actionable=True)["items"]:
            fresh = datetime.fromisoformat(item["occurred_at"]) >= since
            if item["kind"] == "invitation_sent" and item["actions"]["state"] == "pending" and fresh:
                found: dict[str, Any] = item
                return found
        return None

    def _letter(self, address: str, number: str) -> bool | None:
        found = httpx.get(f"{self._mail_url}/messages", params={"to": address}, timeout=5, trust_env=False).json()
        return any(number in str(letter) for letter in found) or None

    @contextmanager
    def _step(self, russian: str, english: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._say(russian, english, time.perf_counter() - start)

    def _took(self, name: str, since: float, russian: str, english: str) -> None:
        self.told.times[name] = time.perf_counter() - since
        self._say(russian, english, self.told.times[name])
