"""Edges to a pupil, as identity and delegation say them: kept alike in every service that listens (J-2)."""

from typing import TYPE_CHECKING, Final

from shared.access.edges import Edge, Relation
from shared.access.store import end_edge, record_edge
from shared.contracts.delegation import DelegationActivated, DelegationRevoked
from shared.contracts.identity import BindingGranted, BindingLevelChanged, BindingRevoked

if TYPE_CHECKING:
    from shared.bus import Subscriptions
    from shared.db import Tx

IDENTITY: Final = "identity"
DELEGATION: Final = "delegation"


def register_bindings(subscriptions: "Subscriptions") -> None:
    """Let a service keep who is a pupil and who represents it."""

    @subscriptions.on(BindingGranted)
    async def bind(tx: "Tx", event: BindingGranted) -> None:
        await _record(tx, event)

    @subscriptions.on(BindingLevelChanged)
    async def change_level(tx: "Tx", event: BindingLevelChanged) -> None:
        # The event says the whole binding: it does not matter whether the grant is known.
        await _record(tx, event)

    @subscriptions.on(BindingRevoked)
    async def unbind(tx: "Tx", event: BindingRevoked) -> None:
        await end_edge(tx.session, IDENTITY, str(event.binding_id), event.edge_version)


def register_trust(subscriptions: "Subscriptions") -> None:
    """Let a service keep whom a pupil's diary was opened to, in which sections, until when (D-7)."""

    @subscriptions.on(DelegationActivated)
    async def trust(tx: "Tx", event: DelegationActivated) -> None:
        await record_edge(
            tx.session,
            Edge(
                source=DELEGATION,
                edge_id=str(event.grant_id),
                account_id=event.account_id,
                relation=Relation.TRUSTED,
                object_type="pupil",
                object_id=event.pupil_id,
                version=event.edge_version,
                scope=frozenset(event.scope),
                level=1,
                valid_from=event.valid_from,
                valid_until=event.valid_until,
            ),
        )

    @subscriptions.on(DelegationRevoked)
    async def end_trust(tx: "Tx", event: DelegationRevoked) -> None:
        await end_edge(tx.session, DELEGATION, str(event.grant_id), event.edge_version)


async def _record(tx: "Tx", event: BindingGranted | BindingLevelChanged) -> None:
    await record_edge(
        tx.session,
        Edge(
            source=IDENTITY,
            edge_id=str(event.binding_id),
            account_id=event.account_id,
            relation=Relation(event.relation),
            object_type="pupil",
            object_id=event.pupil_id,
            version=event.edge_version,
            school_id=event.school_id,
            level=event.level,
        ),
    )
