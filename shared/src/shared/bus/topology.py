"""RabbitMQ's objects, generated from the contracts and the subscriptions. Applications declare nothing.

`definitions()` is what `deploy/rabbitmq/definitions.json` holds and what a deployment imports; `permissions()` says
what each service's user may do. Retries do not go through the broker, so there is nothing clever here.
"""

from collections.abc import Iterable
from typing import Any

from shared.bus.subscriptions import Subscriptions
from shared.contracts import PRODUCERS

UNROUTED = "unrouted"
"""Where an event goes that no queue is bound to: kept, so that nobody's silence loses it."""
DELIVERY_LIMIT = 100
INBOX_POLICY = {
    # Said explicitly, so that RabbitMQ 3.10 and 4.x behave alike.
    "delivery-limit": DELIVERY_LIMIT,
    "dead-letter-strategy": "at-least-once",
    "overflow": "reject-publish",
}


def exchange_of(service: str) -> str:
    """The topic exchange that only this service writes to."""
    return f"{service}.events"


def inbox_of(service: str) -> str:
    """The queue that only this service reads."""
    return f"{service}.inbox"


def dead_of(service: str) -> str:
    """The safety net beneath the receive step; empty unless the step itself is broken."""
    return f"{service}.inbox.dead"


def definitions(subscriptions: Iterable[Subscriptions], vhost: str = "/") -> dict[str, Any]:
    """The topology in RabbitMQ's own import format, without users."""
    listening = {s.service: s for s in subscriptions}
    exchanges = [
        {
            "name": exchange_of(service),
            "vhost": vhost,
            "type": "topic",
            "durable": True,
            "auto_delete": False,
            "internal": False,
            "arguments": {"alternate-exchange": UNROUTED},
        }
        for service in PRODUCERS
    ]
    exchanges.append(
        {
            "name": UNROUTED,
            "vhost": vhost,
            "type": "fanout",
            "durable": True,
            "auto_delete": False,
            "internal": True,
            "arguments": {},
        },
    )
    queues = [_queue(UNROUTED, vhost)]
    bindings = [_binding(UNROUTED, UNROUTED, "", vhost)]
    policies = []
    for service in PRODUCERS:
        queues += [_queue(inbox_of(service), vhost), _queue(dead_of(service), vhost)]
        if service in listening:
            bindings += [
                _binding(exchange, inbox_of(service), key, vhost)
                for exchange, keys in listening[service].routing_keys().items()
                for key in keys
            ]
        policies.append(
            {
                "name": inbox_of(service),
                "vhost": vhost,
                "pattern": f"^{inbox_of(service).replace('.', '[.]')}$",
                "apply-to": "queues",
                "priority": 0,
                "definition": {
                    **INBOX_POLICY,
                    "dead-letter-exchange": "",
                    "dead-letter-routing-key": dead_of(service),
                },
            },
        )
    return {"exchanges": exchanges, "queues": queues, "bindings": bindings, "policies": policies}


def permissions(service: str) -> dict[str, str]:
    """What a service's RabbitMQ user may do, as regular expressions of object names."""
    return {
        "configure": "^$",
        "write": f"^{exchange_of(service).replace('.', '[.]')}$",
        "read": f"^{inbox_of(service).replace('.', '[.]')}([.]dead)?$",
    }


def _queue(name: str, vhost: str) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": vhost,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": "quorum"},
    }


def _binding(source: str, queue: str, key: str, vhost: str) -> dict[str, Any]:
    return {
        "source": source,
        "vhost": vhost,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }
