"""What classes do besides lessons."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE daily_regimes (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      version integer NOT NULL,
      changed_by uuid NOT NULL,
      changed_at timestamptz NOT NULL,
      CONSTRAINT daily_regimes_pkey PRIMARY KEY (school_id, class_id),
      CONSTRAINT daily_regimes_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES classes (school_id, class_id)
    )
    """,
    """
    CREATE TABLE daily_regime_items (
      school_id uuid NOT NULL,
      class_id uuid NOT NULL,
      position smallint NOT NULL,
      kind text NOT NULL,
      weekday smallint NOT NULL,
      starts_at time NOT NULL,
      ends_at time NOT NULL,
      title text NOT NULL,
      place text NOT NULL,
      CONSTRAINT daily_regime_items_pkey PRIMARY KEY (school_id, class_id, position),
      CONSTRAINT daily_regime_items_school_id_class_id_fkey FOREIGN KEY (school_id, class_id)
        REFERENCES daily_regimes (school_id, class_id) ON DELETE CASCADE,
      CONSTRAINT daily_regime_items_kind_check
        CHECK (kind IN ('extracurricular', 'club', 'physical_activity', 'meal', 'walk')),
      CONSTRAINT daily_regime_items_weekday_check CHECK (weekday BETWEEN 1 AND 7),
      CONSTRAINT daily_regime_items_starts_before_end_check CHECK (starts_at < ends_at)
    )
    """,
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE daily_regime_items, daily_regimes")
