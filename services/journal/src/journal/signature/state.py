"""Whether a week is signed, and whether anything has changed since (J-32)."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from journal.diary.frozen import State, page_hash, state_of
from journal.diary.page import week_document
from journal.roster.queries import Pupil
from journal.signature.queries import Signature, signatures_of_week
from journal.weeks import Week


@dataclass(frozen=True, slots=True)
class WeekState:
    """A page as it stands, and the versions of it that were signed."""

    page_hash: str
    signatures: list[Signature]

    @property
    def state(self) -> State:
        return state_of(self.page_hash, [one.page_hash for one in self.signatures])


async def read_state(session: AsyncSession, pupil: Pupil, week: Week) -> WeekState:
    """The hash of the page as it is now, and who has signed which version."""
    page = await week_document(session, pupil, week)
    found = await signatures_of_week(session, pupil.school_id, pupil.pupil_id, week.monday)
    return WeekState(page_hash(page), found)
