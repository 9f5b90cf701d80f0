from types import SimpleNamespace
from uuid import uuid4

import pytest

from shared.crypto import FieldUnreadable, new_sealing_key, public_part, unseal
from support.tickets.contacts import (
    ContactSafe,
    UnacceptableContact,
    email_address,
    masked_email,
    masked_phone,
    phone_number,
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+7 (900) 123-45-67", "+79001234567"),
        ("8 900 123 45 67", "+79001234567"),
        ("9001234567", "+79001234567"),
        ("7 900 123–45–67", "+79001234567"),
        ("+380 44 123 4567", "+380441234567"),
    ],
)
def test_phones_are_taken_as_people_write_them(written, normal):
    assert phone_number(written) == normal


@pytest.mark.parametrize("written", ["", "позвоните", "12345", "+1234567890123456", "8 900 1234567 доб. 5", "٩٠٠١٢٣٤٥"])
def test_what_is_no_phone_is_refused(written):
    with pytest.raises(UnacceptableContact):
        phone_number(written)


@pytest.mark.parametrize(
    "written", ["", "@", "a@b", "a@@b.ru", "a b@c.ru", "мама@почта.рф", "a@b.ru\nBcc: x@y.ru", "<a@b.ru>"]
)
def test_what_is_no_mailbox_is_refused(written):
    with pytest.raises(UnacceptableContact):
        email_address(written)


def test_a_cyrillic_domain_is_written_as_mail_servers_read_it():
    assert email_address("info@пример.рф") == "info@xn--e1afmkfd.xn--p1ai"


def test_masks_show_what_one_asks_about_and_no_more():
    assert masked_email("sokolova@zvonok.example") == "s***@zvonok.example"
    assert masked_phone("+79001234567") == "***67"


def test_contacts_open_in_their_own_row_and_under_their_own_key_only():
    """Law 7."""
    private = new_sealing_key()
    safe = ContactSafe(b"a" * 32, public_part(private))
    ticket_id, other_id = uuid4(), uuid4()
    kept = safe.keep(ticket_id, "a@b.example", "+79001234567")
    row = SimpleNamespace(ticket_id=ticket_id, wrapped_key=kept.wrapped_key, email=kept.email, phone=kept.phone)
    assert (safe.email_of(row), safe.phone_of(row)) == ("a@b.example", "+79001234567")
    moved = SimpleNamespace(ticket_id=other_id, wrapped_key=kept.wrapped_key, email=kept.email, phone=kept.phone)
    with pytest.raises(FieldUnreadable):
        safe.email_of(moved)
    with pytest.raises(FieldUnreadable):
        ContactSafe(b"b" * 32, public_part(private)).email_of(row)
    sealed = safe.sealed_email(ticket_id, "a@b.example")
    assert unseal(private, sealed, f"ticket:{ticket_id}") == "a@b.example"
    assert safe.trace_email("A@B.example") == kept.email_index != safe.trace("phone", "a@b.example")
