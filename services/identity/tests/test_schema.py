from identity.cli import app
from identity.main import create_app
from identity.schema import metadata
from shared.testing.schema import assert_migrations_equal_models


async def test_migrations_equal_models(stack):
    assert all((create_app, app)), "import the rooms, so that all their tables are attached"
    await assert_migrations_equal_models(stack, "identity", metadata)
