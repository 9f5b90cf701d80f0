"""The table `access_edge` as a migration makes it: released SQL, never edited, only followed by a next version."""

from typing import Protocol


class Executes(Protocol):
    """What of alembic's `op` is needed here."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""


_V1 = (
    """
    CREATE TABLE access_edge (
      source text NOT NULL,
      edge_id text NOT NULL,
      account_id uuid,
      relation text,
      object_type text,
      object_id uuid,
      school_id uuid,
      scope text[] NOT NULL,
      level smallint NOT NULL,
      valid_from timestamptz,
      valid_until timestamptz,
      version bigint NOT NULL,
      state text NOT NULL,
      CONSTRAINT access_edge_pkey PRIMARY KEY (source, edge_id),
      CONSTRAINT access_edge_state_known_check CHECK (state IN ('active', 'revoked')),
      CONSTRAINT access_edge_relation_known_check CHECK (relation IN ('self', 'representative', 'trusted',
        'subject_teacher', 'class_teacher', 'deputy', 'director', 'school_administrator', 'agent')),
      CONSTRAINT access_edge_active_is_whole_check CHECK (state = 'revoked' OR (account_id IS NOT NULL
        AND relation IS NOT NULL AND object_type IS NOT NULL AND object_id IS NOT NULL))
    )
    """,
    "CREATE INDEX access_edge_account_idx ON access_edge (account_id, object_type, object_id)",
    "CREATE INDEX access_edge_object_idx ON access_edge (object_type, object_id)",
)


def create_access_v1(op: Executes) -> None:
    """Make the table `access_edge`, version 1; for a service that has `access_table` in its metadata."""
    for statement in _V1:
        op.execute(statement)
