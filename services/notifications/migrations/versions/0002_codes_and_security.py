"""Messages stand by themselves: kind, wording and priority of their own, more targets, sealed codes (N-13)."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    "ALTER TABLE notice DROP CONSTRAINT notice_category_known_check",
    """
    ALTER TABLE notice ADD CONSTRAINT notice_category_known_check
      CHECK (category IN ('marks', 'access', 'support', 'security', 'applications'))
    """,
    "DROP INDEX message_due_idx",
    """
    ALTER TABLE message
      DROP CONSTRAINT message_pkey,
      DROP CONSTRAINT message_notice_id_fkey,
      DROP CONSTRAINT message_no_address_after_use_check
    """,
    "ALTER TABLE message RENAME COLUMN notice_id TO event_id",
    "ALTER TABLE message RENAME COLUMN sealed_address TO sealed",
    """
    ALTER TABLE message
      ADD COLUMN target text,
      ADD COLUMN kind text,
      ADD COLUMN template_version smallint,
      ADD COLUMN "values" jsonb,
      ADD COLUMN sealed_context text,
      ADD COLUMN priority smallint
    """,
    """
    UPDATE message SET
      target = CASE WHEN notice.category = 'support' THEN 'requester' ELSE 'account' END,
      kind = notice.kind,
      template_version = notice.template_version,
      "values" = notice."values",
      sealed_context = CASE WHEN sealed IS NOT NULL THEN 'ticket:' || notice.about_id END,
      priority = 2
    FROM notice WHERE notice.id = message.event_id
    """,
    """
    ALTER TABLE message
      ALTER COLUMN target SET NOT NULL,
      ALTER COLUMN kind SET NOT NULL,
      ALTER COLUMN template_version SET NOT NULL,
      ALTER COLUMN "values" SET NOT NULL,
      ALTER COLUMN priority SET NOT NULL,
      ADD CONSTRAINT message_pkey PRIMARY KEY (event_id, recipient_id, channel, target),
      ADD CONSTRAINT message_target_known_check
        CHECK (target IN ('account', 'requester', 'code', 'old_contact', 'record')),
      ADD CONSTRAINT message_priority_known_check CHECK (priority BETWEEN 0 AND 2),
      ADD CONSTRAINT message_nothing_sealed_after_use_check CHECK (status = 'pending' OR sealed IS NULL),
      ADD CONSTRAINT message_sealed_with_context_check CHECK ((sealed IS NULL) = (sealed_context IS NULL))
    """,
    "CREATE INDEX message_due_idx ON message (channel, priority, next_attempt_at) WHERE status = 'pending'",
    "CREATE INDEX message_expiry_idx ON message (expires_at) WHERE status = 'pending'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
