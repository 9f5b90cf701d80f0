-- The bus in one service's database, version 1. Released: never edited, only followed by v2.sql.
-- It is both the migration and the model: there is no second definition to drift from.

-- Producer side ------------------------------------------------------------------------------------

-- Sequence and write lock of one aggregate. Rows are kept for ever.
CREATE TABLE outbox_stream (
  stream_type text NOT NULL,
  stream_id uuid NOT NULL,
  last_seq bigint NOT NULL CHECK (last_seq >= 1),
  PRIMARY KEY (stream_type, stream_id)
);

-- What relays lock: sixteen rows, so up to sixteen relays work side by side without talking to each other.
CREATE TABLE outbox_partition (
  partition smallint PRIMARY KEY CHECK (partition BETWEEN 0 AND 15)
);
INSERT INTO outbox_partition SELECT generate_series(0, 15);

CREATE TABLE outbox_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  stream_type text NOT NULL,
  stream_id uuid NOT NULL,
  stream_seq bigint NOT NULL CHECK (stream_seq >= 1),
  partition smallint NOT NULL GENERATED ALWAYS AS ((uuid_hash(stream_id) & 15)::smallint) STORED,
  type text NOT NULL,
  routing_key text NOT NULL,
  body bytea NOT NULL,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_error text,
  UNIQUE (stream_type, stream_id, stream_seq)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.2);
-- The relay's question: what is due in my partition, in id order.
CREATE INDEX outbox_event_unpublished ON outbox_event (partition, id) WHERE published_at IS NULL;
-- The relay's other question: is an earlier row of this stream backing off. Empty on good days.
CREATE INDEX outbox_event_backing_off ON outbox_event (stream_type, stream_id, stream_seq)
  WHERE published_at IS NULL AND attempts > 0;
-- Replay and pruning walk the archive by time.
CREATE INDEX outbox_event_archive ON outbox_event (created_at, id);

-- I5: no software deletes an event that nobody has seen yet.
CREATE FUNCTION outbox_event_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NULL THEN
    RAISE EXCEPTION 'outbox_event % is not published yet and must not be deleted', OLD.event_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER outbox_event_refuse_delete BEFORE DELETE ON outbox_event
  FOR EACH ROW EXECUTE FUNCTION outbox_event_refuse_delete();

-- Consumer side ------------------------------------------------------------------------------------

CREATE TABLE inbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  stream_key text NOT NULL,
  stream_seq bigint NOT NULL CHECK (stream_seq >= 1),
  lane smallint NOT NULL GENERATED ALWAYS AS ((hashtext(stream_key) & 15)::smallint) STORED,
  type text NOT NULL,
  body bytea NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN
    ('pending', 'waiting', 'done', 'dead', 'skipped', 'duplicate', 'superseded', 'ignored')),
  attempts smallint NOT NULL DEFAULT 0,
  crashes smallint NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_error text,
  received_at timestamptz NOT NULL,
  done_at timestamptz,
  CHECK ((done_at IS NULL) = (status IN ('pending', 'waiting', 'dead')))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.2);
-- The pump's question: what is due in my lane, oldest first.
CREATE INDEX inbox_due ON inbox (lane, next_attempt_at, id) WHERE status = 'pending';
-- Rows behind a gap, a retry or a dead row of their stream; woken when the cursor reaches them.
CREATE INDEX inbox_waiting ON inbox (stream_key, stream_seq) WHERE status = 'waiting';
-- The operator's question.
CREATE INDEX inbox_dead ON inbox (stream_key, stream_seq) WHERE status = 'dead';
CREATE INDEX inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL;

CREATE FUNCTION inbox_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.done_at IS NULL THEN
    RAISE EXCEPTION 'inbox row of event % is not processed yet and must not be deleted', OLD.event_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER inbox_refuse_delete BEFORE DELETE ON inbox
  FOR EACH ROW EXECUTE FUNCTION inbox_refuse_delete();

-- How far each stream has taken effect here. Never deleted: it is the permanent duplicate check (I3).
CREATE TABLE inbox_cursor (
  stream_key text PRIMARY KEY,
  last_seq bigint NOT NULL CHECK (last_seq >= 1)
);

-- What pumps lock: sixteen rows.
CREATE TABLE inbox_lane (
  lane smallint PRIMARY KEY CHECK (lane BETWEEN 0 AND 15)
);
INSERT INTO inbox_lane SELECT generate_series(0, 15);

-- Written outside the pump's transaction before handlers run, cleared inside it: what is still armed when the
-- next pump comes belonged to a process that died in the middle.
CREATE TABLE inbox_marker (
  lane smallint PRIMARY KEY REFERENCES inbox_lane,
  armed boolean NOT NULL DEFAULT false,
  event_id uuid,
  suspects integer NOT NULL DEFAULT 0
);
INSERT INTO inbox_marker SELECT generate_series(0, 15);

-- What could not even be read. The bytes are kept for a person to look at.
CREATE TABLE inbox_quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint bytea NOT NULL UNIQUE,
  exchange text NOT NULL,
  routing_key text NOT NULL,
  message_id text,
  body bytea NOT NULL,
  reason text NOT NULL,
  received_at timestamptz NOT NULL,
  times integer NOT NULL DEFAULT 1
);

-- Who did what to dead and quarantined rows, and why.
CREATE TABLE bus_audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  operator text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  reason text NOT NULL
);
