"""The AsyncAPI document of a service, made by FastStream from its contracts."""

import json
from collections.abc import Iterable
from functools import reduce
from importlib.metadata import version
from operator import or_
from typing import Any

from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.specification.asyncapi import AsyncAPI

from shared.bus.subscriptions import Subscriptions
from shared.bus.topology import exchange_of, inbox_of
from shared.contracts import Event


def asyncapi_document(service: str, publishes: Iterable[type[Event]], subscriptions: Subscriptions) -> dict[str, Any]:
    """AsyncAPI 3.0 of what `service` says and listens to.

    The payloads are the `data` of the CloudEvents envelope. The broker of this function is never connected: the real
    receive step takes raw bytes, and a document of raw bytes would tell nothing.
    """
    broker = RabbitBroker()
    for event in publishes:
        broker.publisher(
            exchange=RabbitExchange(exchange_of(service), type=ExchangeType.TOPIC, declare=False),
            routing_key=event.routing_key,
            title=event.__name__,
            description=event.__doc__,
            schema=event,
        )
    if subscriptions.listens:

        async def receive(event: Any) -> None:
            """One event of those this service listens to."""

        receive.__annotations__["event"] = reduce(or_, subscriptions.listens)
        broker.subscriber(RabbitQueue(inbox_of(service), declare=False), title=inbox_of(service))(receive)
    document: dict[str, Any] = json.loads(
        AsyncAPI(broker, title=f"Zvonok {service}", version=version(f"zvonok-{service}"), schema_version="3.0.0")
        .to_specification()
        .to_json()
    )
    document.pop("servers", None)
    for channel in document.get("channels", {}).values():
        channel.pop("servers", None)
    return document
