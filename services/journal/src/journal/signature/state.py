"""Whether a week is signed, and whether anything has changed since (J-32)."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from journal.diary.page import week_document
from journal.roster.queries import Pupil
from journal.signature.queries import Signature, signatures_of_week
from journal.signature.rules import page_hash
from journal.weeks import Week

State = Literal["unsigned", "signed", "changed"]


@dataclass(frozen=True, slots=True)
class WeekState:
    """A page as it stands, and the versions of it that were signed."""

    page_hash: str
    signatures: list[Signature]

    @property
    def state(self) -> State:
        """`changed`: «подписана версия от …, есть изменения»; the old signature stays valid for its version."""
        if not self.signatures:
            return "unsigned"
        return "signed" if any(one.page_hash == self.page_hash for one in self.signatures) else "changed"


async def read_state(session: AsyncSession, pupil: Pupil, week: Week) -> WeekState:
    """The hash of the page as it is now, and who has signed which version."""
    page = await week_document(session, pupil, week)
    found = await signatures_of_week(session, pupil.school_id, pupil.pupil_id, week.monday)
    return WeekState(page_hash(page), found)
