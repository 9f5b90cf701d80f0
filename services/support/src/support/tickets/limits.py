"""Limits against floods, kept in the database: they hold for all replicas together (S-1).

Each subject has one row: the instant at which all its tickets are «paid off» (GCRA, the leaky bucket as one
number). A ticket moves it on by the pause; it is refused while that lies too far ahead.
"""

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.db import Tx
from support.errors import TooManyTickets
from support.tickets.tables import filing_limits


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tickets at once, then one every `pause`."""

    burst: int
    pause: timedelta


LIMITS: Mapping[str, Limit] = {
    "account": Limit(10, timedelta(minutes=10)),
    # A whole school is often one address.
    "address": Limit(30, timedelta(minutes=1)),
    # Tight: every ticket sends a letter there, and anybody can write in anybody's address.
    "email": Limit(5, timedelta(minutes=15)),
}
"""In the order in which their rows are locked."""


async def count_against_limits(tx: Tx, subjects: Mapping[str, bytes]) -> None:
    """Count one ticket; it counts only if the transaction commits.

    Args:
        tx: the transaction of the ticket.
        subjects: kind of `LIMITS` → keyed hash of whom it counts against.

    Raises:
        TooManyTickets: says when the next one is welcome.
    """
    for kind, limit in LIMITS.items():
        if kind not in subjects:
            continue
        slack = (limit.burst - 1) * limit.pause
        statement = insert(filing_limits).values(kind=kind, subject=subjects[kind], free_at=tx.now + limit.pause)
        counted = statement.on_conflict_do_update(
            index_elements=[filing_limits.c.kind, filing_limits.c.subject],
            set_={"free_at": func.greatest(filing_limits.c.free_at, tx.now) + limit.pause},
            where=filing_limits.c.free_at <= tx.now + slack,
        ).returning(filing_limits.c.kind)
        if (await tx.session.execute(counted)).first() is not None:
            continue
        free_at = await tx.session.scalar(
            select(filing_limits.c.free_at).where(
                filing_limits.c.kind == kind, filing_limits.c.subject == subjects[kind]
            )
        )
        wait = max(1, math.ceil((free_at - slack - tx.now).total_seconds())) if free_at else 1
        raise TooManyTickets(retry_after=wait, minutes=math.ceil(wait / 60))


async def forget_paid_limits(tx: Tx) -> None:
    """Drop rows that no longer hold anybody back; a job of the worker."""
    await tx.session.execute(delete(filing_limits).where(filing_limits.c.free_at <= tx.now))


def network_of(address: str | None) -> str:
    """What counts as one network address: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
