"""Invitations and grants, and what they need to know of people."""

from alembic import op

from shared.access import create_access_v1
from shared.db.kit_tables import create_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE accounts (
      account_id uuid NOT NULL,
      surname text NOT NULL,
      given_name text NOT NULL,
      patronymic text,
      disabled_at timestamptz,
      CONSTRAINT accounts_pkey PRIMARY KEY (account_id)
    )
    """,
    """
    CREATE TABLE reachable_accounts (
      account_id uuid NOT NULL,
      contact_hash bytea NOT NULL,
      surname_hash bytea NOT NULL,
      CONSTRAINT reachable_accounts_pkey PRIMARY KEY (account_id, contact_hash),
      CONSTRAINT reachable_accounts_contact_hash_whole_check CHECK (octet_length(contact_hash) = 32),
      CONSTRAINT reachable_accounts_surname_hash_whole_check CHECK (octet_length(surname_hash) = 32)
    )
    """,
    "CREATE INDEX reachable_accounts_contact_hash_idx ON reachable_accounts (contact_hash)",
    """
    CREATE TABLE children (
      school_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      surname text NOT NULL,
      given_name text NOT NULL,
      left_on date,
      CONSTRAINT children_pkey PRIMARY KEY (school_id, pupil_id)
    )
    """,
    "CREATE INDEX children_pupil_id_idx ON children (pupil_id)",
    """
    CREATE TABLE schools (
      school_id uuid NOT NULL,
      time_zone text NOT NULL,
      CONSTRAINT schools_pkey PRIMARY KEY (school_id)
    )
    """,
    """
    CREATE TABLE grants (
      school_id uuid NOT NULL,
      grant_id uuid NOT NULL,
      invitation_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      account_id uuid NOT NULL,
      granted_by_account_id uuid NOT NULL,
      scope text[] NOT NULL,
      valid_from timestamptz NOT NULL,
      valid_until timestamptz NOT NULL,
      state text NOT NULL,
      edge_version smallint NOT NULL,
      ended_at timestamptz,
      end_reason text,
      ended_by_account_id uuid,
      CONSTRAINT grants_pkey PRIMARY KEY (school_id, grant_id),
      CONSTRAINT grants_invitation_id_key UNIQUE (school_id, invitation_id),
      CONSTRAINT grants_state_known_check CHECK (state IN ('active', 'revoked', 'expired')),
      CONSTRAINT grants_ended_when_over_check CHECK ((state = 'active') = (ended_at IS NULL)),
      CONSTRAINT grants_end_reason_known_check CHECK (end_reason IN
        ('revoked', 'left', 'grantor_lost_right', 'child_left', 'account_disabled', 'expired')),
      CONSTRAINT grants_term_check CHECK (valid_from < valid_until),
      CONSTRAINT grants_scope_named_check CHECK (cardinality(scope) > 0)
    )
    """,
    "CREATE INDEX grants_account_id_idx ON grants (account_id, grant_id)",
    "CREATE INDEX grants_due_idx ON grants (valid_until) WHERE state = 'active'",
    "CREATE INDEX grants_grant_id_idx ON grants (grant_id)",
    "CREATE INDEX grants_granted_by_idx ON grants (granted_by_account_id) WHERE state = 'active'",
    "CREATE UNIQUE INDEX grants_one_active_idx ON grants (school_id, pupil_id, account_id) WHERE state = 'active'",
    "CREATE INDEX grants_pupil_id_idx ON grants (pupil_id, grant_id)",
    """
    CREATE TABLE invitations (
      school_id uuid NOT NULL,
      invitation_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      inviter_account_id uuid NOT NULL,
      contact_hash bytea NOT NULL,
      surname_hash bytea NOT NULL,
      contact_hint text NOT NULL,
      surname_typed text NOT NULL,
      scope text[] NOT NULL,
      grant_until timestamptz NOT NULL,
      sent_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      state text NOT NULL,
      invitee_account_id uuid,
      addressed_at timestamptz,
      settled_at timestamptz,
      settled_by_account_id uuid,
      grant_id uuid,
      CONSTRAINT invitations_pkey PRIMARY KEY (school_id, invitation_id),
      CONSTRAINT invitations_contact_hash_whole_check CHECK (octet_length(contact_hash) = 32),
      CONSTRAINT invitations_surname_hash_whole_check CHECK (octet_length(surname_hash) = 32),
      CONSTRAINT invitations_state_known_check CHECK (state IN
        ('pending', 'accepted', 'declined', 'cancelled', 'lapsed')),
      CONSTRAINT invitations_settled_when_answered_check CHECK ((state = 'pending') = (settled_at IS NULL)),
      CONSTRAINT invitations_accepted_has_grant_check CHECK ((state = 'accepted') = (grant_id IS NOT NULL)),
      CONSTRAINT invitations_addressed_to_somebody_check CHECK ((invitee_account_id IS NULL) = (addressed_at IS NULL)),
      CONSTRAINT invitations_scope_named_check CHECK (cardinality(scope) > 0)
    )
    """,
    "CREATE INDEX invitations_due_idx ON invitations (expires_at) WHERE state = 'pending'",
    "CREATE INDEX invitations_invitation_id_idx ON invitations (invitation_id)",
    "CREATE INDEX invitations_invitee_idx ON invitations (invitee_account_id, invitation_id)",
    "CREATE INDEX invitations_inviter_idx ON invitations (inviter_account_id, invitation_id)",
    "CREATE INDEX invitations_pupil_id_idx ON invitations (pupil_id, invitation_id)",
    """
    CREATE INDEX invitations_waiting_idx ON invitations (contact_hash)
      WHERE state = 'pending' AND invitee_account_id IS NULL
    """,
)


def upgrade() -> None:
    create_v1(op)
    create_access_v1(op)
    for statement in _TABLES:
        op.execute(statement)
