"""Sessions that end with a change of password or with the account; devices, addresses, known frontends."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE sessions DROP CONSTRAINT sessions_end_reason_check",
    """
    ALTER TABLE sessions ADD CONSTRAINT sessions_end_reason_check
      CHECK (end_reason IN ('signed_out', 'ended_by_owner', 'token_reused', 'password_changed', 'account_closed'))
    """,
    "ALTER TABLE sessions ADD COLUMN device_hash BYTEA NOT NULL",
    """
    CREATE TABLE address_throttles (
      subject BYTEA NOT NULL,
      clear_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT address_throttles_pkey PRIMARY KEY (subject)
    )
    """,
    """
    CREATE TABLE known_devices (
      account_id UUID NOT NULL,
      device_hash BYTEA NOT NULL,
      first_used_at TIMESTAMP WITH TIME ZONE NOT NULL,
      last_used_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT known_devices_pkey PRIMARY KEY (account_id, device_hash),
      CONSTRAINT known_devices_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    "CREATE INDEX ix_known_devices_device ON known_devices (device_hash)",
    "CREATE INDEX ix_known_devices_last_used ON known_devices (last_used_at)",
    """
    CREATE TABLE used_assertions (
      assertion BYTEA NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT used_assertions_pkey PRIMARY KEY (assertion)
    )
    """,
    "CREATE INDEX ix_used_assertions_expires ON used_assertions (expires_at)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
