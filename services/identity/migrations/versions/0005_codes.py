"""One-time codes and links."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE one_time_codes (
      code_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      purpose TEXT NOT NULL,
      form TEXT NOT NULL,
      account_id UUID,
      locale TEXT NOT NULL,
      data_key BYTEA,
      address BYTEA,
      meant_kinds TEXT[] NOT NULL,
      meant_indexes BYTEA[] NOT NULL,
      asked_for BYTEA NOT NULL,
      sent_to BYTEA,
      asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      issued_at TIMESTAMP WITH TIME ZONE,
      secret_hash BYTEA,
      tries SMALLINT NOT NULL,
      used_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT one_time_codes_pkey PRIMARY KEY (code_id),
      CONSTRAINT one_time_codes_purpose_check CHECK (purpose IN ('registration', 'recovery', 'contact_change')),
      CONSTRAINT one_time_codes_form_check CHECK (form IN ('code', 'link')),
      CONSTRAINT one_time_codes_locale_check CHECK (locale IN ('ru', 'en')),
      CONSTRAINT one_time_codes_address_whole_check CHECK ((data_key IS NULL) = (address IS NULL)),
      CONSTRAINT one_time_codes_tries_check CHECK (tries BETWEEN 0 AND 5)
    )
    """,
    "CREATE INDEX ix_one_time_codes_subject ON one_time_codes (subject_id, asked_at)",
    "CREATE INDEX ix_one_time_codes_asked_for ON one_time_codes (asked_for, asked_at)",
    "CREATE INDEX ix_one_time_codes_sent_to ON one_time_codes (sent_to, issued_at) WHERE sent_to IS NOT NULL",
    "CREATE INDEX ix_one_time_codes_due ON one_time_codes (asked_at) WHERE issued_at IS NULL",
    "CREATE INDEX ix_one_time_codes_asked_at ON one_time_codes (asked_at)",
    "CREATE UNIQUE INDEX uq_one_time_codes_secret ON one_time_codes (secret_hash) WHERE secret_hash IS NOT NULL",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
