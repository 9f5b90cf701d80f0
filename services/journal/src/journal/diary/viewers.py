"""«Кто смотрел дневник»: who opened it, day by day, as what (J-2)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from journal.access.read_diary import Reading
from journal.diary.sql import name_of
from shared.access import Relation

# Names of families are not journal's to know: a trusted person's stands in delegation, under the same grant.
_VIEWERS = f"""
    SELECT v.day, v.account_id, v.relation, v.times, v.first_at, v.last_at, g.edge_id AS grant_id, g.valid_from,
           CASE WHEN v.relation NOT IN ('representative', 'trusted') THEN (
             SELECT {name_of("s")} FROM staff s
             WHERE s.account_id = v.account_id AND s.school_id = v.school_id LIMIT 1
           ) END AS name
    FROM diary_views v
    LEFT JOIN LATERAL (
      SELECT e.edge_id, e.valid_from FROM access_edge e
      WHERE v.relation = 'trusted' AND e.account_id = v.account_id AND e.object_type = 'pupil'
        AND e.object_id = v.pupil_id AND e.relation = 'trusted' AND e.valid_from < v.last_at
      ORDER BY e.valid_from DESC LIMIT 1
    ) g ON true
    WHERE v.school_id = $1 AND v.pupil_id = $2
      AND ($3::date IS NULL OR (v.day, v.account_id, v.relation) < ($3, $4, $5))
    ORDER BY v.day DESC, v.account_id DESC, v.relation DESC
    LIMIT $6
"""  # noqa: S608 - made of constants

Position = tuple[date, UUID, str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The looks of one account on one day."""

    position: Position
    account_id: UUID
    relation: Relation
    times: int
    first_at: datetime
    last_at: datetime
    staff_name: str | None
    grant_id: str | None
    trusted_since: datetime | None


async def read_viewers(reading: Reading, after: Position | None, limit: int) -> list[Viewer]:
    """A page of who looked, the newest day first."""
    pupil = reading.diary.pupil
    rows = await reading.connection.fetch(
        _VIEWERS, pupil.school_id, pupil.pupil_id, *(after or (None, None, None)), limit
    )
    return [_viewer(row) for row in rows]


def _viewer(row: Any) -> Viewer:
    return Viewer(
        position=(row["day"], row["account_id"], row["relation"]),
        account_id=row["account_id"],
        relation=Relation(row["relation"]),
        times=row["times"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        staff_name=row["name"],
        grant_id=row["grant_id"],
        trusted_since=row["valid_from"],
    )
