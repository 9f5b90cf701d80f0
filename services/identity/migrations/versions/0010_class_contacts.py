"""The class teacher's register: who has read it, and changes that wait for a second member of staff."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE contact_reads (
      school_id UUID NOT NULL,
      read_id UUID NOT NULL,
      class_id UUID NOT NULL,
      account_id UUID NOT NULL,
      people SMALLINT NOT NULL,
      read_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT contact_reads_pkey PRIMARY KEY (school_id, read_id),
      CONSTRAINT contact_reads_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id)
    )
    """,
    "CREATE INDEX ix_contact_reads_class ON contact_reads (school_id, class_id, read_id)",
    """
    CREATE TABLE proposed_corrections (
      school_id UUID NOT NULL,
      proposal_id UUID NOT NULL,
      person_id UUID NOT NULL,
      person_version INTEGER NOT NULL,
      changes BYTEA NOT NULL,
      proposed_by UUID NOT NULL,
      proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      state TEXT NOT NULL,
      settled_by UUID,
      settled_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT proposed_corrections_pkey PRIMARY KEY (school_id, proposal_id),
      CONSTRAINT proposed_corrections_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT proposed_corrections_state_check
        CHECK (state IN ('waiting', 'confirmed', 'declined', 'overtaken')),
      CONSTRAINT proposed_corrections_settled_whole_check CHECK ((state = 'waiting') = (settled_at IS NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_proposed_corrections_waiting ON proposed_corrections (school_id, person_id)
      WHERE state = 'waiting'
    """,
    """
    CREATE INDEX ix_proposed_corrections_waiting ON proposed_corrections (school_id, proposal_id)
      WHERE state = 'waiting'
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("who has read what would be lost")
