from uuid import UUID

import pytest

from shared.crypto import BlindIndex, FieldPlace, FieldUnreadable, FieldVault

PLACE = FieldPlace("person", "snils", UUID(int=1))
SNILS = "11223344595"


@pytest.fixture
def vault() -> FieldVault:
    return FieldVault(b"m" * 32)


def test_a_value_reads_back_through_the_wrapped_key(vault: FieldVault):
    key, wrapped = vault.new_person_key()
    stored = key.encrypt(PLACE, SNILS)
    assert SNILS.encode() not in stored
    assert vault.open_person_key(wrapped).decrypt(PLACE, stored) == SNILS


@pytest.mark.parametrize(
    "place",
    [
        FieldPlace("person", "phone", UUID(int=1)),
        FieldPlace("pupil", "snils", UUID(int=1)),
        FieldPlace("person", "snils", UUID(int=2)),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(vault: FieldVault, place: FieldPlace):
    key, _ = vault.new_person_key()
    with pytest.raises(FieldUnreadable):
        key.decrypt(place, key.encrypt(PLACE, SNILS))


def test_after_the_key_is_erased_nothing_opens(vault: FieldVault):
    """Erasing an account destroys its key: no other key and not the master key itself opens the value."""
    key, _erased = vault.new_person_key()
    stored = key.encrypt(PLACE, SNILS)
    other, wrapped = vault.new_person_key()
    for candidate in (other, vault.open_person_key(wrapped)):
        with pytest.raises(FieldUnreadable):
            candidate.decrypt(PLACE, stored)


def test_another_master_key_does_not_unwrap(vault: FieldVault):
    _, wrapped = vault.new_person_key()
    with pytest.raises(FieldUnreadable):
        FieldVault(b"n" * 32).open_person_key(wrapped)


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_a_changed_byte_does_not_open(vault: FieldVault, position: int):
    key, _ = vault.new_person_key()
    stored = bytearray(key.encrypt(PLACE, SNILS))
    stored[position] ^= 1
    with pytest.raises(FieldUnreadable):
        key.decrypt(PLACE, bytes(stored))


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x01" + b"0" * 12])
def test_a_cut_value_does_not_open(vault: FieldVault, stored: bytes):
    key, _ = vault.new_person_key()
    with pytest.raises(FieldUnreadable):
        key.decrypt(PLACE, stored)


def test_a_cut_wrapped_key_does_not_open(vault: FieldVault):
    with pytest.raises(FieldUnreadable):
        vault.open_person_key(b"short")


def test_a_master_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        FieldVault(b"short")


def test_blind_index_meets_only_equal_values_of_one_kind_under_one_key():
    index = BlindIndex(b"k" * 32)
    assert index.of("phone", "+79001234567") == index.of("phone", "+79001234567")
    others = {
        index.of("phone", "+79001234568"),
        index.of("email", "+79001234567"),
        index.of("phone+", "79001234567"),
        BlindIndex(b"l" * 32).of("phone", "+79001234567"),
    }
    assert len(others) == 4
    assert index.of("phone", "+79001234567") not in others
    assert len(index.of("phone", "")) == 32


def test_blind_index_refuses_a_short_key():
    with pytest.raises(ValueError, match="at least 32"):
        BlindIndex(b"short")


def test_a_file_reads_back_and_is_no_text(vault: FieldVault):
    key, _ = vault.new_person_key()
    content = bytes(range(256)) * 4
    stored = key.encrypt_bytes(PLACE, content)
    assert content[:16] not in stored
    assert key.decrypt_bytes(PLACE, stored) == content
    with pytest.raises(FieldUnreadable, match="no text"):
        key.decrypt(PLACE, stored)
    with pytest.raises(FieldUnreadable):
        key.decrypt_bytes(FieldPlace("person", "phone", UUID(int=1)), stored)
