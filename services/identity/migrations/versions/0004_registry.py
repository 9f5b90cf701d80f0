"""The registry's second half: groups, terms that run out, admission by hand, corrections, the directory."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE schools
      ADD COLUMN searched_city TEXT COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (translate(lower(city COLLATE pg_c_utf8), 'ё«»„“”"', 'е')) STORED,
      ADD COLUMN searched_name TEXT COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (translate(lower(name COLLATE pg_c_utf8), 'ё«»„“”"', 'е')) STORED
    """,
    "CREATE INDEX ix_schools_directory ON schools (searched_city, searched_name, school_id)",
    "CREATE INDEX ix_schools_searched_name ON schools USING gin (searched_name gin_trgm_ops)",
    "ALTER TABLE people ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE enrolments ADD COLUMN last_day DATE",
    """
    CREATE INDEX ix_enrolments_running_out ON enrolments (last_day) WHERE left_on IS NULL AND last_day IS NOT NULL
    """,
    "ALTER TABLE guardianships ADD COLUMN last_day DATE",
    """
    CREATE INDEX ix_guardianships_running_out ON guardianships (last_day)
      WHERE ended_on IS NULL AND last_day IS NOT NULL
    """,
    """
    ALTER TABLE staff_assignments
      ADD COLUMN basis TEXT,
      ADD COLUMN recorded_by UUID,
      ADD COLUMN released_by UUID,
      ADD CONSTRAINT staff_assignments_recorded_whole_check CHECK ((basis IS NULL) = (recorded_by IS NULL)),
      DROP CONSTRAINT staff_assignments_role_check,
      ADD CONSTRAINT staff_assignments_role_check
        CHECK (role IN ('subject_teacher', 'class_teacher', 'deputy', 'director', 'school_administrator', 'agent'))
    """,
    """
    CREATE INDEX ix_staff_assignments_running_out ON staff_assignments (valid_until)
      WHERE released_on IS NULL AND valid_until IS NOT NULL
    """,
    """
    CREATE TABLE class_groups (
      school_id UUID NOT NULL,
      group_id UUID NOT NULL,
      class_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      title TEXT NOT NULL,
      open BOOLEAN NOT NULL,
      CONSTRAINT class_groups_pkey PRIMARY KEY (school_id, group_id),
      CONSTRAINT class_groups_school_id_source_id_key UNIQUE (school_id, source_id),
      CONSTRAINT class_groups_school_id_class_id_fkey
        FOREIGN KEY(school_id, class_id) REFERENCES classes (school_id, class_id),
      CONSTRAINT class_groups_school_id_subject_id_fkey
        FOREIGN KEY(school_id, subject_id) REFERENCES subjects (school_id, subject_id)
    )
    """,
    "CREATE INDEX ix_class_groups_class ON class_groups (school_id, class_id)",
    """
    CREATE TABLE group_members (
      school_id UUID NOT NULL,
      group_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      CONSTRAINT group_members_pkey PRIMARY KEY (school_id, group_id, pupil_id),
      CONSTRAINT group_members_school_id_group_id_fkey
        FOREIGN KEY(school_id, group_id) REFERENCES class_groups (school_id, group_id),
      CONSTRAINT group_members_school_id_pupil_id_fkey
        FOREIGN KEY(school_id, pupil_id) REFERENCES people (school_id, person_id)
    )
    """,
    "CREATE INDEX ix_group_members_pupil ON group_members (school_id, pupil_id)",
    """
    CREATE TABLE hand_corrections (
      school_id UUID NOT NULL,
      person_id UUID NOT NULL,
      field TEXT NOT NULL,
      bundle_index BYTEA,
      CONSTRAINT hand_corrections_pkey PRIMARY KEY (school_id, person_id, field),
      CONSTRAINT hand_corrections_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT hand_corrections_field_check
        CHECK (field IN ('surname', 'given_name', 'patronymic', 'phone', 'email', 'snils', 'birth_date'))
    )
    """,
    """
    CREATE TABLE value_history (
      school_id UUID NOT NULL,
      change_id UUID NOT NULL,
      person_id UUID NOT NULL,
      field TEXT NOT NULL,
      value_before BYTEA,
      index_before BYTEA,
      changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
      changed_by UUID,
      confirmed_by UUID,
      CONSTRAINT value_history_pkey PRIMARY KEY (school_id, change_id),
      CONSTRAINT value_history_school_id_person_id_fkey
        FOREIGN KEY(school_id, person_id) REFERENCES people (school_id, person_id),
      CONSTRAINT value_history_before_whole_check CHECK ((value_before IS NULL) = (index_before IS NULL))
    )
    """,
    "CREATE INDEX ix_value_history_person ON value_history (school_id, person_id, change_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("there is no way back to half a registry; restore a backup")
