"""The bus in numbers. Counters are of this process; gauges are read from the database when they are scraped."""

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter("bus_published_total", "Events confirmed by the broker")
REFUSED = Counter("bus_refused_total", "Events returned or refused by the broker; they are tried again")
RECEIVED = Counter("bus_received_total", "Deliveries taken over into the inbox, duplicates included")
DUPLICATES = Counter("bus_duplicates_total", "Deliveries of an event that was already there", ["where"])
QUARANTINED = Counter("bus_quarantined_total", "Deliveries that could not be read")
APPLIED = Counter("bus_applied_total", "Events that took effect", ["type"])
FAILED = Counter("bus_failed_total", "Tries of a handler that failed", ["type"])
HANDLING = Histogram(
    "bus_chunk_seconds", "Time of one chunk of the pump", buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
)

OUTBOX_UNPUBLISHED = Gauge("bus_outbox_unpublished", "Events not yet confirmed")
OUTBOX_LAG = Gauge("bus_outbox_lag_seconds", "Age of the oldest event not yet confirmed")
INBOX_PENDING = Gauge("bus_inbox_pending", "Events received and not yet applied")
INBOX_WAITING = Gauge("bus_inbox_waiting", "Events behind a gap, a retry or a dead event of their stream")
INBOX_LAG = Gauge("bus_inbox_lag_seconds", "Age of the oldest event received and not yet applied")
INBOX_DEAD = Gauge("bus_inbox_dead", "Events that wait for a person")
INBOX_QUARANTINE = Gauge("bus_inbox_quarantine", "Unreadable deliveries that wait for a person")
