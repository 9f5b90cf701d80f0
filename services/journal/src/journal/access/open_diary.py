"""Opens diaries: for those who may, and for nobody else does the pupil exist (J-1, J-3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import FAMILY, OPEN_DIARY, SECTIONS
from journal.errors import PupilNotFound
from journal.roster.queries import Pupil, find_pupil, find_pupils
from shared.access import Action, Decision, Edge, Relation, decide, edges_for, edges_of


@dataclass(frozen=True, slots=True)
class OpenDiary:
    """One pupil's diary, and as what it is open to the caller."""

    pupil: Pupil
    decision: Decision
    edges: Collection[Edge]
    """Of the caller, by which it was opened."""
    now: datetime

    def may(self, action: Action) -> bool:
        """Whether the caller may do something else with this diary."""
        return bool(decide(self.edges, action, self.pupil.as_object(), self.now))

    @property
    def sections(self) -> frozenset[str]:
        """What may be read in it: all, or what a trusted person was granted."""
        return SECTIONS & self.decision.scope if self.decision.relation == "trusted" else SECTIONS

    @property
    def sees_all(self) -> bool:
        """Reasons of absences, notices and notes on behaviour are not for trusted persons (D-7)."""
        return self.decision.relation is not Relation.TRUSTED

    @property
    def label(self) -> str:
        """How the diary is called among several: «Михаил, 7А»."""
        return ", ".join(filter(None, (self.pupil.given_name, self.pupil.class_name)))


async def open_diary(session: AsyncSession, account_id: UUID, pupil_id: UUID, now: datetime) -> OpenDiary:
    """Open one diary.

    Raises:
        PupilNotFound: there is no such pupil, or not for this account.
    """
    pupil = await find_pupil(session, pupil_id)
    if pupil is None:
        raise PupilNotFound
    place = pupil.as_object()
    edges = await edges_for(session, account_id, place.keys())
    decision = decide(edges, OPEN_DIARY, place, now)
    if not decision:
        raise PupilNotFound
    return OpenDiary(pupil, decision, edges, now)


async def diaries_of(session: AsyncSession, account_id: UUID, now: datetime) -> list[OpenDiary]:
    """The diaries of an account as pupil, representative or trusted person, by label."""
    edges = [edge for edge in await edges_of(session, account_id, now, object_type="pupil") if edge.relation in FAMILY]
    pupils = await find_pupils(session, {edge.object_id for edge in edges})
    diaries = [
        OpenDiary(pupil, decide(edges, OPEN_DIARY, pupil.as_object(), now), edges, now) for pupil in pupils.values()
    ]
    return sorted((diary for diary in diaries if diary.decision), key=lambda diary: (diary.label, diary.pupil.pupil_id))
