"""The second story: a parent registers, the class teacher puts a mistyped phone right, the diary opens (I-20 … I-22).

`make demo` prints it; the tests in `deploy/tests/stories` play the same steps and look closer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from town.demo_school.people import TEACHER
from town.newcomers import Family, Newcomer, Post, another_phone, families_without_account
from town.people import Late, Person, until
from town.story import Say


@dataclass(slots=True)
class Opened:
    """What the story found on its way, and how long each step took (seconds)."""

    times: dict[str, float] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What the parent was told to do: after the password, and after the link."""
    review: dict[str, Any] = field(default_factory=dict)
    """What the class teacher saw."""
    pupil_id: str = ""


class StoryOfAccess:
    """One play: a parent whom the school knows by a mistyped phone."""

    def __init__(self, base_url: Callable[[str], str], post: Post, say: Say, week: str) -> None:
        self._base_url = base_url
        self._post = post
        self._say = say
        self._week = week
        self.opened = Opened()

    def play(self) -> Opened:
        """All of it, in order; each time another family of the class.

        Raises:
            Late: everybody of the class has an account already.
        """
        with Person(self._base_url, TEACHER) as teacher:
            family = next(iter(families_without_account(teacher)), None)
            if family is None:
                raise Late("no parent of the class is left without an account; `make clean` begins anew")
            # The phone that the school has is not the parent's: somebody mistyped it.
            with Newcomer(self._base_url, self._post, family.form(phone=another_phone())) as parent:
                self.a_parent_registers(parent)
                self.the_teacher_corrects(teacher, parent, family)
        return self.opened

    def a_parent_registers(self, parent: Newcomer) -> None:
        """Form, SMS, password, link in the letter; at each step the parent is told what to do."""
        began = perf_counter()
        parent.register()
        self._took("register", began, "Родитель регистрируется по коду из SMS", "A parent registers by a code")
        self.opened.told += parent.get("identity", "/me/access")["what_to_do"]
        began = perf_counter()
        parent.open_link()
        self._took("prove_email", began, "Почта подтверждена по ссылке из письма", "The mailbox is proved by a link")
        self.opened.told += parent.get("identity", "/me/access")["what_to_do"]

    def the_teacher_corrects(self, teacher: Person, parent: Newcomer, family: Family) -> None:
        """Both sides side by side; one click, and the diary opens."""
        school = f"/schools/{family.school_id}/reviews"
        reviews = teacher.get("identity", school, limit=100)["items"]
        person_id = family.representative["person_id"]
        review = next(one for one in reviews if one["record"] and one["record"]["person_id"] == person_id)
        self.opened.review, self.opened.pupil_id = review, family.pupil["person_id"]
        began = perf_counter()
        teacher.post("identity", f"/reviews/{review['review_id']}/correct", {"version": review["version"]})
        self._took("correct", began, "Учитель исправляет телефон одним нажатием", "The teacher corrects the phone")
        until(lambda: self._has_diary(parent), "the diary among the parent's")
        parent.reads(self.opened.pupil_id, self._week)
        self._took("correct_to_diary", began, "Родитель читает неделю дневника", "The parent reads the diary")

    def _has_diary(self, parent: Newcomer) -> bool:
        return self.opened.pupil_id in [one["pupil_id"] for one in parent.get("journal", "/diaries")["items"]]

    def _took(self, name: str, since: float, russian: str, english: str) -> None:
        self.opened.times[name] = perf_counter() - since
        self._say(russian, english, self.opened.times[name])
