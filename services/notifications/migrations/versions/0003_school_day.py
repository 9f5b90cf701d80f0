"""The school day reaches people: classes of pupils, time zones of schools, more kinds of notices."""

from alembic import op

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    "ALTER TABLE pupil_card ADD COLUMN class_id uuid NOT NULL",
    "CREATE INDEX pupil_card_class_idx ON pupil_card (class_id)",
    """
    CREATE TABLE school_card (
      school_id uuid NOT NULL,
      time_zone text NOT NULL,
      CONSTRAINT school_card_pkey PRIMARY KEY (school_id)
    )
    """,
    "ALTER TABLE notice ADD COLUMN closed boolean NOT NULL DEFAULT false",
    "ALTER TABLE notice ALTER COLUMN closed DROP DEFAULT",
    """
    ALTER TABLE notice
      DROP CONSTRAINT notice_category_known_check,
      DROP CONSTRAINT notice_circle_known_check,
      ADD CONSTRAINT notice_category_known_check
        CHECK (category IN ('marks', 'attendance', 'homework', 'announcements', 'signatures', 'access', 'support',
          'security', 'applications')),
      ADD CONSTRAINT notice_circle_known_check
        CHECK (circle IN ('readers', 'guardians', 'pupils', 'families', 'both', 'named'))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
