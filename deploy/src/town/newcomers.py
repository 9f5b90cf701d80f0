"""People whom no school has given an account: they register by themselves, with the codes and links that reach them."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from town.people import Person, until

_CODE = re.compile(r"Код (\d{6})\.")
_SECRET = re.compile(r"#([A-Za-z0-9._~-]{8,512})")

PASSWORD = "Синий-трамвай-47"  # noqa: S105 -- of invented people, who last as long as a story
"""What newcomers choose. The demo people's is made of the word «звонок», which nobody may choose (I-7)."""


@dataclass(frozen=True, slots=True)
class Post:
    """What reaches people in this town: the local telephone and the local mail box."""

    sms_url: str
    mail_url: str

    def sms(self, phone: str) -> list[dict[str, Any]]:
        """Messages to a number, newest first."""
        return _messages(self.sms_url, phone)

    def mail(self, address: str) -> list[dict[str, Any]]:
        """Letters to an address, newest first."""
        return _messages(self.mail_url, address)

    def code_after(self, phone: str, seen: int) -> str:
        """The code of the SMS that comes after so many others."""
        return until(lambda: _found(_CODE, _newer(self.sms(phone), seen)), "the SMS with the code")

    def secret_after(self, address: str, seen: int, page: str) -> str:
        """What stands behind the `#` of the link to a page of the portal, in a letter after so many others."""
        link = re.compile(rf"/{page}{_SECRET.pattern}")
        return until(lambda: _found(link, _newer(self.mail(address), seen)), f"the link to {page}")


def _newer(messages: list[dict[str, Any]], seen: int) -> list[dict[str, Any]]:
    """Without the oldest ones, which have been seen."""
    return messages[: len(messages) - seen]


def _messages(url: str, to: str) -> list[dict[str, Any]]:
    answer = httpx.get(f"{url}/messages", params={"to": to}, timeout=5, trust_env=False)
    found: list[dict[str, Any]] = answer.json()
    return found


def _found(pattern: re.Pattern[str], messages: list[dict[str, Any]]) -> str | None:
    for message in messages:
        if match := pattern.search(message["text"]):
            return match[match.lastindex or 0]
    return None


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody types who registers."""

    surname: str
    given_name: str
    patronymic: str | None
    phone: str
    email: str
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields: `snils`, `role`."""


class Newcomer(Person):
    """Somebody who registers, and goes on signed in.

    Args:
        base_url: service → address.
        post: where codes and links arrive.
        form: what is typed.
    """

    def __init__(self, base_url: Callable[[str], str], post: Post, form: Form) -> None:
        super().__init__(base_url)
        self._post = post
        self.form = form
        self.phone = form.phone
        self.password = PASSWORD
        self._letters = 0

    def register(self) -> None:
        """Form, code of the SMS, password: the account, signed in. The letter with the link is on its way."""
        seen, self._letters = len(self._post.sms(self.phone)), len(self._post.mail(self.form.email))
        consent = self.get("identity", "/consents/personal_data")
        typed = {
            "surname": self.form.surname,
            "given_name": self.form.given_name,
            "patronymic": self.form.patronymic,
            "phone": self.form.phone,
            "email": self.form.email,
            "consent_version": consent["version"],
            **self.form.more,
        }
        token = self.post("identity", "/registrations", typed)["registration_token"]
        code = self._post.code_after(self.phone, seen)
        self.post("identity", "/registrations/code", {"registration_token": token, "code": code})
        chosen = {"password": self.password, "password_again": self.password, "device_token": self._device}
        made = self.post("identity", "/registrations/password", {"registration_token": token, **chosen})
        self._goes_on_with(made["session"], made["account_id"])

    def open_link(self) -> None:
        """Open the link of the registration's letter: the mailbox is proved."""
        secret = self._post.secret_after(self.form.email, self._letters, "confirm")
        self.post("identity", "/contact-links", {"token": secret})

    def change_phone(self, phone: str) -> None:
        """A new phone, proved by its code."""
        seen = len(self._post.sms(phone))
        self.confirm_password()
        self.post("identity", "/me/contacts/phone", {"phone": phone})
        self.post("identity", "/me/contacts/phone/code", {"code": self._post.code_after(phone, seen)})
        self.phone = phone

    def recover(self, login: str, password: str) -> None:
        """Choose another password by a code; the token in this hand stays, for as long as it is let.

        Whoever has just proved the phone names another login, a СНИЛС: one code a minute is sent for each.
        """
        seen = len(self._post.sms(self.phone))
        token = self.post("identity", "/recoveries", {"login": login})["recovery_token"]
        chosen = {"code": self._post.code_after(self.phone, seen), "password": password, "password_again": password}
        self.post("identity", "/recoveries/password", {"recovery_token": token, **chosen})
        self.password = password

    def sign_in_again(self) -> None:
        """With the phone and the password as they are now."""
        self._sign_in_as(self.phone)

    def diary(self, pupil_id: str, week: str) -> httpx.Response:
        """A week of a diary in the journal, whatever it is answered with."""
        return self.ask("GET", "journal", f"/diaries/{pupil_id}/weeks/{week}")

    def reads(self, pupil_id: str, week: str, seconds: float = 30) -> None:
        """Wait until the journal shows a diary."""
        until(lambda: self.diary(pupil_id, week).status_code == 200, "the diary is open", seconds)

    def reads_no_more(self, pupil_id: str, week: str, seconds: float = 30) -> None:
        """Wait until the journal knows of no such diary."""
        until(lambda: self.diary(pupil_id, week).status_code == 404, "the diary is closed", seconds)


@dataclass(frozen=True, slots=True)
class Family:
    """A representative of a class whom the school knows and who has no account yet, with one child."""

    school_id: str
    class_id: str
    pupil: dict[str, Any]
    representative: dict[str, Any]

    def form(self, **changed: Any) -> Form:
        """What the representative types: as the school has it, but for what is changed."""
        known = {name: self.representative[name] for name in ("surname", "given_name", "patronymic", "phone", "email")}
        more = {"role": "representative"} | changed.pop("more", {})
        return Form(**(known | changed), more=more)


def another_phone() -> str:
    """A number that nobody has."""
    return f"+79{secrets.randbelow(10**9):09d}"


def families_without_account(teacher: Person) -> list[Family]:
    """Representatives of the own class with phone and mailbox and without an account, in the order of the register.

    Raises:
        StopIteration: the caller leads no class.
    """
    school_id, class_id = next(
        (school["school_id"], role["class_id"])
        for school in teacher.get("identity", "/me/roles")["items"]
        for role in school["roles"]
        if role["role"] == "class_teacher"
    )
    found: dict[str, Family] = {}
    for pupil in teacher.get("identity", f"/classes/{class_id}/contacts")["pupils"]:
        for one in pupil["representatives"]:
            if one["phone"] and one["email"] and not one["has_access"]:
                found.setdefault(one["person_id"], Family(school_id, class_id, pupil, one))
    return list(found.values())
