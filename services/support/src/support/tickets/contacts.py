"""A requester's e-mail and phone: what is accepted, how it is kept, what may be shown (law 7, class P3)."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from email_validator import EmailNotValidError, validate_email

from shared.crypto import BlindIndex, FieldPlace, FieldVault, PersonKey, seal
from shared.crypto.sealed import Jwk

_PHONE = re.compile(r"\+?[0-9()\s.‐-―-]{6,40}")
_DIGITS = re.compile(r"[^0-9]")


class UnacceptableContact(ValueError):
    """Not an e-mail address or phone number. Never carries the value itself."""


def email_address(written: str) -> str:
    """A mailbox as one writes to it; nothing is asked of DNS.

    Raises:
        UnacceptableContact: malformed, or letters outside ASCII before the @.
    """
    try:
        checked = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise UnacceptableContact("email") from None
    return checked.ascii_email or checked.normalized


def phone_number(written: str) -> str:
    """`+` and 7 to 15 digits; Russian numbers may begin with 8 or with the area code.

    Raises:
        UnacceptableContact: letters, too few or too many digits.
    """
    if not _PHONE.fullmatch(written.strip()):
        raise UnacceptableContact("phone")
    digits = _DIGITS.sub("", written)
    if not written.strip().startswith("+"):
        if len(digits) == 10:
            digits = "7" + digits
        elif len(digits) == 11 and digits[0] == "8":
            digits = "7" + digits[1:]
    if not 7 <= len(digits) <= 15:
        raise UnacceptableContact("phone")
    return "+" + digits


def masked_email(address: str) -> str:
    """`m***@zvonok.example`: enough for an agent to ask «is it yours?»."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def masked_phone(number: str) -> str:
    """`***67`: the tail that people name."""
    return f"***{number[-2:]}"


@dataclass(frozen=True, slots=True)
class KeptContacts:
    """A requester's contacts as the row of a ticket has them."""

    wrapped_key: bytes
    email: bytes
    email_index: bytes
    phone: bytes | None
    phone_index: bytes | None


class ContactSafe:
    """Encrypts contacts, finds them by keyed hash, and seals them for whoever writes to requesters.

    Each ticket has a data key of its own: a requester need not have an account. Forgetting one is deleting its
    wrapped key.

    Args:
        master_key: 32 bytes; wraps the data keys, and the key of the hashes is derived from it.
        notifications: public key of the service that sends mail.
    """

    def __init__(self, master_key: bytes, notifications: Jwk) -> None:
        self._vault = FieldVault(master_key)
        self._index = BlindIndex(derived_key(master_key, "support blind index v1"))
        self._notifications = notifications

    def keep(self, ticket_id: UUID, email: str, phone: str | None) -> KeptContacts:
        """Make what the database keeps of contacts in their normal forms."""
        key, wrapped = self._vault.new_person_key()
        return KeptContacts(
            wrapped_key=wrapped,
            email=key.encrypt(_place("email", ticket_id), email),
            email_index=self.trace_email(email),
            phone=key.encrypt(_place("phone", ticket_id), phone) if phone else None,
            phone_index=self.trace("phone", phone) if phone else None,
        )

    def email_of(self, ticket: Any) -> str:
        """Read the e-mail of a row of `tickets`."""
        return self._key(ticket).decrypt(_place("email", ticket.ticket_id), ticket.email)

    def phone_of(self, ticket: Any) -> str | None:
        """Read the phone of a row of `tickets`."""
        if ticket.phone is None:
            return None
        return self._key(ticket).decrypt(_place("phone", ticket.ticket_id), ticket.phone)

    def trace(self, kind: str, value: str) -> bytes:
        """Keyed hash of a value, under which it is recognised but not read."""
        return self._index.of(kind, value)

    def trace_email(self, email: str) -> bytes:
        """The same of a mailbox: case does not tell mailboxes apart."""
        return self.trace("email", email.lower())

    def sealed_email(self, ticket_id: UUID, email: str) -> str:
        """The address for an event, readable by notifications alone; context `ticket:<ticket_id>`."""
        return seal(self._notifications, email, f"ticket:{ticket_id}")

    def _key(self, ticket: Any) -> PersonKey:
        return self._vault.open_person_key(ticket.wrapped_key)


def derived_key(master_key: bytes, purpose: str) -> bytes:
    """A key for one purpose: none of them opens anything of another."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master_key)


def _place(column: str, ticket_id: UUID) -> FieldPlace:
    return FieldPlace("tickets", column, ticket_id)
