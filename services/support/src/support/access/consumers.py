"""Keeps the edges of agents: each as identity told it, replaced only by a higher version of itself (J-2)."""

from uuid import UUID

from sqlalchemy import select

from shared.access import IDENTITY, Edge, Relation, end_edge, record_edge, register_cutoffs
from shared.contracts.identity import AgentAppointed, AgentDismissed, StaffAssigned, StaffReleased
from shared.db import Tx
from support.access.actions import CENTRAL_DESK
from support.access.tables import access_edges
from support.access.terms import term
from support.events import subscriptions

register_cutoffs(subscriptions)


@subscriptions.on(StaffAssigned)
async def admit(tx: Tx, event: StaffAssigned) -> None:
    """An agent with an account may work at the desk; the rest of the staff are no business of support."""
    edge_id = str(event.assignment_id)
    if event.role != "agent" or event.account_id is None:
        if await _is_known(tx, edge_id):
            await end_edge(tx.session, IDENTITY, edge_id, event.edge_version)
        return
    valid_from, valid_until = term(event.valid_from, event.valid_until)
    await record_edge(
        tx.session,
        Edge(
            source=IDENTITY,
            edge_id=edge_id,
            account_id=event.account_id,
            relation=Relation.AGENT,
            object_type=CENTRAL_DESK.type,
            object_id=CENTRAL_DESK.id,
            version=event.edge_version,
            school_id=event.school_id,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
    )


@subscriptions.on(StaffReleased)
async def dismiss(tx: Tx, event: StaffReleased) -> None:
    """Leaves a tombstone: access ends at once (I-15), also if the assignment comes only later."""
    await end_edge(tx.session, IDENTITY, str(event.assignment_id), event.edge_version)


@subscriptions.on(AgentAppointed)
async def appoint(tx: Tx, event: AgentAppointed) -> None:
    """An agent of the central desk: no school named it, so its edge names none."""
    await record_edge(
        tx.session,
        Edge(
            source=IDENTITY,
            edge_id=_central(event.account_id),
            account_id=event.account_id,
            relation=Relation.AGENT,
            object_type=CENTRAL_DESK.type,
            object_id=CENTRAL_DESK.id,
            version=event.edge_version,
            valid_from=event.appointed_at,
        ),
    )


@subscriptions.on(AgentDismissed)
async def dismiss_central(tx: Tx, event: AgentDismissed) -> None:
    """The desk is closed to the account at once."""
    await end_edge(tx.session, IDENTITY, _central(event.account_id), event.edge_version)


def _central(account_id: UUID) -> str:
    """One appointment per account: its versions replace each other."""
    return f"agent:{account_id}"


async def _is_known(tx: Tx, edge_id: str) -> bool:
    found = await tx.session.execute(
        select(access_edges.c.edge_id).where(access_edges.c.source == IDENTITY, access_edges.c.edge_id == edge_id)
    )
    return found.first() is not None
