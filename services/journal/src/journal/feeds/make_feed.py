"""Make and take back the address of a feed (J-6)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from journal.access.open_diary import open_diary
from journal.errors import FeedNotFound, NotATeacher, PupilNotFound, TooManyFeeds
from journal.feeds.rules import new_secret, secret_hash
from journal.feeds.tables import feeds
from journal.roster.queries import staff_of_account
from shared.db import Tx, UnitOfWork
from shared.http import Caller, Language

MOST = 20
"""Addresses of one account; enough for several children on several devices."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed and its secret, which is told once."""

    feed_id: UUID
    secret: str
    made_at: datetime


async def make_feed(uow: UnitOfWork, caller: Caller, pupil_id: UUID | None, language: Language) -> NewFeed:
    """Make an address for a pupil's timetable, or (None) for the caller's own lessons.

    Raises:
        PupilNotFound: the diary, or its timetable, is not open to the caller.
        NotATeacher: the caller teaches nowhere.
        TooManyFeeds: some have to be taken back first.
    """
    async with uow.begin() as tx:
        await _may_have(tx, caller, pupil_id)
        held = select(feeds.c.feed_id).where(feeds.c.account_id == caller.account_id, feeds.c.revoked_at.is_(None))
        if len((await tx.session.scalars(held.with_for_update())).all()) >= MOST:
            raise TooManyFeeds(most=MOST)
        made = NewFeed(tx.new_id(), new_secret(), tx.now)
        await tx.session.execute(
            insert(feeds).values(
                feed_id=made.feed_id,
                account_id=caller.account_id,
                pupil_id=pupil_id,
                secret_hash=secret_hash(made.secret),
                locale=language,
                made_at=tx.now,
            )
        )
        return made


async def revoke_feed(uow: UnitOfWork, caller: Caller, feed_id: UUID) -> None:
    """Take an address back: from now on it is not found.

    Raises:
        FeedNotFound: unknown, taken back before, or somebody else's.
    """
    async with uow.begin() as tx:
        revoked = await tx.session.scalar(
            update(feeds)
            .where(feeds.c.feed_id == feed_id, feeds.c.account_id == caller.account_id, feeds.c.revoked_at.is_(None))
            .values(revoked_at=tx.now)
            .returning(feeds.c.feed_id)
        )
        if revoked is None:
            raise FeedNotFound


async def _may_have(tx: Tx, caller: Caller, pupil_id: UUID | None) -> None:
    if pupil_id is None:
        if not await staff_of_account(tx.session, caller.account_id):
            raise NotATeacher
        return
    diary = await open_diary(tx.session, caller.account_id, pupil_id, tx.now)
    if "timetable" not in diary.sections:
        raise PupilNotFound
