"""Matching: outcomes per account and school, announced acceptances, the class teacher's queue."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE schools ADD COLUMN requires_snils BOOLEAN NOT NULL DEFAULT false",
    """
    CREATE INDEX ix_people_birth_date ON people (school_id, birth_date_index) WHERE birth_date_index IS NOT NULL
    """,
    """
    CREATE INDEX ix_account_identifiers_proved ON account_identifiers (kind, value_index) WHERE proved_at IS NOT NULL
    """,
    """
    CREATE TABLE match_outcomes (
      school_id UUID NOT NULL,
      account_id UUID NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT NOT NULL,
      level SMALLINT,
      person_id UUID,
      differing TEXT[] NOT NULL,
      decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
      version INTEGER NOT NULL,
      CONSTRAINT match_outcomes_pkey PRIMARY KEY (school_id, account_id),
      CONSTRAINT match_outcomes_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id),
      CONSTRAINT match_outcomes_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
      CONSTRAINT match_outcomes_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT match_outcomes_outcome_check
        CHECK (outcome IN ('accept', 'review', 'conflict', 'ambiguous', 'pass_data_to_teacher', 'missing_own_data',
          'contact_not_proved', 'rejected')),
      CONSTRAINT match_outcomes_level_check CHECK (level IN (1, 2)),
      CONSTRAINT match_outcomes_version_check CHECK (version >= 1)
    )
    """,
    "CREATE INDEX ix_match_outcomes_account ON match_outcomes (account_id)",
    """
    CREATE INDEX ix_match_outcomes_person ON match_outcomes (school_id, person_id) WHERE person_id IS NOT NULL
    """,
    """
    CREATE TABLE access_claims (
      school_id UUID NOT NULL,
      claim_id UUID NOT NULL,
      account_id UUID NOT NULL,
      person_id UUID NOT NULL,
      level SMALLINT NOT NULL,
      secret_hash BYTEA NOT NULL,
      accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      undone_at TIMESTAMP WITH TIME ZONE,
      lifted_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT access_claims_pkey PRIMARY KEY (school_id, claim_id),
      CONSTRAINT access_claims_secret_hash_key UNIQUE (secret_hash),
      CONSTRAINT access_claims_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
      CONSTRAINT access_claims_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT access_claims_level_check CHECK (level IN (1, 2)),
      CONSTRAINT access_claims_lifted_after_undone_check CHECK (lifted_at IS NULL OR undone_at IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_access_claims_record ON access_claims (school_id, person_id, account_id)",
    """
    CREATE INDEX ix_access_claims_barred ON access_claims (account_id)
      WHERE undone_at IS NOT NULL AND lifted_at IS NULL
    """,
    """
    CREATE TABLE reviews (
      school_id UUID NOT NULL,
      review_id UUID NOT NULL,
      kind TEXT NOT NULL,
      account_id UUID NOT NULL,
      person_id UUID,
      class_id UUID,
      class_name TEXT,
      child_name TEXT,
      reason TEXT NOT NULL,
      differing TEXT[] NOT NULL,
      proposed_level SMALLINT NOT NULL,
      facts BYTEA NOT NULL,
      state TEXT NOT NULL,
      version INTEGER NOT NULL,
      requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
      settled_at TIMESTAMP WITH TIME ZONE,
      settled_by UUID,
      note TEXT,
      CONSTRAINT reviews_pkey PRIMARY KEY (school_id, review_id),
      CONSTRAINT reviews_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id),
      CONSTRAINT reviews_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
      CONSTRAINT reviews_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT reviews_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id),
      CONSTRAINT reviews_kind_check
        CHECK (kind IN ('review', 'conflict', 'ambiguous', 'pass_data_to_teacher', 'undone')),
      CONSTRAINT reviews_state_check CHECK (state IN ('open', 'accepted', 'corrected', 'rejected', 'lapsed')),
      CONSTRAINT reviews_settled_whole_check CHECK ((state = 'open') = (settled_at IS NULL)),
      CONSTRAINT reviews_proposed_level_check CHECK (proposed_level IN (1, 2)),
      CONSTRAINT reviews_version_check CHECK (version >= 1)
    )
    """,
    "CREATE UNIQUE INDEX uq_reviews_open ON reviews (school_id, account_id, person_id) WHERE settled_at IS NULL",
    "CREATE INDEX ix_reviews_queue ON reviews (school_id, review_id) WHERE settled_at IS NULL",
    "CREATE INDEX ix_reviews_account ON reviews (account_id, school_id, person_id, requested_at)",
    "CREATE INDEX ix_reviews_person ON reviews (school_id, person_id) WHERE settled_at IS NULL",
    "CREATE INDEX ix_reviews_id ON reviews (review_id)",
    "CREATE INDEX ix_bindings_id ON bindings (binding_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
