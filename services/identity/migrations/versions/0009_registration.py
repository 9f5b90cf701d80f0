"""Registrations in progress, and contacts that wait to be proved."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE registrations (
      registration_id UUID NOT NULL,
      token_hash BYTEA NOT NULL,
      account_id UUID NOT NULL,
      registered_by UUID,
      locale TEXT NOT NULL,
      consent_version TEXT NOT NULL,
      data_key BYTEA NOT NULL,
      form BYTEA NOT NULL,
      phone_proved_at TIMESTAMP WITH TIME ZONE,
      started_at TIMESTAMP WITH TIME ZONE NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT registrations_pkey PRIMARY KEY (registration_id),
      CONSTRAINT registrations_token_hash_key UNIQUE (token_hash),
      CONSTRAINT registrations_locale_check CHECK (locale IN ('ru', 'en')),
      CONSTRAINT registrations_registered_by_fkey FOREIGN KEY(registered_by) REFERENCES accounts (account_id)
    )
    """,
    "CREATE INDEX ix_registrations_expires_at ON registrations (expires_at)",
    """
    CREATE TABLE contact_changes (
      account_id UUID NOT NULL,
      kind TEXT NOT NULL,
      change_id UUID NOT NULL,
      value BYTEA NOT NULL,
      asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT contact_changes_pkey PRIMARY KEY (account_id, kind),
      CONSTRAINT contact_changes_change_id_key UNIQUE (change_id),
      CONSTRAINT contact_changes_kind_check CHECK (kind IN ('phone', 'email')),
      CONSTRAINT contact_changes_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
