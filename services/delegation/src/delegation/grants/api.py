"""Routes of grants."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel
from sqlalchemy import Row

from delegation.container import Wired
from delegation.errors import GrantNotFound, MoveNotAllowed
from delegation.grants.queries import grants_seen_by
from delegation.grants.revoke_grant import revoke_grant
from delegation.grants.rules import GrantMove, GrantPart, GrantState, allowed_moves, state_at
from delegation.people.queries import children_acted_for
from delegation.people.rules import child_label, full_name
from shared.contracts.delegation import Section
from shared.http import CurrentCaller, Page, PageQuery, cursor_of, responses

router = APIRouter(tags=["grants"])


class GrantView(BaseModel):
    """A grant, as those see it who may."""

    id: UUID
    direction: Literal["to_me", "of_my_child"]
    pupil_id: UUID
    child: str
    """«Анна К.»"""
    trusted_account_id: UUID
    trusted_name: str
    granted_by_name: str
    scope: list[Section]
    valid_from: datetime
    valid_until: datetime
    state: GrantState
    ended_at: datetime | None
    end_reason: str | None
    allowed: list[GrantMove]
    """What the caller may do now; both are `DELETE` of the grant."""


@router.get("/grants")
async def list_grants(
    container: Wired,
    caller: CurrentCaller,
    paging: PageQuery,
    state: Annotated[GrantState | None, Query(description="Only grants in this state")] = None,
) -> Page[GrantView]:
    """Granted to me, and granted by anybody on my children (D-9). Newest first."""
    position = paging.position(UUID)
    now = container.database.clock()
    async with container.database.read() as session:
        mine = await children_acted_for(session, caller.account_id, now)
        rows = await grants_seen_by(
            session,
            caller.account_id,
            mine,
            state=state,
            now=now,
            before=position[0] if position else None,
            limit=paging.limit + 1,
        )
    shown = rows[: paging.limit]
    return Page(
        items=[_view(row, caller.account_id, represented=row.pupil_id in mine, now=now) for row in shown],
        next=cursor_of(str(shown[-1].grant_id)) if len(rows) > len(shown) else None,
    )


@router.delete(
    "/grants/{grant_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(GrantNotFound, MoveNotAllowed),
)
async def end_grant(grant_id: UUID, container: Wired, caller: CurrentCaller) -> None:
    """Revoke as a representative of the child, whoever granted it, or leave as the trusted person (D-6, D-9)."""
    await revoke_grant(container.database.uow, caller, grant_id)


def _view(row: Row[Any], account_id: UUID, *, represented: bool, now: datetime) -> GrantView:
    parts = [GrantPart.REPRESENTATIVE] if represented else []
    if row.account_id == account_id:
        parts.append(GrantPart.TRUSTED)
    state = state_at(GrantState(row.state), row.valid_until, now)
    expired = state is GrantState.EXPIRED
    return GrantView(
        id=row.grant_id,
        direction="to_me" if row.account_id == account_id else "of_my_child",
        pupil_id=row.pupil_id,
        child=child_label(row.child_surname, row.child_given_name),
        trusted_account_id=row.account_id,
        trusted_name=full_name(row.trusted_surname, row.trusted_given_name, row.trusted_patronymic),
        granted_by_name=full_name(row.grantor_surname, row.grantor_given_name, row.grantor_patronymic),
        scope=row.scope,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=state,
        ended_at=row.valid_until if expired else row.ended_at,
        end_reason="expired" if expired else row.end_reason,
        allowed=list(allowed_moves(state, parts)),
    )
