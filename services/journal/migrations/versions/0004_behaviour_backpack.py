"""Notes on behaviour, and what to bring to lessons."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE behaviour_notes (
      school_id uuid NOT NULL,
      note_id uuid NOT NULL,
      pupil_id uuid NOT NULL,
      class_id uuid NOT NULL,
      monday date NOT NULL,
      subject_id uuid,
      rating text NOT NULL,
      note text,
      author_id uuid NOT NULL,
      written_at timestamptz NOT NULL,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT behaviour_notes_pkey PRIMARY KEY (school_id, note_id),
      CONSTRAINT behaviour_notes_school_id_pupil_id_fkey FOREIGN KEY (school_id, pupil_id)
        REFERENCES pupils (school_id, pupil_id),
      CONSTRAINT behaviour_notes_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id),
      CONSTRAINT behaviour_notes_school_id_subject_id_fkey FOREIGN KEY (school_id, subject_id)
        REFERENCES subjects (school_id, subject_id),
      CONSTRAINT behaviour_notes_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id),
      CONSTRAINT behaviour_notes_school_id_pupil_id_monday_subject_id_key
        UNIQUE NULLS NOT DISTINCT (school_id, pupil_id, monday, subject_id),
      CONSTRAINT behaviour_notes_rating_check CHECK (rating IN ('exemplary', 'good', 'uneven', 'poor'))
    )
    """,
    "CREATE INDEX behaviour_notes_school_id_class_id_monday_idx ON behaviour_notes (school_id, class_id, monday)",
    """
    CREATE TABLE backpack_lists (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      author_id uuid NOT NULL,
      written_at timestamptz NOT NULL,
      version integer NOT NULL,
      CONSTRAINT backpack_lists_pkey PRIMARY KEY (school_id, lesson_id),
      CONSTRAINT backpack_lists_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES lessons (school_id, lesson_id),
      CONSTRAINT backpack_lists_school_id_author_id_fkey FOREIGN KEY (school_id, author_id)
        REFERENCES staff (school_id, person_id)
    )
    """,
    """
    CREATE TABLE backpack_things (
      school_id uuid NOT NULL,
      lesson_id uuid NOT NULL,
      position smallint NOT NULL,
      title text NOT NULL,
      grams smallint NOT NULL,
      CONSTRAINT backpack_things_pkey PRIMARY KEY (school_id, lesson_id, position),
      CONSTRAINT backpack_things_school_id_lesson_id_fkey FOREIGN KEY (school_id, lesson_id)
        REFERENCES backpack_lists (school_id, lesson_id),
      CONSTRAINT backpack_things_grams_check CHECK (grams BETWEEN 0 AND 10000)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE backpack_things, backpack_lists, behaviour_notes")
