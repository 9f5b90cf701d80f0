"""The kit's tables in a service's first migration: released SQL, never edited, only followed by a next version."""

from alembic.operations import Operations

from shared.bus import schema as bus_schema

_V1 = (
    """
    CREATE TABLE idempotency (
      key_hash bytea NOT NULL,
      claim_id uuid NOT NULL,
      fingerprint bytea NOT NULL,
      answer bytea,
      claimed_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      CONSTRAINT idempotency_pkey PRIMARY KEY (key_hash)
    )
    """,
    "CREATE INDEX idempotency_expires_at_idx ON idempotency (expires_at)",
    """
    CREATE TABLE token_cutoff (
      subject_id uuid NOT NULL,
      not_before timestamptz NOT NULL,
      CONSTRAINT token_cutoff_pkey PRIMARY KEY (subject_id)
    )
    """,
)


def create_v1(op: Operations) -> None:
    """Bus, idempotency keys and token cut-offs, version 1. Call it first in `0001_…`: `create_v1(op)`."""
    bus_schema.migrate(op.execute, 1)
    for statement in _V1:
        op.execute(statement)
