from shared.testing.schema import assert_migrations_equal_models
from support.main import create_app  # imports every room, and with them their tables
from support.schema import metadata


async def test_migrations_build_what_the_models_describe(stack):
    assert create_app
    await assert_migrations_equal_models(stack, "support", metadata)
