"""Applications, their documents and history; guardianships that follow from one."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE guardianships ADD COLUMN basis TEXT",
    """
    CREATE TABLE applications (
      school_id UUID NOT NULL,
      application_id UUID NOT NULL,
      account_id UUID NOT NULL,
      kind TEXT NOT NULL,
      channel TEXT NOT NULL,
      entered_by UUID,
      state TEXT NOT NULL,
      version INTEGER NOT NULL,
      data_key BYTEA,
      form BYTEA,
      class_id UUID,
      previous_id UUID,
      number TEXT,
      consent_id UUID,
      ground TEXT,
      created_at TIMESTAMP WITH TIME ZONE NOT NULL,
      registered_at TIMESTAMP WITH TIME ZONE,
      remind_at TIMESTAMP WITH TIME ZONE,
      decide_by TIMESTAMP WITH TIME ZONE,
      calendar_version TEXT,
      decided_at TIMESTAMP WITH TIME ZONE,
      decided_by UUID,
      reminded_at TIMESTAMP WITH TIME ZONE,
      escalated_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT applications_pkey PRIMARY KEY (school_id, application_id),
      CONSTRAINT applications_number_key UNIQUE (number),
      CONSTRAINT applications_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id),
      CONSTRAINT applications_entered_by_fkey FOREIGN KEY(entered_by) REFERENCES accounts (account_id),
      CONSTRAINT applications_consent_id_fkey FOREIGN KEY(consent_id) REFERENCES consents (consent_id),
      CONSTRAINT applications_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id),
      CONSTRAINT applications_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id),
      CONSTRAINT applications_kind_check CHECK (kind IN ('representative', 'pupil', 'trusted_person', 'teacher')),
      CONSTRAINT applications_channel_check CHECK (channel IN ('portal', 'in_person', 'by_representative')),
      CONSTRAINT applications_entered_whole_check CHECK ((channel = 'portal') = (entered_by IS NULL)),
      CONSTRAINT applications_state_check
        CHECK (state IN ('draft', 'registered', 'in_review', 'granted', 'refused', 'withdrawn')),
      CONSTRAINT applications_ground_check
        CHECK (ground IN ('outside_the_circle', 'not_a_pupil', 'documents_unfit', 'documents_contradict',
                          'withdrawn_by_applicant')),
      CONSTRAINT applications_ground_whole_check
        CHECK ((state IN ('refused', 'withdrawn')) = (ground IS NOT NULL)),
      CONSTRAINT applications_number_whole_check
        CHECK (num_nulls(number, registered_at, remind_at, decide_by, consent_id) IN (0, 5)),
      CONSTRAINT applications_form_whole_check CHECK ((data_key IS NULL) = (form IS NULL)),
      CONSTRAINT applications_erased_whole_check
        CHECK (form IS NOT NULL OR state IN ('granted', 'refused', 'withdrawn')),
      CONSTRAINT applications_registered_whole_check CHECK (number IS NOT NULL OR state IN ('draft', 'withdrawn'))
    )
    """,
    "CREATE INDEX ix_applications_account ON applications (account_id, application_id)",
    """
    CREATE INDEX ix_applications_entered_by ON applications (entered_by, application_id) WHERE entered_by IS NOT NULL
    """,
    """
    CREATE INDEX ix_applications_queue ON applications (school_id, state, decide_by, application_id)
      WHERE number IS NOT NULL
    """,
    """
    CREATE INDEX ix_applications_to_remind ON applications (remind_at)
      WHERE reminded_at IS NULL AND state IN ('registered', 'in_review')
    """,
    """
    CREATE INDEX ix_applications_to_escalate ON applications (decide_by)
      WHERE escalated_at IS NULL AND state IN ('registered', 'in_review')
    """,
    """
    CREATE TABLE application_documents (
      school_id UUID NOT NULL,
      application_id UUID NOT NULL,
      document_id UUID NOT NULL,
      kind TEXT NOT NULL,
      media_type TEXT NOT NULL,
      size INTEGER NOT NULL,
      name BYTEA NOT NULL,
      content BYTEA NOT NULL,
      added_at TIMESTAMP WITH TIME ZONE NOT NULL,
      added_by UUID NOT NULL,
      CONSTRAINT application_documents_pkey PRIMARY KEY (school_id, application_id, document_id),
      CONSTRAINT application_documents_school_id_application_id_fkey
        FOREIGN KEY(school_id, application_id) REFERENCES applications (school_id, application_id) ON DELETE CASCADE,
      CONSTRAINT application_documents_kind_check
        CHECK (kind IN ('identity_document', 'birth_certificate', 'guardianship_document', 'power_of_attorney',
                        'other')),
      CONSTRAINT application_documents_media_type_check
        CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png'))
    )
    """,
    # Ciphertext does not compress: PostgreSQL need not try.
    "ALTER TABLE application_documents ALTER COLUMN content SET STORAGE EXTERNAL",
    """
    CREATE TABLE application_history (
      school_id UUID NOT NULL,
      application_id UUID NOT NULL,
      entry_id UUID NOT NULL,
      step TEXT NOT NULL,
      account_id UUID,
      at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT application_history_pkey PRIMARY KEY (school_id, application_id, entry_id),
      CONSTRAINT application_history_school_id_application_id_fkey
        FOREIGN KEY(school_id, application_id) REFERENCES applications (school_id, application_id) ON DELETE CASCADE,
      CONSTRAINT application_history_step_check
        CHECK (step IN ('written', 'changed', 'document_added', 'document_removed', 'submitted', 'registered',
                        'in_review', 'granted', 'refused', 'withdrawn', 'reminded', 'escalated', 'document_opened'))
    )
    """,
    """
    CREATE TABLE application_counters (
      year INTEGER NOT NULL,
      last INTEGER NOT NULL,
      CONSTRAINT application_counters_pkey PRIMARY KEY (year)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
