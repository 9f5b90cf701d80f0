"""The runner of the town says what is in the way and leaves nothing behind."""

import socket
from pathlib import Path

import pytest

from shared.localstack.errors import PortTakenError
from town.up import SERVICES, Town
from town.up.keys import SEALED_FOR
from town.up.table import Places
from town.up.town import free_offset


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    town = Town(tmp_path / "town", offset=free_offset())
    with socket.create_server(("127.0.0.1", town.places.ops_port("support"))) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"{port}.*support-worker"):
            town.up()
    assert not town.postgres.alive
    assert not town.rabbitmq.alive
    assert town.runner.running() == {}


def test_only_workers_know_the_broker_and_open_sealed_values(tmp_path: Path) -> None:
    """Law 4, law 7."""
    town = Town(tmp_path, offset=free_offset())
    for service in SERVICES:
        api, worker = town.environment(service, "api"), town.environment(service, "worker")
        assert "ZVONOK_RABBITMQ_URL" not in api
        assert "ZVONOK_SEALING_KEY" not in api
        assert "ZVONOK_RABBITMQ_URL" in worker
        assert ("ZVONOK_SEALING_KEY" in worker) == (service in SEALED_FOR)
        secret = town.keys.password(f"postgres-{service}")
        assert sum(secret in value for name in SERVICES for value in town.environment(name, "api").values()) == 1


def test_no_two_processes_share_a_port() -> None:
    listed = Places(0).all_ports
    assert len(set(listed)) == len(listed) == 13
