"""Signed links: who has one sees one ticket, without an account (S-3).

The token stands in an address, which gets into histories and logs; so it has nothing in it but the ticket's
random-looking id and the day it ends.
"""

import base64
import binascii
import hmac
import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from support.tickets.contacts import derived_key

VALID_FOR = timedelta(days=180)
"""Longer than any ticket is worked on; whoever is signed in needs no link."""
_FORMAT = b"\x01"
_BODY = struct.Struct(">c16sI")
_MAC_BYTES = 32


class LinkSigner:
    """Makes and checks the tokens of links; the key is derived from the master key."""

    def __init__(self, master_key: bytes) -> None:
        self._key = derived_key(master_key, "support ticket links v1")

    def token(self, ticket_id: UUID, now: datetime) -> str:
        """A token for one ticket, valid for 180 days."""
        body = _BODY.pack(_FORMAT, ticket_id.bytes, int((now + VALID_FOR).timestamp()))
        return base64.urlsafe_b64encode(body + self._mac(body)).decode().rstrip("=")

    def ticket_of(self, token: str, now: datetime) -> UUID | None:
        """The ticket that a token opens; None if it is no token of ours or has ended."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(raw) != _BODY.size + _MAC_BYTES:
            return None
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        form, ticket, ends = _BODY.unpack(body)
        if form != _FORMAT or datetime.fromtimestamp(ends, UTC) <= now:
            return None
        return UUID(bytes=ticket)

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, sha256)


def path_of(number: str, token: str) -> str:
    """Where a requester reads the ticket; on this service's own address."""
    return f"/support/tickets/{number}?token={token}"
