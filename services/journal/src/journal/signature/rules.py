"""The canonical form of a page, what is sealed, and how a signed page is verified (J-32). Pure: no I/O.

A document is its own canonical form, byte for byte (RFC 8785): whoever changes one byte of it, white space included,
has another document, and verification says so.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from journal.diary.frozen import canonical, page_hash
from shared.http import Text

FORMAT = 1
"""Of the document; a page that is made in another way gets another number, and old documents stay as they are."""

_RECORD = b"zvonok.diary-signature.v1\n"
"""What is sealed begins differently from what is hashed: a page can never pass for a record."""

Fault = Literal[
    "not_canonical",
    "not_a_signed_page",
    "page_changed",
    "page_of_another_week",
    "unknown_key",
    "seal_broken",
]


FAULTS: Mapping[Fault, Text] = {
    "not_canonical": Text(
        ru="Это не подписанная страница дневника или в файле изменён хотя бы один знак.",
        en="Not a signed page of a diary, or at least one character of the file was changed.",
    ),
    "not_a_signed_page": Text(ru="Это не подписанная страница дневника.", en="Not a signed page of a diary."),
    "page_changed": Text(ru="Страница изменена после подписи.", en="The page was changed after it was signed."),
    "page_of_another_week": Text(
        ru="Подпись поставлена на другую страницу.", en="The signature belongs to another page."
    ),
    "unknown_key": Text(
        ru="Подписано ключом, которого нет среди известных.", en="Sealed with a key that is not among the known ones."
    ),
    "seal_broken": Text(ru="Печать не подходит к записи о подписи.", en="The seal does not fit the record."),
}


@dataclass(frozen=True, slots=True)
class Record:
    """What is sealed: who signed which page when, and by what proof."""

    format: int
    signature_id: str
    school_id: str
    pupil_id: str
    week: str
    page_hash: str
    signer_account_id: str
    acr: str
    """How the signer proved to be there; 1: by a password or code that was entered for this very page."""
    proved_at: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a document is a signed page that nobody has changed."""

    fault: Fault | None
    record: Record | None = None

    @property
    def valid(self) -> bool:
        return self.fault is None


def signed_document(page: Mapping[str, Any], record: Record, key: Ed25519PrivateKey, key_id: str) -> bytes:
    """The document as it is kept and handed out."""
    told = asdict(record)
    seal = key.sign(_RECORD + canonical(told))
    return canonical({"page": page, "record": told, "seal": {"key_id": key_id, "value": _encoded(seal)}})


def verify(document: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Verdict:
    """Verify a document by itself, with the public keys of the service by their ids; nothing else is asked."""
    read = _read(document)
    if read is None:
        return Verdict("not_canonical")
    parts = _parts(read)
    if parts is None:
        return Verdict("not_a_signed_page")
    page, record, told, key_id, seal = parts
    if page_hash(page) != record.page_hash:
        return Verdict("page_changed")
    if (page["week"], page["pupil"]["pupil_id"]) != (record.week, record.pupil_id):
        return Verdict("page_of_another_week")
    fault = _fault_of_seal(keys.get(key_id), seal, told)
    return Verdict(fault, None if fault else record)


_Parts = tuple[dict[str, Any], Record, dict[str, Any], str, bytes]


def _parts(read: dict[str, Any]) -> _Parts | None:
    """Page, record (also as it is written), key and seal of a document; None if it has another shape."""
    try:
        page, told, seal = read["page"], read["record"], read["seal"]
        record, value = Record(**told), _decoded(seal["value"])
        named = (page["week"], page["pupil"]["pupil_id"])
        whole = set(read) == {"page", "record", "seal"} and set(seal) == {"key_id", "value"}
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not whole or None in named or value is None or record.format != FORMAT or not isinstance(seal["key_id"], str):
        return None
    return page, record, told, seal["key_id"], value


def _fault_of_seal(key: Ed25519PublicKey | None, seal: bytes, told: dict[str, Any]) -> Fault | None:
    if key is None:
        return "unknown_key"
    try:
        key.verify(seal, _RECORD + canonical(told))
    except InvalidSignature:
        return "seal_broken"
    return None


def _read(document: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(document)
        return read if isinstance(read, dict) and canonical(read) == document else None
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return None


def _encoded(seal: bytes) -> str:
    return base64.urlsafe_b64encode(seal).decode().rstrip("=")


def _decoded(text: object) -> bytes | None:
    """The bytes of a seal; None if it is written in any other way than ours (base64 has several for one value)."""
    if not isinstance(text, str):
        return None
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if _encoded(value) == text else None
