from typing import Any

from sqlalchemy import delete, select

from notifications.inbox.catch_up import catch_up_again
from notifications.inbox.tables import copies, late_comers


async def test_the_second_look_finds_what_passed_in_the_same_moment(
    family: Any, tell: Any, reader: Any, database: Any, clock: Any
) -> None:
    """A mark and a binding handled at once do not see each other: as if the mark had found no reader."""
    await tell(family.enrolled(), family.posted("5"), family.granted(family.mother))
    async with database.uow.begin() as tx:
        await tx.session.execute(delete(copies))
    assert await catch_up_again(database.uow) == 0
    clock.advance(seconds=61)
    assert await catch_up_again(database.uow) == 1
    assert await reader(family.mother).titles() == ["Алгебра: 5"]
    assert await catch_up_again(database.uow) == 0
    async with database.read() as session:
        assert (await session.execute(select(late_comers))).all() == []
