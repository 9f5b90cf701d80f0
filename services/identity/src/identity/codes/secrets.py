"""What is sent, and what is kept of it."""

from secrets import randbelow, token_urlsafe
from uuid import UUID

from identity.codes.rules import CodeForm
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys

DIGITS = 6
_LINK_PREFIX = "zvl_"
"""Lets secret scanners recognise one that has leaked."""


def new_secret(form: CodeForm) -> str:
    """Six random digits, or 256 random bits that fit into an address."""
    if form == "link":
        return _LINK_PREFIX + token_urlsafe(32)
    return f"{randbelow(10**DIGITS):0{DIGITS}d}"


def secret_hash(keys: PersonalDataKeys, form: CodeForm, code_id: UUID, secret: str) -> bytes:
    """The keyed hash that is kept. A code belongs to its row; a link is looked up by its hash alone."""
    return keys.own_index.of("link", secret) if form == "link" else keys.own_index.of("code", f"{code_id}:{secret}")


def counted_as(keys: PersonalDataKeys, identifier: Identifier) -> bytes:
    """Under what the codes to one number or mailbox are counted, over all purposes."""
    return keys.own_index.of("code_count", f"{identifier.kind}:{identifier.value}")
