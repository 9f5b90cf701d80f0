"""Curricula, thematic plans, topics that follow them."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE lessons ADD COLUMN topic_from_plan boolean NOT NULL DEFAULT false",
    """
    CREATE TABLE curricula (
      school_id uuid NOT NULL,
      curriculum_id uuid NOT NULL,
      grade smallint NOT NULL,
      name text NOT NULL,
      description text NOT NULL,
      profile text,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT curricula_pkey PRIMARY KEY (school_id, curriculum_id),
      CONSTRAINT curricula_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (school_id),
      CONSTRAINT curricula_grade_check CHECK (grade BETWEEN 1 AND 11),
      CONSTRAINT curricula_profile_from_grade_10_check CHECK (profile IS NULL OR grade >= 10)
    )
    """,
    """
    CREATE TABLE curriculum_classes (
      school_id uuid NOT NULL,
      curriculum_id uuid NOT NULL,
      class_id uuid NOT NULL,
      CONSTRAINT curriculum_classes_pkey PRIMARY KEY (school_id, curriculum_id, class_id),
      CONSTRAINT curriculum_classes_school_id_curriculum_id_fkey FOREIGN KEY (school_id, curriculum_id)
        REFERENCES curricula (school_id, curriculum_id) ON DELETE CASCADE,
      CONSTRAINT curriculum_classes_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id)
    )
    """,
    "CREATE INDEX curriculum_classes_school_id_class_id_idx ON curriculum_classes (school_id, class_id)",
    """
    CREATE TABLE curriculum_subjects (
      school_id uuid NOT NULL,
      curriculum_id uuid NOT NULL,
      position smallint NOT NULL,
      subject_id uuid NOT NULL,
      hours smallint NOT NULL,
      CONSTRAINT curriculum_subjects_pkey PRIMARY KEY (school_id, curriculum_id, position),
      CONSTRAINT curriculum_subjects_school_id_curriculum_id_fkey FOREIGN KEY (school_id, curriculum_id)
        REFERENCES curricula (school_id, curriculum_id) ON DELETE CASCADE,
      CONSTRAINT curriculum_subjects_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT curriculum_subjects_hours_check CHECK (hours BETWEEN 1 AND 2000)
    )
    """,
    """
    CREATE TABLE thematic_plans (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      version integer NOT NULL,
      written_by uuid NOT NULL,
      written_at timestamptz NOT NULL,
      CONSTRAINT thematic_plans_pkey PRIMARY KEY (school_id, class_id, subject_id),
      CONSTRAINT thematic_plans_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT thematic_plans_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id)
    )
    """,
    """
    CREATE TABLE thematic_topics (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      subject_id uuid NOT NULL,
      position smallint NOT NULL,
      title text NOT NULL,
      hours smallint NOT NULL,
      CONSTRAINT thematic_topics_pkey PRIMARY KEY (school_id, class_id, subject_id, position),
      CONSTRAINT thematic_topics_school_id_class_id_subject_id_fkey FOREIGN KEY (school_id, class_id, subject_id)
        REFERENCES thematic_plans (school_id, class_id, subject_id) ON DELETE CASCADE,
      CONSTRAINT thematic_topics_hours_check CHECK (hours BETWEEN 1 AND 100)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE thematic_topics, thematic_plans, curriculum_subjects, curriculum_classes, curricula")
    op.execute("ALTER TABLE lessons DROP COLUMN topic_from_plan")
