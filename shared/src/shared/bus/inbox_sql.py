"""What the pump says to PostgreSQL: a handful of statements a chunk, however many events it holds."""

from sqlalchemy import ARRAY, BigInteger, Double, Integer, SmallInteger, Text, Uuid, bindparam, text

WOKEN = 500
"""How many waiting rows of a stream become due when its cursor moves."""

LOCK = text(
    """
    SELECT lane FROM inbox_lane l
    WHERE EXISTS (SELECT FROM inbox i
                  WHERE i.lane = l.lane AND i.status = 'pending' AND i.next_attempt_at <= now())
    ORDER BY random() LIMIT :most FOR UPDATE SKIP LOCKED
    """,
)
# Read after the lock, in a statement of its own: a snapshot from before the lock would show the last holder's mark.
MARKERS = text(
    "SELECT lane, armed, event_id, suspects FROM inbox_marker WHERE lane = ANY(:lanes) AND (armed OR suspects > 0)",
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
DUE = text(
    """
    SELECT d.*, c.last_seq FROM unnest(:lanes) AS l (lane)
    CROSS JOIN LATERAL (
      SELECT id, event_id, stream_key, stream_seq, type, body, attempts, lane, crashes FROM inbox i
      WHERE i.lane = l.lane AND status = 'pending' AND next_attempt_at <= now()
      ORDER BY next_attempt_at, id LIMIT :most
    ) d LEFT JOIN inbox_cursor c USING (stream_key)
    ORDER BY d.stream_seq
    """,
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
# set_config in the WHERE clause: one round trip. The mark must outlive this process, not the database, so its
# commit need not wait for the disk.
ARM = text(
    """
    UPDATE inbox_marker m SET armed = true, event_id = :event_id, suspects = a.suspects
    FROM unnest(:lanes, :suspects) AS a (lane, suspects)
    WHERE m.lane = a.lane AND set_config('synchronous_commit', 'off', true) = 'off'
    """,
).bindparams(
    bindparam("event_id", type_=Uuid),
    bindparam("lanes", type_=ARRAY(SmallInteger)),
    bindparam("suspects", type_=ARRAY(Integer)),
)
DISARM = text(
    "UPDATE inbox_marker SET armed = false, event_id = NULL, suspects = :suspects WHERE lane = ANY(:lanes)",
).bindparams(bindparam("lanes", type_=ARRAY(SmallInteger)))
CRASHED = text(
    """
    UPDATE inbox SET crashes = crashes + 1,
      status = CASE WHEN crashes + 1 >= :most THEN 'dead' ELSE status END,
      last_error = 'the process died while this event was handled',
      next_attempt_at = now() + make_interval(secs => crashes)
    WHERE event_id = :event_id AND status = 'pending' RETURNING status, type
    """,
)
SETTLE = text(
    """
    UPDATE inbox i SET
      status = s.status,
      attempts = s.attempts,
      last_error = s.error,
      next_attempt_at = CASE WHEN s.delay IS NULL THEN i.next_attempt_at
                             ELSE now() + make_interval(secs => s.delay) END,
      done_at = CASE WHEN s.status IN ('pending', 'waiting', 'dead') THEN NULL ELSE now() END
    FROM unnest(:ids, :statuses, :attempts, :delays, :errors) AS s (id, status, attempts, delay, error)
    WHERE i.id = s.id
    """,
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("statuses", type_=ARRAY(Text)),
    bindparam("attempts", type_=ARRAY(Integer)),
    bindparam("delays", type_=ARRAY(Double)),
    bindparam("errors", type_=ARRAY(Text)),
)
ADVANCE = text(
    """
    INSERT INTO inbox_cursor AS c (stream_key, last_seq)
    SELECT * FROM unnest(:keys, :seqs)
    ON CONFLICT (stream_key) DO UPDATE SET last_seq = GREATEST(c.last_seq, excluded.last_seq)
    """,
).bindparams(bindparam("keys", type_=ARRAY(Text)), bindparam("seqs", type_=ARRAY(BigInteger)))
# LATERAL with ORDER BY: one look at the partial index a stream, whatever the planner thinks of a young table.
WAKE_STREAMS = text(
    """
    UPDATE inbox SET status = 'pending' WHERE id IN (
      SELECT w.id FROM unnest(:keys, :seqs) AS a (stream_key, last_seq)
      CROSS JOIN LATERAL (
        SELECT i.id FROM inbox i
        WHERE i.status = 'waiting' AND i.stream_key = a.stream_key AND i.stream_seq <= a.last_seq + :woken
        ORDER BY i.stream_seq LIMIT :woken
      ) w)
    """,
).bindparams(
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
    bindparam("woken", value=WOKEN, type_=BigInteger),
)
