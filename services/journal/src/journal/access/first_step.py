"""The first statement of a page: is the session still on, what is opened, and how does the caller stand to it (J-1).

A page that people wait for all day asks this at once, on `Database.driver()`, and takes `BearerToken`.
"""

from collections.abc import Mapping
from typing import Any

from shared.access import CUT_OFF, Edge, edge_from
from shared.http import TokenInvalid, VerifiedToken


def first_step(columns: str, place: str, *, edges_on: Mapping[str, str]) -> str:
    """The statement; `$1` to `$3` are the caller, what the page asks for begins at `$4`.

    At least one row, so that an ended session is told before an unknown place.

    Args:
        columns: what to read of the place, none of them named like a column of `access_edge`.
        place: joins that find it, each a LEFT JOIN.
        edges_on: type of object → where its id stands, for the place and all that it lies within.
    """
    objects = " OR ".join(f"(e.object_type = '{name}' AND e.object_id = {id_})" for name, id_ in edges_on.items())
    return f"""
    SELECT {CUT_OFF.format(account="$1", session="$2", issued_at="$3")} AS cut_off, {columns},
           e.source, e.edge_id, e.account_id, e.relation, e.object_type, e.object_id, e.school_id, e.scope, e.level,
           e.valid_from, e.valid_until, e.version, e.state
    FROM (SELECT) nothing
    {place}
    LEFT JOIN access_edge e ON e.account_id = $1 AND e.state = 'active' AND ({objects})
    """  # noqa: S608 - made of constants


async def take_first_step(
    connection: Any, statement: str, token: VerifiedToken, *asked: object
) -> tuple[Any, tuple[Edge, ...]]:
    """What was read of the place, None in all columns where there is none, and the caller's edges on it.

    Raises:
        TokenInvalid: the session was ended.
    """
    caller = token.caller
    rows = await connection.fetch(statement, caller.account_id, caller.session_id, token.issued_at, *asked)
    if rows[0]["cut_off"]:
        raise TokenInvalid
    return rows[0], tuple(edge_from(row) for row in rows if row["edge_id"] is not None)
