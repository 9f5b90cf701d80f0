from shared.testing.stack import Stack


async def test_the_servers_answer(stack: Stack) -> None:
    import aio_pika
    import asyncpg

    connection = await asyncpg.connect(stack.postgres_dsn())
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
    amqp = await aio_pika.connect(stack.rabbitmq_url)
    await amqp.close()
