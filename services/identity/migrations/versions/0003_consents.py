"""Consents, the rest of the profile, and who registered a child."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE consents (
      consent_id UUID NOT NULL,
      account_id UUID NOT NULL,
      kind TEXT NOT NULL,
      version TEXT NOT NULL,
      language TEXT NOT NULL,
      text_hash BYTEA NOT NULL,
      given_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT consents_pkey PRIMARY KEY (consent_id),
      CONSTRAINT consents_kind_check CHECK (kind IN ('personal_data', 'diary_application')),
      CONSTRAINT consents_language_check CHECK (language IN ('ru', 'en')),
      CONSTRAINT consents_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    "CREATE INDEX ix_consents_account ON consents (account_id)",
    """
    CREATE TABLE account_details (
      account_id UUID NOT NULL,
      sex BYTEA,
      birth_date BYTEA,
      birth_date_index BYTEA,
      birth_place BYTEA,
      citizenship BYTEA,
      passport BYTEA,
      CONSTRAINT account_details_pkey PRIMARY KEY (account_id),
      CONSTRAINT account_details_birth_date_whole_check
        CHECK ((birth_date IS NULL) = (birth_date_index IS NULL)),
      CONSTRAINT account_details_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    ALTER TABLE accounts
      ADD COLUMN registered_by UUID,
      ADD CONSTRAINT accounts_registered_by_fkey FOREIGN KEY(registered_by) REFERENCES accounts (account_id)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
