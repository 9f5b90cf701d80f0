"""Announcements with their receipts, and the events of the city."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE announcements (
      school_id uuid NOT NULL,
      announcement_id uuid NOT NULL,
      audience text NOT NULL,
      title text NOT NULL,
      text text NOT NULL,
      author_id uuid NOT NULL,
      posted_at timestamptz NOT NULL,
      edited_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      withdrawn_at timestamptz,
      CONSTRAINT announcements_pkey PRIMARY KEY (school_id, announcement_id),
      CONSTRAINT announcements_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT announcements_audience_check CHECK (audience IN ('pupils', 'families', 'both'))
    )
    """,
    "CREATE INDEX announcements_announcement_id_idx ON announcements (announcement_id)",
    """
    CREATE TABLE announcement_classes (
      school_id uuid NOT NULL,
      announcement_id uuid NOT NULL,
      class_id uuid NOT NULL,
      CONSTRAINT announcement_classes_pkey PRIMARY KEY (school_id, announcement_id, class_id),
      CONSTRAINT announcement_classes_school_id_announcement_id_fkey FOREIGN KEY (school_id, announcement_id)
        REFERENCES announcements (school_id, announcement_id),
      CONSTRAINT announcement_classes_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id)
    )
    """,
    """
    CREATE INDEX announcement_classes_school_id_class_id_announcement_id_idx
      ON announcement_classes (school_id, class_id, announcement_id)
    """,
    """
    CREATE TABLE announcement_pupils (
      school_id uuid NOT NULL,
      announcement_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      CONSTRAINT announcement_pupils_pkey PRIMARY KEY (school_id, announcement_id, pupil_id),
      CONSTRAINT announcement_pupils_school_id_announcement_id_fkey FOREIGN KEY (school_id, announcement_id)
        REFERENCES announcements (school_id, announcement_id),
      CONSTRAINT announcement_pupils_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id)
    )
    """,
    """
    CREATE TABLE announcement_reads (
      school_id uuid NOT NULL,
      announcement_id uuid NOT NULL,
      account_id uuid NOT NULL,
      read_at timestamptz NOT NULL,
      CONSTRAINT announcement_reads_pkey PRIMARY KEY (school_id, announcement_id, account_id),
      CONSTRAINT announcement_reads_school_id_announcement_id_fkey FOREIGN KEY (school_id, announcement_id)
        REFERENCES announcements (school_id, announcement_id)
    )
    """,
    """
    CREATE TABLE city_events (
      event_id uuid NOT NULL,
      source_id text NOT NULL,
      city text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      kind text NOT NULL,
      title text NOT NULL,
      description text NOT NULL,
      place text NOT NULL,
      subject text NOT NULL,
      organiser text NOT NULL,
      contact text NOT NULL,
      imported_at timestamptz NOT NULL,
      CONSTRAINT city_events_pkey PRIMARY KEY (event_id),
      CONSTRAINT city_events_source_id_key UNIQUE (source_id),
      CONSTRAINT city_events_kind_check CHECK (kind IN ('contest', 'olympiad', 'conference', 'seminar', 'other')),
      CONSTRAINT city_events_starts_before_end_check CHECK (starts_on <= ends_on)
    )
    """,
    "CREATE INDEX city_events_ends_on_starts_on_event_id_idx ON city_events (ends_on, starts_on, event_id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE city_events, announcement_reads, announcement_pupils, announcement_classes, announcements")
