"""Keeps the access edges: each as one service told it, replaced only by a higher version of itself (J-2)."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from journal.access.tables import access_edges, assignment_terms
from journal.access.terms import BEFORE_IT_IS_TOLD, term
from journal.events import subscriptions
from journal.roster.queries import find_school
from shared.access import (
    IDENTITY,
    Edge,
    Relation,
    end_edge,
    record_edge,
    register_bindings,
    register_cutoffs,
    register_trust,
)
from shared.contracts.identity import (
    SchoolOpened,
    StaffAssigned,
    StaffReleased,
)
from shared.db import Tx

register_cutoffs(subscriptions)
register_bindings(subscriptions)
register_trust(subscriptions)


@subscriptions.on(StaffAssigned)
async def assign(tx: Tx, event: StaffAssigned) -> None:
    """A role of a member of staff who has an account; without one there is nobody to allow anything."""
    if event.role == "agent":
        return  # support's people; they have no business in a journal
    await _keep_term(tx, event)
    edge_id = str(event.assignment_id)
    if event.account_id is None:
        await end_edge(tx.session, IDENTITY, edge_id, event.edge_version)
        return
    school = await find_school(tx.session, event.school_id)
    valid_from, valid_until = term(
        event.valid_from, event.valid_until, school.time_zone if school else BEFORE_IT_IS_TOLD
    )
    await record_edge(
        tx.session,
        Edge(
            source=IDENTITY,
            edge_id=edge_id,
            account_id=event.account_id,
            relation=Relation(event.role),
            object_type="class" if event.class_id else "school",
            object_id=event.class_id or event.school_id,
            version=event.edge_version,
            school_id=event.school_id,
            scope=frozenset({str(event.subject_id)}) if event.subject_id else frozenset(),
            valid_from=valid_from,
            valid_until=valid_until,
        ),
    )


@subscriptions.on(StaffReleased)
async def release(tx: Tx, event: StaffReleased) -> None:
    """Leaves a tombstone: access ends at once (I-15)."""
    await end_edge(tx.session, IDENTITY, str(event.assignment_id), event.edge_version)


@subscriptions.on(SchoolOpened)
async def put_terms_right(tx: Tx, event: SchoolOpened) -> None:
    """The school's time zone is known now, or is another: the days of its assignments begin and end by it."""
    known = await tx.session.execute(select(assignment_terms).where(assignment_terms.c.school_id == event.school_id))
    terms = []
    for row in known:
        valid_from, valid_until = term(row.valid_from, row.valid_until, event.time_zone)
        terms.append(
            {
                "assignment": str(row.assignment_id),
                "told_as": row.edge_version,
                "starts": valid_from,
                "ends": valid_until,
            }
        )
    if terms:
        await tx.session.execute(
            update(access_edges)
            .where(
                access_edges.c.source == IDENTITY,
                access_edges.c.edge_id == bindparam("assignment"),
                access_edges.c.version == bindparam("told_as"),
            )
            .values(valid_from=bindparam("starts"), valid_until=bindparam("ends")),
            terms,
        )


async def _keep_term(tx: Tx, event: StaffAssigned) -> None:
    statement = insert(assignment_terms).values(
        school_id=event.school_id,
        assignment_id=event.assignment_id,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        edge_version=event.edge_version,
    )
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["school_id", "assignment_id"],
            set_={name: statement.excluded[name] for name in ("valid_from", "valid_until", "edge_version")},
            where=assignment_terms.c.edge_version < statement.excluded.edge_version,
        )
    )
