"""Access edges in a service's own database: written by event handlers, read at every request."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    MetaData,
    Row,
    SmallInteger,
    Table,
    Text,
    Uuid,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.access.edges import Edge, EdgeState, Relation


def access_table(metadata: MetaData) -> Table:
    """Attach the table `access_edge` to a service's metadata."""
    relations = ", ".join(f"'{relation}'" for relation in Relation)
    return Table(
        "access_edge",
        metadata,
        Column("source", Text, primary_key=True),
        Column("edge_id", Text, primary_key=True),
        Column("account_id", Uuid),
        Column("relation", Text),
        Column("object_type", Text),
        Column("object_id", Uuid),
        Column("school_id", Uuid),
        Column("scope", ARRAY(Text), nullable=False),
        Column("level", SmallInteger, nullable=False),
        Column("valid_from", TIMESTAMP(timezone=True)),
        Column("valid_until", TIMESTAMP(timezone=True)),
        Column("version", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        CheckConstraint("state IN ('active', 'revoked')", name="state_known"),
        CheckConstraint(f"relation IN ({relations})", name="relation_known"),
        # A revoke may come first; then all that is known is that the edge must never count.
        CheckConstraint(
            "state = 'revoked' OR (account_id IS NOT NULL AND relation IS NOT NULL"
            " AND object_type IS NOT NULL AND object_id IS NOT NULL)",
            name="active_is_whole",
        ),
        Index("access_edge_account_idx", "account_id", "object_type", "object_id"),
        Index("access_edge_object_idx", "object_type", "object_id"),
    )


_edges = access_table(MetaData())
"""For statements: compiles alike whichever metadata the service's own table stands in."""


async def record_edge(session: AsyncSession, edge: Edge) -> bool:
    """Keep an edge unless a version at least as high is known; tombstones stay (J-2).

    Answers whether it was taken.
    """
    return await _keep(
        session,
        {
            "source": edge.source,
            "edge_id": edge.edge_id,
            "account_id": edge.account_id,
            "relation": edge.relation.value,
            "object_type": edge.object_type,
            "object_id": edge.object_id,
            "school_id": edge.school_id,
            "scope": sorted(edge.scope),
            "level": edge.level,
            "valid_from": edge.valid_from,
            "valid_until": edge.valid_until,
            "version": edge.version,
            "state": edge.state.value,
        },
    )


async def end_edge(session: AsyncSession, source: str, edge_id: str, version: int) -> bool:
    """Leave a tombstone, also for an edge never heard of: the grant may still be on its way (J-2)."""
    values = {"source": source, "edge_id": edge_id, "version": version, "state": EdgeState.REVOKED.value}
    return await _keep(session, {**values, "scope": [], "level": 0}, only=("version", "state"))


async def _keep(session: AsyncSession, values: dict[str, Any], only: tuple[str, ...] | None = None) -> bool:
    statement = insert(_edges).values(values)
    replaced = only or tuple(name for name in values if name not in {"source", "edge_id"})
    upsert = statement.on_conflict_do_update(
        index_elements=[_edges.c.source, _edges.c.edge_id],
        set_={name: statement.excluded[name] for name in replaced},
        where=_edges.c.version < statement.excluded.version,
    ).returning(_edges.c.version)
    return (await session.execute(upsert)).first() is not None


async def edges_for(session: AsyncSession, account_id: UUID, objects: Iterable[tuple[str, UUID]]) -> tuple[Edge, ...]:
    """Read the edges of an account on some objects (`Object.keys()`); revoked ones are left out."""
    wanted = sorted(objects)
    if not wanted:
        return ()
    rows = await session.execute(
        select(_edges).where(
            _edges.c.account_id == account_id,
            tuple_(_edges.c.object_type, _edges.c.object_id).in_(wanted),
            _edges.c.state == EdgeState.ACTIVE.value,
        )
    )
    return tuple(edge_of(row) for row in rows)


async def edges_of(
    session: AsyncSession, account_id: UUID, now: datetime, *, object_type: str | None = None
) -> tuple[Edge, ...]:
    """Read all edges of an account that are in force, for lists like «whose diary may I open» (J-3)."""
    query = select(_edges).where(_edges.c.account_id == account_id, _edges.c.state == EdgeState.ACTIVE.value)
    if object_type is not None:
        query = query.where(_edges.c.object_type == object_type)
    found = (edge_of(row) for row in await session.execute(query.order_by(_edges.c.object_id)))
    return tuple(edge for edge in found if edge.in_force(now))


def edge_of(row: Row[Any]) -> Edge:
    """An edge of a row that has all columns of `access_edge`, whatever else was joined to it."""
    return edge_from(row._mapping)  # noqa: SLF001 - the public way to columns by name has an underscore


def edge_from(columns: Mapping[Any, Any]) -> Edge:
    """The same from columns by name, as the driver's own records have them."""
    return Edge(
        source=columns["source"],
        edge_id=columns["edge_id"],
        account_id=columns["account_id"],
        relation=Relation(columns["relation"]),
        object_type=columns["object_type"],
        object_id=columns["object_id"],
        version=columns["version"],
        school_id=columns["school_id"],
        scope=frozenset(columns["scope"]),
        level=columns["level"],
        valid_from=columns["valid_from"],
        valid_until=columns["valid_until"],
        state=EdgeState(columns["state"]),
    )
