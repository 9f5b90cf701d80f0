"""Open what came sealed with a message, in the moment of sending: the address, and what only its holder may read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications.channels.rules import CONTACT_OF
from notifications.dispatch.claim import Claimed
from notifications.dispatch.links import NOT_ME, PAGE_OF_PURPOSE, page_with
from shared.crypto import unseal


@dataclass(frozen=True, slots=True)
class Opened:
    """Never logged, never stored."""

    address: str | None
    """None: the sealed value has no address for this channel."""
    secrets: dict[str, Any]
    """The template's secret variables."""


def open_sealed(key: Mapping[str, Any], claimed: Claimed, sealed: str, portal: str) -> Opened:
    """Open a message's sealed value.

    Args:
        key: This service's private key.
        claimed: The message.
        sealed: Its sealed value, or the account's sealed contact.
        portal: Where links lead.

    Raises:
        SealBroken: not sealed for us, or for something else.
        NoSecret: the secret of a link cannot stand in one.
        ValueError, KeyError, TypeError: not of the agreed shape.
    """
    text = unseal(key, sealed, claimed.sealed_context)
    if claimed.target == "code":
        told = json.loads(text)
        if claimed.kind != "one_time_code":
            return Opened(told["address"], {})
        page, link = PAGE_OF_PURPOSE[claimed.values["purpose"]], told["link"]
        proof = {"code": told["code"], "link": None if link is None else page_with(portal, page, link)}
        return Opened(told["address"], {"proof": proof})
    if claimed.target == "record":
        told = json.loads(text)
        return Opened(told[CONTACT_OF[claimed.channel]], {"undo": page_with(portal, NOT_ME, told["undo"])})
    return Opened(text, {})
