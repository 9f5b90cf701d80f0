"""What is said to a class reaches its pupils and their families."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """
    CREATE TABLE class_notice (
      class_id uuid NOT NULL,
      about_id uuid NOT NULL,
      version integer NOT NULL,
      kind text NOT NULL,
      category text NOT NULL,
      circle text NOT NULL,
      section text,
      pupil_ids uuid[],
      template_version smallint NOT NULL,
      "values" jsonb NOT NULL,
      occurred_at timestamptz NOT NULL,
      useful_until date,
      withdrawn boolean NOT NULL,
      CONSTRAINT class_notice_pkey PRIMARY KEY (class_id, about_id),
      CONSTRAINT class_notice_circle_known_check CHECK (circle IN ('readers', 'pupils', 'families', 'both'))
    )
    """,
    "CREATE INDEX class_notice_useful_idx ON class_notice (class_id, useful_until) WHERE NOT withdrawn",
    """
    CREATE TABLE late_pupil (
      pupil_id uuid NOT NULL,
      recorded_at timestamptz NOT NULL,
      CONSTRAINT late_pupil_pkey PRIMARY KEY (pupil_id)
    )
    """,
    """
    ALTER TABLE notice
      ADD COLUMN class_id uuid,
      ADD COLUMN version integer,
      ADD CONSTRAINT notice_version_of_a_class_check CHECK ((class_id IS NULL) = (version IS NULL))
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
