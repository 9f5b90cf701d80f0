"""Access slips, and what accounts call the diaries they open."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE access_slips (
      school_id UUID NOT NULL,
      slip_id UUID NOT NULL,
      person_id UUID NOT NULL,
      login TEXT NOT NULL,
      password_hash TEXT NOT NULL,
      state TEXT NOT NULL,
      printed_by UUID NOT NULL,
      printed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      spent_by UUID,
      closed_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT access_slips_pkey PRIMARY KEY (school_id, slip_id),
      CONSTRAINT access_slips_login_key UNIQUE (login),
      CONSTRAINT access_slips_printed_by_fkey FOREIGN KEY(printed_by) REFERENCES accounts (account_id),
      CONSTRAINT access_slips_spent_by_fkey FOREIGN KEY(spent_by) REFERENCES accounts (account_id),
      CONSTRAINT access_slips_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT access_slips_state_check CHECK (state IN ('open', 'spent', 'void')),
      CONSTRAINT access_slips_closed_whole_check CHECK ((state = 'open') = (closed_at IS NULL)),
      CONSTRAINT access_slips_spent_whole_check CHECK ((state = 'spent') = (spent_by IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_access_slips_open ON access_slips (school_id, person_id) WHERE state = 'open'",
    """
    CREATE TABLE diary_labels (
      account_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      label TEXT NOT NULL,
      CONSTRAINT diary_labels_pkey PRIMARY KEY (account_id, pupil_id),
      CONSTRAINT diary_labels_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
