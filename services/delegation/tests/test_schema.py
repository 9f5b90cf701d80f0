from delegation.consumers import subscriptions
from delegation.tables import metadata
from shared.testing.schema import assert_migrations_equal_models


async def test_migrations_equal_models(stack):
    await assert_migrations_equal_models(stack, "delegation", metadata)


def test_every_event_listened_to_has_a_handler():
    subscriptions.complete()
