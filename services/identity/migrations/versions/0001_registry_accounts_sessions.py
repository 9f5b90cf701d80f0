"""The registry, accounts and sessions."""

from alembic import op

from shared.db.kit_tables import create_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE accounts (
      account_id UUID NOT NULL,
      status TEXT NOT NULL,
      surname TEXT NOT NULL,
      given_name TEXT NOT NULL,
      patronymic TEXT,
      locale TEXT NOT NULL,
      is_operator BOOLEAN NOT NULL,
      data_key BYTEA NOT NULL,
      registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT accounts_pkey PRIMARY KEY (account_id),
      CONSTRAINT accounts_status_check CHECK (status IN ('active', 'disabled')),
      CONSTRAINT accounts_locale_check CHECK (locale IN ('ru', 'en'))
    )
    """,
    """
    CREATE TABLE schools (
      school_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      name TEXT NOT NULL,
      city TEXT NOT NULL,
      time_zone TEXT NOT NULL,
      opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT schools_pkey PRIMARY KEY (school_id),
      CONSTRAINT schools_source_id_key UNIQUE (source_id)
    )
    """,
    """
    CREATE TABLE sign_in_throttles (
      subject BYTEA NOT NULL,
      failures INTEGER NOT NULL,
      last_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
      blocked_until TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT sign_in_throttles_pkey PRIMARY KEY (subject)
    )
    """,
    """
    CREATE TABLE account_identifiers (
      account_id UUID NOT NULL,
      kind TEXT NOT NULL,
      value BYTEA NOT NULL,
      value_index BYTEA NOT NULL,
      proved_at TIMESTAMP WITH TIME ZONE,
      signs_in BOOLEAN NOT NULL,
      CONSTRAINT account_identifiers_pkey PRIMARY KEY (account_id, kind),
      CONSTRAINT account_identifiers_kind_check CHECK (kind IN ('phone', 'email', 'snils', 'username')),
      CONSTRAINT account_identifiers_proved_signs_in_check
        CHECK (NOT signs_in OR kind IN ('snils', 'username') OR proved_at IS NOT NULL),
      CONSTRAINT account_identifiers_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    CREATE
        UNIQUE INDEX uq_account_identifiers_signs_in ON account_identifiers (kind, value_index) WHERE signs_in
    """,
    """
    CREATE TABLE credentials (
      account_id UUID NOT NULL,
      password_hash TEXT NOT NULL,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT credentials_pkey PRIMARY KEY (account_id),
      CONSTRAINT credentials_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    CREATE TABLE people (
      school_id UUID NOT NULL,
      person_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      surname TEXT NOT NULL,
      given_name TEXT NOT NULL,
      patronymic TEXT,
      sex TEXT,
      data_key BYTEA NOT NULL,
      phone BYTEA,
      email BYTEA,
      snils BYTEA,
      birth_date BYTEA,
      phone_index BYTEA,
      email_index BYTEA,
      snils_index BYTEA,
      birth_date_index BYTEA,
      present BOOLEAN NOT NULL,
      CONSTRAINT people_pkey PRIMARY KEY (school_id, person_id),
      CONSTRAINT people_school_id_source_id_key UNIQUE (school_id, source_id),
      CONSTRAINT people_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id),
      CONSTRAINT people_kind_check CHECK (kind IN ('pupil', 'representative', 'staff')),
      CONSTRAINT people_sex_check CHECK (sex IN ('male', 'female')),
      CONSTRAINT people_phone_whole_check CHECK ((phone IS NULL) = (phone_index IS NULL)),
      CONSTRAINT people_email_whole_check CHECK ((email IS NULL) = (email_index IS NULL)),
      CONSTRAINT people_snils_whole_check CHECK ((snils IS NULL) = (snils_index IS NULL)),
      CONSTRAINT people_birth_date_whole_check CHECK ((birth_date IS NULL) = (birth_date_index IS NULL))
    )
    """,
    """
    CREATE INDEX ix_people_email ON people (email_index) WHERE email_index IS NOT NULL
    """,
    """
    CREATE INDEX ix_people_phone ON people (phone_index) WHERE phone_index IS NOT NULL
    """,
    """
    CREATE INDEX ix_people_snils ON people (snils_index) WHERE snils_index IS NOT NULL
    """,
    """
    CREATE TABLE school_years (
      school_id UUID NOT NULL,
      year_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      title TEXT NOT NULL,
      starts_on DATE NOT NULL,
      ends_on DATE NOT NULL,
      CONSTRAINT school_years_pkey PRIMARY KEY (school_id, year_id),
      CONSTRAINT school_years_school_id_source_id_key UNIQUE (school_id, source_id),
      CONSTRAINT school_years_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id),
      CONSTRAINT school_years_starts_before_end_check CHECK (starts_on < ends_on)
    )
    """,
    """
    CREATE TABLE sessions (
      session_id UUID NOT NULL,
      account_id UUID NOT NULL,
      started_at TIMESTAMP WITH TIME ZONE NOT NULL,
      authenticated_at TIMESTAMP WITH TIME ZONE NOT NULL,
      last_used_at TIMESTAMP WITH TIME ZONE NOT NULL,
      expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
      device TEXT NOT NULL,
      ended_at TIMESTAMP WITH TIME ZONE,
      end_reason TEXT,
      CONSTRAINT sessions_pkey PRIMARY KEY (session_id),
      CONSTRAINT sessions_ended_whole_check CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
      CONSTRAINT sessions_end_reason_check
        CHECK (end_reason IN ('signed_out', 'ended_by_owner', 'token_reused')),
      CONSTRAINT sessions_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    CREATE INDEX ix_sessions_account ON sessions (account_id) WHERE ended_at IS NULL
    """,
    """
    CREATE TABLE subjects (
      school_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      title TEXT NOT NULL,
      taught BOOLEAN NOT NULL,
      CONSTRAINT subjects_pkey PRIMARY KEY (school_id, subject_id),
      CONSTRAINT subjects_school_id_source_id_key UNIQUE (school_id, source_id),
      CONSTRAINT subjects_school_id_fkey FOREIGN KEY(school_id) REFERENCES schools (school_id)
    )
    """,
    """
    CREATE TABLE account_records (
      school_id UUID NOT NULL,
      person_id UUID NOT NULL,
      account_id UUID NOT NULL,
      level SMALLINT NOT NULL,
      linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
      CONSTRAINT account_records_pkey PRIMARY KEY (school_id, person_id),
      CONSTRAINT account_records_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT account_records_level_check CHECK (level IN (1, 2)),
      CONSTRAINT account_records_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    CREATE INDEX ix_account_records_account ON account_records (account_id)
    """,
    """
    CREATE TABLE bindings (
      school_id UUID NOT NULL,
      binding_id UUID NOT NULL,
      account_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      relation TEXT NOT NULL,
      level SMALLINT NOT NULL,
      state TEXT NOT NULL,
      edge_version INTEGER NOT NULL,
      granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
      revoked_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT bindings_pkey PRIMARY KEY (school_id, binding_id),
      CONSTRAINT bindings_school_id_pupil_id_fkey
        FOREIGN KEY(school_id, pupil_id) REFERENCES people (school_id, person_id),
      CONSTRAINT bindings_school_id_account_id_pupil_id_key UNIQUE (school_id, account_id, pupil_id),
      CONSTRAINT bindings_relation_check CHECK (relation IN ('self', 'representative')),
      CONSTRAINT bindings_level_check CHECK (level IN (1, 2)),
      CONSTRAINT bindings_state_check CHECK (state IN ('active', 'revoked')),
      CONSTRAINT bindings_revoked_whole_check CHECK ((state = 'revoked') = (revoked_at IS NOT NULL)),
      CONSTRAINT bindings_edge_version_check CHECK (edge_version >= 1),
      CONSTRAINT bindings_account_id_fkey FOREIGN KEY(account_id) REFERENCES accounts (account_id)
    )
    """,
    """
    CREATE INDEX ix_bindings_account ON bindings (account_id)
    """,
    """
    CREATE TABLE classes (
      school_id UUID NOT NULL,
      class_id UUID NOT NULL,
      year_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      grade SMALLINT NOT NULL,
      name TEXT NOT NULL,
      comparable_name TEXT NOT NULL,
      open BOOLEAN NOT NULL,
      CONSTRAINT classes_pkey PRIMARY KEY (school_id, class_id),
      CONSTRAINT classes_school_id_source_id_key UNIQUE (school_id, source_id),
      CONSTRAINT classes_school_id_year_id_fkey
        FOREIGN KEY(school_id, year_id) REFERENCES school_years (school_id, year_id),
      CONSTRAINT classes_grade_check CHECK (grade BETWEEN 1 AND 11)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_classes_open_name ON classes (school_id, year_id, comparable_name) WHERE open
    """,
    """
    CREATE TABLE guardianships (
      school_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      representative_id UUID NOT NULL,
      since DATE NOT NULL,
      ended_on DATE,
      CONSTRAINT guardianships_pkey PRIMARY KEY (school_id, pupil_id, representative_id),
      CONSTRAINT guardianships_school_id_pupil_id_fkey
        FOREIGN KEY(school_id, pupil_id) REFERENCES people (school_id, person_id),
      CONSTRAINT guardianships_school_id_representative_id_fkey
        FOREIGN KEY(school_id, representative_id) REFERENCES people (school_id, person_id),
      CONSTRAINT guardianships_not_oneself_check CHECK (pupil_id <> representative_id)
    )
    """,
    """
    CREATE INDEX ix_guardianships_representative ON guardianships (school_id, representative_id)
    """,
    """
    CREATE TABLE refresh_tokens (
      token_hash BYTEA NOT NULL,
      session_id UUID NOT NULL,
      issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
      used_at TIMESTAMP WITH TIME ZONE,
      CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
      CONSTRAINT refresh_tokens_session_id_fkey
        FOREIGN KEY(session_id) REFERENCES sessions (session_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_refresh_tokens_session ON refresh_tokens (session_id)
    """,
    """
    CREATE UNIQUE INDEX uq_refresh_tokens_unused ON refresh_tokens (session_id) WHERE used_at IS NULL
    """,
    """
    CREATE TABLE enrolments (
      school_id UUID NOT NULL,
      enrolment_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      class_id UUID NOT NULL,
      since DATE NOT NULL,
      left_on DATE,
      CONSTRAINT enrolments_pkey PRIMARY KEY (school_id, enrolment_id),
      CONSTRAINT enrolments_school_id_pupil_id_fkey
        FOREIGN KEY(school_id, pupil_id) REFERENCES people (school_id, person_id),
      CONSTRAINT enrolments_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id)
    )
    """,
    """
    CREATE INDEX ix_enrolments_class ON enrolments (school_id, class_id)
    """,
    """
    CREATE UNIQUE INDEX uq_enrolments_current ON enrolments (school_id, pupil_id) WHERE left_on IS NULL
    """,
    """
    CREATE TABLE staff_assignments (
      school_id UUID NOT NULL,
      assignment_id UUID NOT NULL,
      person_id UUID NOT NULL,
      role TEXT NOT NULL,
      class_id UUID,
      subject_id UUID,
      valid_from DATE NOT NULL,
      valid_until DATE,
      released_on DATE,
      edge_version INTEGER NOT NULL,
      account_id UUID,
      CONSTRAINT staff_assignments_pkey PRIMARY KEY (school_id, assignment_id),
      CONSTRAINT staff_assignments_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT staff_assignments_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id),
      CONSTRAINT staff_assignments_school_id_subject_id_fkey
        FOREIGN KEY(school_id, subject_id) REFERENCES subjects (school_id, subject_id),
      CONSTRAINT uq_staff_assignments_duty
        UNIQUE NULLS NOT DISTINCT (school_id, person_id, role, class_id, subject_id),
      CONSTRAINT staff_assignments_role_check
        CHECK (role IN ('subject_teacher', 'class_teacher', 'deputy', 'director', 'school_administrator')),
      CONSTRAINT staff_assignments_class_of_role_check
        CHECK ((class_id IS NOT NULL) = (role IN ('subject_teacher', 'class_teacher'))),
      CONSTRAINT staff_assignments_subject_of_role_check
        CHECK ((subject_id IS NOT NULL) = (role = 'subject_teacher')),
      CONSTRAINT staff_assignments_edge_version_check CHECK (edge_version >= 1)
    )
    """,
    """
    CREATE INDEX ix_staff_assignments_account ON staff_assignments (account_id) WHERE account_id IS NOT NULL
    """,
)


def upgrade() -> None:
    create_v1(op)
    for statement in _TABLES:
        op.execute(statement)
