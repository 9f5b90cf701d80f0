"""Law 5, after a day in the town: every event took effect where it had to, and nothing waits for a person.

That it does so through kills and restarts is what `deploy/tests/faults` proves.
"""

import pytest

from town.up import SERVICES

from .ledger import all_settled, ask


async def test_law_5_every_event_took_effect_at_all_who_listen(town, told) -> None:
    await all_settled(town)
    counts = [(await ask(town.dsn(service), "SELECT count(*) FROM outbox_event"))[0][0] for service in SERVICES]
    assert sum(counts) > 600, "each pupil of the school was told of"


@pytest.mark.parametrize("service", SERVICES)
async def test_law_5_nothing_is_dead_in_quarantine_or_behind_a_gap(town, told, service) -> None:
    await all_settled(town)
    stuck = await ask(town.dsn(service), "SELECT status, type, last_error FROM inbox WHERE done_at IS NULL")
    quarantined = await ask(town.dsn(service), "SELECT reason FROM inbox_quarantine")
    unpublished = await ask(town.dsn(service), "SELECT type, last_error FROM outbox_event WHERE published_at IS NULL")
    assert (stuck, quarantined, unpublished) == ([], [], [])


@pytest.mark.parametrize("service", SERVICES)
async def test_law_5_the_streams_of_an_outbox_have_no_gap(town, told, service) -> None:
    broken = await ask(
        town.dsn(service),
        "SELECT s.stream_type, s.stream_id FROM outbox_stream s LEFT JOIN outbox_event e USING (stream_type, stream_id)"
        " GROUP BY 1, 2, s.last_seq HAVING count(e.*) <> s.last_seq OR min(e.stream_seq) <> 1"
        " OR max(e.stream_seq) <> s.last_seq",
    )
    assert broken == []
