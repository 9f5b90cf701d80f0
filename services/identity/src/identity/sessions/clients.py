"""Through whom a request comes: a known frontend speaks for its users' addresses and devices, a stranger for nobody's.

A frontend signs an assertion for each request (`Zvonok-Client-Assertion`, a JWT in the shape of RFC 7523: ES256,
`iss` = `sub` = its id, `aud` = our issuer, `jti` good once). Only then do `Zvonok-Client-Address`,
`Zvonok-Device` and `Zvonok-User-Agent` count; else throttles see the address of the socket (I-11).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from identity.container import Container, of_request
from identity.errors import ClientAssertionRefused
from identity.personal_data.keeping import PersonalDataKeys
from identity.sessions.client_keys import ClientKeys
from identity.sessions.rules import Assertion, network_of, read_assertion
from identity.sessions.spend_assertion import spend_assertion

LONGEST_ASSERTION = 2048
LONGEST_DEVICE_NAME = 200
_TYPES = (None, "JWT", "client-authentication+jwt")
_registry = JWSRegistry(algorithms=["ES256"])


@dataclass(frozen=True, slots=True)
class ClientContext:
    """Through whom a request comes, and for whom."""

    client_id: str | None = None
    """The known frontend; None for everybody else."""
    network: str | None = field(default=None, repr=False)
    """Of the end user's address, as throttles count: an IPv4 address, or 64 bits of an IPv6 one."""
    device_token: str | None = field(default=None, repr=False)
    """What a device got at its last sign-in; the frontend's cookie, or what the client itself has kept."""
    device_name: str = ""
    """What the device calls itself."""

    def throttled_as(self, keys: PersonalDataKeys) -> bytes | None:
        """The keyed hash under which failures of this address are counted; None if there is no address."""
        return keys.own_index.of("network", self.network) if self.network else None

    def with_device(self, token: str | None) -> "ClientContext":
        """The same, with the device token of the body where the frontend named none."""
        return ClientContext(self.client_id, self.network, self.device_token or token, self.device_name)


async def client_context(
    request: Request,
    container: Annotated[Container, Depends(of_request)],
    assertion: Annotated[
        str | None,
        Header(alias="Zvonok-Client-Assertion", description="JWT of a known frontend (RFC 7523); `jti` is good once"),
    ] = None,
    address: Annotated[
        str | None, Header(alias="Zvonok-Client-Address", description="The end user's address; from a known frontend")
    ] = None,
    device: Annotated[
        str | None, Header(alias="Zvonok-Device", description="The end user's device token; from a known frontend")
    ] = None,
    device_name: Annotated[
        str | None, Header(alias="Zvonok-User-Agent", description="The end user's browser; from a known frontend")
    ] = None,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> ClientContext:
    """Answer through whom a request comes.

    Raises:
        ClientAssertionRefused: there is an assertion, and it is not good: a frontend with a wrong key or clock
            must hear of it, instead of being throttled as one person.
    """
    socket = request.client.host if request.client else None
    if assertion is None:
        return ClientContext(None, network_of(socket), None, _printable(user_agent))
    known = verified_assertion(assertion, container.clients, container.settings.issuer, container.database.clock())
    await spend_assertion(container.database, known)
    return ClientContext(
        known.client_id,
        network_of(address) or network_of(socket),
        device or None,
        _printable(device_name or ""),
    )


Client = Annotated[ClientContext, Depends(client_context)]
"""Through whom the request comes, for a route; declare `ClientAssertionRefused` in its responses."""


def verified_assertion(written: str, clients: ClientKeys, audience: str, now: datetime) -> Assertion:
    """Check an assertion's signature and claims; whether its jti is new is the next question.

    Raises:
        ClientAssertionRefused: anything is wrong with it.
    """
    if len(written) > LONGEST_ASSERTION or not written.isascii():
        raise ClientAssertionRefused
    try:
        read = jws.extract_compact(written.encode())
        header: Mapping[str, Any] = read.headers()
        claims = json.loads(read.payload)
    except (JoseError, ValueError, RecursionError, TypeError):
        raise ClientAssertionRefused from None
    if header.get("alg") != "ES256" or set(header) - {"alg", "kid", "typ"} or header.get("typ") not in _TYPES:
        raise ClientAssertionRefused
    assertion = read_assertion(claims, audience, now)
    key = clients.key(assertion.client_id, header.get("kid")) if assertion else None
    if assertion is None or key is None or not _signed_with(key, written):
        raise ClientAssertionRefused
    return assertion


def _signed_with(key: ECKey, written: str) -> bool:
    try:
        jws.deserialize_compact(written, key, registry=_registry)
    except (JoseError, ValueError):
        return False
    return True


def _printable(name: str) -> str:
    return "".join(filter(str.isprintable, name))[:LONGEST_DEVICE_NAME]
