"""The notification centre of the first story: audience, notices and copies, contacts, messages."""

from alembic import op

from shared.access.released import create_access_v1
from shared.db.kit_tables import create_v1

revision = "0001"
down_revision = None

_TABLES = (
    """
    CREATE TABLE pupil_card (
      pupil_id uuid NOT NULL,
      school_id uuid NOT NULL,
      label text NOT NULL,
      left_on date,
      CONSTRAINT pupil_card_pkey PRIMARY KEY (pupil_id)
    )
    """,
    """
    CREATE TABLE account_card (
      account_id uuid NOT NULL,
      given_name text,
      locale text NOT NULL,
      disabled_at timestamptz,
      CONSTRAINT account_card_pkey PRIMARY KEY (account_id),
      CONSTRAINT account_card_locale_known_check CHECK (locale IN ('ru', 'en')),
      CONSTRAINT account_card_disabled_is_nameless_check CHECK (disabled_at IS NULL OR given_name IS NULL)
    )
    """,
    """
    CREATE TABLE notice (
      id uuid NOT NULL,
      kind text NOT NULL,
      category text NOT NULL,
      circle text NOT NULL,
      pupil_id uuid,
      section text,
      about_id uuid NOT NULL,
      template_version smallint NOT NULL,
      "values" jsonb NOT NULL,
      occurred_at timestamptz NOT NULL,
      expires_at timestamptz,
      outcome text,
      superseded_at timestamptz,
      CONSTRAINT notice_pkey PRIMARY KEY (id),
      CONSTRAINT notice_category_known_check CHECK (category IN ('marks', 'access', 'support')),
      CONSTRAINT notice_circle_known_check CHECK (circle IN ('readers', 'guardians', 'named')),
      CONSTRAINT notice_circle_of_a_pupil_check CHECK (circle = 'named' OR pupil_id IS NOT NULL),
      CONSTRAINT notice_outcome_known_check CHECK (outcome IN ('accepted', 'declined', 'cancelled', 'lapsed'))
    )
    """,
    "CREATE INDEX notice_about_idx ON notice (about_id)",
    "CREATE INDEX notice_pupil_idx ON notice (pupil_id, occurred_at)",
    """
    CREATE TABLE notice_copy (
      notice_id uuid NOT NULL,
      recipient_id uuid NOT NULL,
      seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      named boolean NOT NULL,
      has_actions boolean NOT NULL,
      state text NOT NULL,
      arrived_at timestamptz NOT NULL,
      changed_at timestamptz NOT NULL,
      CONSTRAINT notice_copy_pkey PRIMARY KEY (notice_id, recipient_id),
      CONSTRAINT notice_copy_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice (id),
      CONSTRAINT notice_copy_state_known_check CHECK (state IN ('unread', 'read', 'archived', 'withdrawn'))
    )
    """,
    "CREATE UNIQUE INDEX notice_copy_recipient_idx ON notice_copy (recipient_id, seq)",
    "CREATE INDEX notice_copy_unread_idx ON notice_copy (recipient_id, seq) WHERE state = 'unread'",
    "CREATE INDEX notice_copy_actions_idx ON notice_copy (recipient_id, seq) WHERE has_actions",
    """
    CREATE TABLE late_comer (
      account_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      since timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL,
      CONSTRAINT late_comer_pkey PRIMARY KEY (account_id, pupil_id)
    )
    """,
    """
    CREATE TABLE contact (
      account_id uuid NOT NULL,
      kind text NOT NULL,
      sealed text NOT NULL,
      verified_at timestamptz NOT NULL,
      CONSTRAINT contact_pkey PRIMARY KEY (account_id, kind),
      CONSTRAINT contact_kind_known_check CHECK (kind IN ('email', 'phone'))
    )
    """,
    """
    CREATE TABLE message (
      notice_id uuid NOT NULL,
      recipient_id uuid NOT NULL,
      channel text NOT NULL,
      sealed_address text,
      locale text,
      status text NOT NULL,
      reason text,
      attempts smallint NOT NULL,
      next_attempt_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      done_at timestamptz,
      CONSTRAINT message_pkey PRIMARY KEY (notice_id, recipient_id, channel),
      CONSTRAINT message_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice (id),
      CONSTRAINT message_channel_known_check CHECK (channel IN ('email', 'sms', 'push')),
      CONSTRAINT message_locale_known_check CHECK (locale IN ('ru', 'en')),
      CONSTRAINT message_status_known_check CHECK (status IN ('pending', 'delivered', 'failed', 'dropped')),
      CONSTRAINT message_done_when_not_pending_check CHECK ((done_at IS NULL) = (status = 'pending')),
      CONSTRAINT message_no_address_after_use_check CHECK (status = 'pending' OR sealed_address IS NULL),
      CONSTRAINT message_reason_given_check CHECK (reason IS NOT NULL OR status IN ('pending', 'delivered'))
    )
    """,
    "CREATE INDEX message_due_idx ON message (next_attempt_at) WHERE status = 'pending'",
    "CREATE INDEX message_recipient_idx ON message (recipient_id)",
)


def upgrade() -> None:
    create_v1(op)
    create_access_v1(op)
    for statement in _TABLES:
        op.execute(statement)
