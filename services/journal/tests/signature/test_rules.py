"""J-32 without a database: what is sealed stays as it is, or verification says so."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.diary.frozen import canonical, page_hash
from journal.signature.rules import FORMAT, Record, signed_document, verify
from shared.crypto import Seals, new_seal_keys

SEALS = Seals.of(new_seal_keys())
KEY_ID, KEY = SEALS.sealing

texts = st.text(max_size=12)
marks = st.fixed_dictionaries({"value": st.sampled_from(["2", "5", "зачёт", "н/а"]), "comment": st.none() | texts})
lessons = st.fixed_dictionaries(
    {"number": st.integers(0, 15), "subject": texts, "topic": texts, "marks": st.lists(marks, max_size=3)}
)
pages = st.fixed_dictionaries(
    {
        "week": st.just("2026-W48"),
        "pupil": st.fixed_dictionaries({"pupil_id": st.just("p-1"), "name": texts}),
        "days": st.lists(lessons, max_size=4),
    }
)


def signed(page: dict[str, Any], **changes: Any) -> bytes:
    told = {
        "format": FORMAT,
        "signature_id": "s-1",
        "school_id": "o-1",
        "pupil_id": "p-1",
        "week": "2026-W48",
        "page_hash": page_hash(page),
        "signer_account_id": "a-1",
        "acr": "1",
        "proved_at": "2026-11-27T15:00:00Z",
        "signed_at": "2026-11-27T15:01:00Z",
    }
    return signed_document(page, Record(**(told | changes)), KEY, KEY_ID)


PAGE = {
    "week": "2026-W48",
    "pupil": {"pupil_id": "p-1", "name": "Соколов Михаил"},
    "days": [{"number": 1, "subject": "Алгебра", "topic": "Дроби", "marks": [{"value": "5", "comment": None}]}],
}


@given(st.lists(pages, min_size=20, max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_thousand_signed_pages_verify(some: list[dict[str, Any]]) -> None:
    """J-32: 50 × 20."""
    for page in some:
        verdict = verify(signed(page), SEALS.public)
        assert verdict.valid, verdict
        assert verdict.record is not None
        assert verdict.record.week == "2026-W48"


def test_every_change_of_one_byte_is_detected() -> None:
    """J-32: each byte of a document, replaced by each of several others."""
    document = signed(PAGE)
    for place in range(len(document)):
        for other in {document[place] ^ 1, document[place] ^ 32, 0x20, 0x30} - {document[place]}:
            changed = document[:place] + bytes([other]) + document[place + 1 :]
            assert not verify(changed, SEALS.public).valid, (place, other)


def test_every_byte_that_is_missing_or_too_much_is_detected() -> None:
    document = signed(PAGE)
    for place in range(len(document)):
        assert not verify(document[:place] + document[place + 1 :], SEALS.public).valid, place
        assert not verify(document[:place] + b" " + document[place:], SEALS.public).valid, place
    assert not verify(document + b"\n", SEALS.public).valid


@given(pages, pages)
@settings(deadline=None)
def test_pages_that_differ_have_different_hashes(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (page_hash(one) == page_hash(other)) == (one == other)


@given(pages)
def test_the_canonical_form_does_not_depend_on_the_order_of_members(page: dict[str, Any]) -> None:
    """RFC 8785."""
    assert canonical(dict(reversed(list(page.items())))) == canonical(page)
    assert canonical(json.loads(canonical(page))) == canonical(page)


def parts(document: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(document)
    return read


def test_each_fault_has_its_name() -> None:
    other_page = PAGE | {"days": []}
    document, foreign = parts(signed(PAGE)), Ed25519PrivateKey.generate()
    record = Record(**document["record"])
    cases = {
        "not_canonical": json.dumps(document).encode(),
        "not_a_signed_page": canonical({"page": PAGE}),
        "page_changed": canonical(document | {"page": other_page}),
        "page_of_another_week": signed(PAGE, week="2026-W47"),
        "unknown_key": signed_document(PAGE, record, foreign, "somebody-elses"),
        "seal_broken": signed_document(PAGE, record, foreign, KEY_ID),
    }
    assert {verify(document, SEALS.public).fault: name for name, document in cases.items()} == {
        name: name for name in cases
    }


def test_a_record_moved_to_another_page_is_detected() -> None:
    """A seal of page A does not pass for page B, whichever part is moved."""
    first, second = parts(signed(PAGE)), parts(signed(PAGE | {"days": []}))
    for part in ("page", "record", "seal"):
        assert not verify(canonical(first | {part: second[part]}), SEALS.public).valid, part


@pytest.mark.parametrize(
    "junk", [b"", b"null", b"[]", b"{}", b"\xff", b"1" * 400, b"[" * 5000, b'{"page":1,"record":{},"seal":{}}']
)
def test_junk_is_no_signed_page(junk: bytes) -> None:
    assert not verify(junk, SEALS.public).valid


def test_an_old_key_still_verifies_after_a_new_one_seals() -> None:
    old, new = new_seal_keys(), new_seal_keys()
    document = signed_document(PAGE, Record(**parts(signed(PAGE))["record"]), *reversed(Seals.of(old).sealing))
    both = Seals.of({"keys": new["keys"] + old["keys"]})
    assert both.sealing[0] == new["keys"][0]["kid"]
    assert verify(document, both.public).valid
    assert verify(document, Seals.of(new).public).fault == "unknown_key"


@pytest.mark.parametrize(
    "keys", [{}, {"keys": [{"kty": "EC"}]}, {"keys": 5}, {"keys": [{"kty": "OKP", "crv": "X25519", "x": "AA"}]}]
)
def test_keys_that_are_none_are_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        Seals.of(keys)
