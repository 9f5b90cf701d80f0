from notifications.tables import metadata
from shared.testing.schema import assert_migrations_equal_models
from shared.testing.stack import Stack


async def test_migrations_equal_models(stack: Stack) -> None:
    await assert_migrations_equal_models(stack, "notifications", metadata)
