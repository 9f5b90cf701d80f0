"""Parts of classes: who is in them, and lessons, tasks and announcements that are theirs alone (J-4, J-26)."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE class_groups (
      school_id UUID NOT NULL,
      group_id UUID NOT NULL,
      class_id UUID NOT NULL,
      subject_id UUID NOT NULL,
      source_id TEXT NOT NULL,
      title TEXT NOT NULL,
      ended_on DATE,
      CONSTRAINT class_groups_pkey PRIMARY KEY (school_id, group_id)
    )
    """,
    "CREATE INDEX class_groups_school_id_class_id_idx ON class_groups (school_id, class_id)",
    """
    CREATE TABLE group_members (
      school_id UUID NOT NULL,
      group_id UUID NOT NULL,
      pupil_id UUID NOT NULL,
      since DATE,
      left_on DATE,
      CONSTRAINT group_members_pkey PRIMARY KEY (school_id, group_id, pupil_id)
    )
    """,
    "CREATE INDEX group_members_school_id_pupil_id_idx ON group_members (school_id, pupil_id)",
    """
    ALTER TABLE lessons
      ADD COLUMN group_id UUID,
      ADD CONSTRAINT lessons_school_id_group_id_fkey
        FOREIGN KEY (school_id, group_id) REFERENCES class_groups (school_id, group_id),
      DROP CONSTRAINT lessons_school_id_class_id_date_number_key,
      ADD CONSTRAINT lessons_school_id_class_id_date_number_group_id_key
        UNIQUE NULLS NOT DISTINCT (school_id, class_id, date, number, group_id)
    """,
    """
    ALTER TABLE weekly_lessons
      ADD COLUMN group_id UUID,
      ADD CONSTRAINT weekly_lessons_school_id_group_id_fkey
        FOREIGN KEY (school_id, group_id) REFERENCES class_groups (school_id, group_id),
      DROP CONSTRAINT weekly_lessons_pkey,
      ADD CONSTRAINT weekly_lessons_pkey
        PRIMARY KEY (school_id, weekly_timetable_id, weekday, number, teacher_id)
    """,
    """
    ALTER TABLE homework
      ADD COLUMN group_id UUID,
      ADD CONSTRAINT homework_school_id_group_id_fkey
        FOREIGN KEY (school_id, group_id) REFERENCES class_groups (school_id, group_id)
    """,
    """
    ALTER TABLE announcements
      ADD COLUMN group_id UUID,
      ADD CONSTRAINT announcements_school_id_group_id_fkey
        FOREIGN KEY (school_id, group_id) REFERENCES class_groups (school_id, group_id)
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
