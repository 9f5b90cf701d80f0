"""RabbitMQ's management API, as far as a local stack needs it: virtual hosts, users, permissions, topology."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from shared.localstack import ports
from shared.localstack.errors import LocalStackError
from shared.localstack.servers import RabbitAddress


class BrokerAdmin:
    """What an administrator does at deployment. Applications declare nothing."""

    def __init__(self, address: RabbitAddress) -> None:
        self._address = address

    def create_vhost(self, name: str) -> None:
        """A virtual host of its own, with the administrator allowed in."""
        self._call("PUT", f"/vhosts/{quote(name, safe='')}", {"default_queue_type": "quorum"})
        self.permit(self._address.user, vhost=name, configure=".*", write=".*", read=".*")

    def delete_vhost(self, name: str) -> None:
        self._call("DELETE", f"/vhosts/{quote(name, safe='')}", missing_is_fine=True)

    def put_user(self, name: str, password: str) -> None:
        """A user without any tag: no management, no administration."""
        self._call("PUT", f"/users/{quote(name, safe='')}", {"password": password, "tags": ""})

    def delete_user(self, name: str) -> None:
        self._call("DELETE", f"/users/{quote(name, safe='')}", missing_is_fine=True)

    def permit(self, user: str, *, vhost: str, configure: str, write: str, read: str) -> None:
        """Regular expressions of the names that the user may configure, write to and read from."""
        body = {"configure": configure, "write": write, "read": read}
        self._call("PUT", f"/permissions/{quote(vhost, safe='')}/{quote(user, safe='')}", body)

    def import_definitions(self, definitions: Mapping[str, Any], *, vhost: str) -> None:
        """Exchanges, queues, bindings and policies of one virtual host; what exists already stays."""
        wanted = {
            part: [{key: value for key, value in item.items() if key != "vhost"} for item in definitions.get(part, [])]
            for part in ("exchanges", "queues", "bindings", "policies", "parameters")
        }
        self._call("POST", f"/definitions/{quote(vhost, safe='')}", wanted)

    def remove_definitions(self, definitions: Mapping[str, Any], *, vhost: str) -> None:
        """Delete the queues, exchanges and policies of these definitions."""
        for part in ("queues", "exchanges", "policies"):
            for item in definitions.get(part, []):
                path = f"/{part}/{quote(vhost, safe='')}/{quote(item['name'], safe='')}"
                self._call("DELETE", path, missing_is_fine=True)

    def queues(self, *, vhost: str) -> list[dict[str, Any]]:
        """Queues with their counters, which the broker refreshes every few seconds."""
        found = self._call("GET", f"/queues/{quote(vhost, safe='')}").json()
        assert isinstance(found, list)
        return found

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, missing_is_fine: bool = False
    ) -> httpx.Response:
        url = f"{self._address.management_url}/api{path}"
        try:
            answer = httpx.request(
                method, url, json=body, auth=(self._address.user, self._address.password), timeout=30, trust_env=False
            )
        except httpx.HTTPError as error:
            raise LocalStackError(
                f"Управление RabbitMQ не отвечает: {url} ({error})",
                f"RabbitMQ's management API does not answer: {url} ({error})",
            ) from error
        if answer.is_error and not (missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND):
            raise LocalStackError(
                f"RabbitMQ отказал: {method} {path} → {answer.status_code} {answer.text}",
                f"RabbitMQ refused: {method} {path} → {answer.status_code} {answer.text}",
            )
        return answer


def management_answers(address: RabbitAddress) -> bool:
    """Does the node accept AMQP connections and its administrator?"""
    if not ports.answers(address.port, address.host):
        return False
    try:
        answer = httpx.get(
            f"{address.management_url}/api/overview", auth=(address.user, address.password), timeout=5, trust_env=False
        )
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
