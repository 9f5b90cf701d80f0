"""Token cut-offs: access tokens live 15 minutes, but an ended session must not (I-9).

`SessionsRevoked` comes to every service; each keeps «tokens of this account or session issued before this
instant are void» and looks at it on every request. Identity, which ends the sessions, calls `cut_off` in
the same transaction and need not wait for its own event.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Uuid, delete, func
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.identity import SessionsRevoked

if TYPE_CHECKING:
    from shared.bus import Subscriptions
    from shared.db import Tx

KEPT_FOR = timedelta(days=1)
"""Much longer than any access token lives; after that a cut-off forbids nothing."""


def token_cutoff_table(metadata: MetaData) -> Table:
    """Attach the table `token_cutoff`: one row per account or session, ids are unique across both."""
    return Table(
        "token_cutoff",
        metadata,
        Column("subject_id", Uuid, primary_key=True),
        Column("not_before", TIMESTAMP(timezone=True), nullable=False),
    )


_cutoffs = token_cutoff_table(MetaData())


async def cut_off(
    session: AsyncSession, account_id: UUID, not_before: datetime, session_id: UUID | None = None
) -> None:
    """Void the tokens of an account, or of one session of it, issued before an instant."""
    await cut_off_all(session, [session_id or account_id], not_before)


async def cut_off_all(session: AsyncSession, subject_ids: Collection[UUID], not_before: datetime) -> None:
    """Void the tokens of many sessions (or accounts) at once."""
    if not subject_ids:
        return
    statement = insert(_cutoffs).values(
        # In one order everywhere: two who end the same sessions wait for each other instead of locking up.
        [{"subject_id": subject_id, "not_before": not_before} for subject_id in sorted(set(subject_ids))]
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[_cutoffs.c.subject_id],
            # Never backwards: a replayed event changes nothing.
            set_={"not_before": func.greatest(_cutoffs.c.not_before, statement.excluded.not_before)},
        )
    )


CUT_OFF = """
    EXISTS (SELECT FROM token_cutoff WHERE subject_id IN ({account}, {session}) AND not_before > {issued_at})
"""
"""Whether a token is void, as part of a statement: `CUT_OFF.format(account="$1", session="$2", issued_at="$3")`."""
_IS_CUT_OFF = "SELECT " + CUT_OFF.format(account="$1", session="$2", issued_at="$3")


async def is_cut_off(connection: Any, account_id: UUID, session_id: UUID, issued_at: datetime) -> bool:
    """Tell whether a token issued at an instant is void; on the driver's connection."""
    return bool(await connection.fetchval(_IS_CUT_OFF, account_id, session_id, issued_at))


async def purge_cutoffs(session: AsyncSession, now: datetime) -> None:
    """Drop cut-offs older than any token that is still alive; a periodic job of the worker."""
    await session.execute(delete(_cutoffs).where(_cutoffs.c.not_before < now - KEPT_FOR))


def register_cutoffs(subscriptions: "Subscriptions") -> None:
    """Let a service that listens to `SessionsRevoked` keep the cut-offs."""

    @subscriptions.on(SessionsRevoked)
    async def keep_cutoff(tx: "Tx", event: SessionsRevoked) -> None:
        await cut_off(tx.session, event.account_id, event.not_before, event.session_id)
