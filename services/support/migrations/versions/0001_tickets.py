"""Tickets, their threads and histories, the desk's readings, names and agents."""

from alembic import op

from shared.access import create_access_v1
from shared.db.kit_tables import create_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATUSES = "'new', 'open', 'pending_user', 'on_hold', 'resolved', 'closed', 'merged', 'spam'"

_TABLES = (
    """
    CREATE TABLE accounts (
      account_id uuid NOT NULL,
      surname text NOT NULL,
      given_name text NOT NULL,
      patronymic text,
      locale text NOT NULL,
      CONSTRAINT accounts_pkey PRIMARY KEY (account_id),
      CONSTRAINT accounts_locale_known_check CHECK (locale IN ('ru', 'en'))
    )
    """,
    f"""
    CREATE TABLE tickets (
      ticket_id uuid NOT NULL,
      number text NOT NULL,
      submission bytea,
      type text NOT NULL,
      subject text NOT NULL,
      status text NOT NULL,
      status_since timestamptz NOT NULL,
      hold_reason text,
      hold_until timestamptz,
      answered_at timestamptz,
      version integer NOT NULL,
      opened_at timestamptz NOT NULL,
      locale text NOT NULL,
      account_id uuid,
      wrapped_key bytea NOT NULL,
      email bytea NOT NULL,
      email_index bytea NOT NULL,
      phone bytea,
      phone_index bytea,
      CONSTRAINT tickets_pkey PRIMARY KEY (ticket_id),
      CONSTRAINT tickets_number_key UNIQUE (number),
      CONSTRAINT tickets_submission_key UNIQUE (submission),
      CONSTRAINT tickets_number_form_check CHECK (number ~ '^[0-9]{{2}}-[0-9]{{6}}-[0-9]$'),
      CONSTRAINT tickets_type_form_check CHECK (type ~ '^[a-z_]+$'),
      CONSTRAINT tickets_status_known_check CHECK (status IN ({_STATUSES})),
      CONSTRAINT tickets_locale_known_check CHECK (locale IN ('ru', 'en')),
      CONSTRAINT tickets_version_counts_check CHECK (version >= 1),
      CONSTRAINT tickets_hold_whole_check CHECK ((status = 'on_hold') = (hold_reason IS NOT NULL)
        AND (hold_reason IS NULL) = (hold_until IS NULL)),
      CONSTRAINT tickets_phone_whole_check CHECK ((phone IS NULL) = (phone_index IS NULL))
    )
    """,
    "CREATE INDEX tickets_account_id_ticket_id_idx ON tickets (account_id, ticket_id)",
    "CREATE INDEX tickets_status_ticket_id_idx ON tickets (status, ticket_id)",
    "CREATE INDEX tickets_email_index_idx ON tickets (email_index)",
    "CREATE INDEX tickets_phone_index_idx ON tickets (phone_index)",
    """
    CREATE TABLE ticket_messages (
      ticket_id uuid NOT NULL,
      message_id uuid NOT NULL,
      author text NOT NULL,
      account_id uuid,
      text text NOT NULL,
      written_at timestamptz NOT NULL,
      CONSTRAINT ticket_messages_pkey PRIMARY KEY (ticket_id, message_id),
      CONSTRAINT ticket_messages_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES tickets (ticket_id),
      CONSTRAINT ticket_messages_author_known_check CHECK (author IN ('requester', 'agent'))
    )
    """,
    f"""
    CREATE TABLE ticket_history (
      ticket_id uuid NOT NULL,
      version integer NOT NULL,
      old_status text,
      status text NOT NULL,
      hold_reason text,
      hold_until timestamptz,
      agent_id uuid,
      moved_at timestamptz NOT NULL,
      CONSTRAINT ticket_history_pkey PRIMARY KEY (ticket_id, version),
      CONSTRAINT ticket_history_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES tickets (ticket_id),
      CONSTRAINT ticket_history_status_known_check CHECK (status IN ({_STATUSES})),
      CONSTRAINT ticket_history_first_is_filing_check CHECK ((old_status IS NULL) = (version = 1))
    )
    """,
    """
    CREATE TABLE ticket_counters (
      year smallint NOT NULL,
      last integer NOT NULL,
      CONSTRAINT ticket_counters_pkey PRIMARY KEY (year)
    )
    """,
    """
    CREATE TABLE filing_limits (
      kind text NOT NULL,
      subject bytea NOT NULL,
      free_at timestamptz NOT NULL,
      CONSTRAINT filing_limits_pkey PRIMARY KEY (kind, subject),
      CONSTRAINT filing_limits_kind_known_check CHECK (kind IN ('account', 'address', 'email'))
    )
    """,
    "CREATE INDEX filing_limits_free_at_idx ON filing_limits (free_at)",
    """
    CREATE TABLE ticket_reads (
      read_id uuid NOT NULL,
      ticket_id uuid NOT NULL,
      agent_id uuid NOT NULL,
      read_at timestamptz NOT NULL,
      CONSTRAINT ticket_reads_pkey PRIMARY KEY (read_id),
      CONSTRAINT ticket_reads_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES tickets (ticket_id)
    )
    """,
    "CREATE INDEX ticket_reads_ticket_id_read_id_idx ON ticket_reads (ticket_id, read_id)",
)


def upgrade() -> None:
    create_v1(op)
    create_access_v1(op)
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first version is left by dropping the database")
