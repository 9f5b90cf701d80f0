"""I-4, I-17: what is accepted as phone, e-mail, СНИЛС, name, and how it is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.personal_data import contacts
from identity.registry.rules import UnacceptableClassName, comparable_class_name, grade_of
from shared import contacts as town
from shared.names import (
    UnacceptableName,
    comparable_name,
    name_as_written,
    patronymic_as_written,
)


@pytest.mark.parametrize(
    "written",
    ["+79001234567", "8 (900) 123-45-67", "79001234567", "9001234567", "8-900-123–45–67", " +7 900 123 45 67 "],
)
def test_i_4_one_phone_in_many_spellings(written):
    assert town.phone_number(written) == "+79001234567"


@pytest.mark.parametrize(
    "written", ["", "12345", "8-800-FLOWERS", "+7900123456712", "+7 900 123-45-67 доб. 5", "9" * 99]
)
def test_i_4_no_phone(written):
    with pytest.raises(town.UnacceptableContact):
        town.phone_number(written)


@pytest.mark.parametrize(
    ("written", "address"),
    [("Anna@Zvonok.Example", "Anna@zvonok.example"), ("a@почта.рф", "a@xn--80a1acny.xn--p1ai")],
)
def test_i_4_mailboxes(written, address):
    assert contacts.email_address(written) == address


@pytest.mark.parametrize("written", ["анна@zvonok.example", "a@b", "a b@c.ru", "@c.ru", "a@@c.ru", "a" * 300 + "@c.ru"])
def test_i_4_no_mailbox(written):
    with pytest.raises(town.UnacceptableContact):
        contacts.email_address(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna.Sokolova+school@GMail.com", "annasokolova@googlemail.com"),
        ("Anna.Sokolova+school@Yandex.ru", "anna-sokolova@ya.ru"),
        ("anna@yandex.kz", "anna@yandex.com"),
        ("ANNA@Почта.рф", "anna@xn--80a1acny.xn--p1ai"),
        ("Anna@zvonok.example", "anna@ZVONOK.example"),
    ],
)
def test_i_18_one_mailbox(one, other):
    one, other = map(contacts.email_address, (one, other))
    assert contacts.comparable_email(one) == contacts.comparable_email(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna.sokolova@mail.ru", "annasokolova@mail.ru"),
        ("anna+school@mail.ru", "anna@mail.ru"),
        ("anna.sokolova@yandex.ru", "annasokolova@yandex.ru"),
        ("anna-sokolova@gmail.com", "annasokolova@gmail.com"),
        ("anna@yandex.example", "anna@yandex.ru"),
        ("anna@gmail.ru", "anna@gmail.com"),
        ("anna@mail.ru", "anna@bk.ru"),
    ],
)
def test_i_18_two_mailboxes(one, other):
    """I-18: no other provider, and no domain that only looks like one of Yandex."""
    assert contacts.comparable_email(one) != contacts.comparable_email(other)


@given(st.emails() | st.from_regex(r"[a-z.+\-]{1,9}@(gmail\.com|ya\.ru|yandex\.kz|mail\.ru)", fullmatch=True))
def test_i_18_comparable_twice_is_comparable_once(address):
    once = contacts.comparable_email(address)
    assert contacts.comparable_email(once) == once
    assert once.count("@") >= 1
    assert not once.startswith("@")


@pytest.mark.parametrize(
    "written", ["112-233-445 95", "11223344595", "112 233 445 95", "001-001-998 00", "087-654-303 00"]
)
def test_i_4_snils(written):
    assert len(town.snils(written)) == 11


@pytest.mark.parametrize("written", ["112-233-445 96", "000-000-000 00", "1122334459", "112-233-445 95 ", "abc"])
def test_i_4_no_snils(written):
    if written.strip() != written:
        assert town.snils(written) == "11223344595"
        return
    with pytest.raises(town.UnacceptableContact):
        town.snils(written)


@given(st.integers(min_value=1_001_999, max_value=999_999_999))
def test_i_4_exactly_one_check_number_is_right(number):
    right = [check for check in range(100) if _is_snils(f"{number:09}{check:02}")]
    assert len(right) == 1


def _is_snils(digits):
    try:
        return town.snils(digits) == digits
    except town.UnacceptableContact:
        return False


def test_i_4_masks_show_no_contact():
    assert town.masked_phone("+79001234567") == "+7 *** ***-45-67"
    assert contacts.masked_email("sokolova@zvonok.example") == "s***@zvonok.example"
    assert town.masked_snils("11223344595") == "***-***-*45 95"


@given(st.text(max_size=80))
def test_whatever_is_typed_as_a_login_means_something(login):
    assert contacts.identifiers_meant(login)


def test_i_7_eleven_digits_may_be_phone_and_snils():
    meant = contacts.identifiers_meant("89001234567")
    assert meant[0].kind == "phone"
    assert "11223344595" not in repr(contacts.identifiers_meant("11223344595")), "values stay out of logs"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семёнова", "СЕМЕНОВА"),
        ("Петров-Водкин", "Петров — Водкин".replace(" ", "")),
        ("Сoкoлoв", "Соколов"),  # Latin o
        ("Анна  Мария", " анна мария"),
    ],
)
def test_i_17_equal_names(one, other):
    assert comparable_name(one) == comparable_name(other)


@pytest.mark.parametrize("written", ["нет", "Отсутствует", "не указано", "б/о", "-", "—", ""])
def test_i_17_no_patronymic(written):
    assert patronymic_as_written(written) is None


@pytest.mark.parametrize("written", ["", "   ", "123", "А\u202eБ", "А\x07", "я" * 101])
def test_no_name(written):
    with pytest.raises(UnacceptableName):
        name_as_written(written)


@pytest.mark.parametrize("written", ["7«А»", "7-А", "7А", "7 а", "7 A", "7A класс", '7"А"'])
def test_i_12_one_class_in_many_spellings(written):
    assert comparable_class_name(written) == "7А"


@pytest.mark.parametrize(("written", "grade"), [("11Б", 11), ("10 физмат", 10), ("1", 1), ("9Г2", 9)])
def test_i_12_grades(written, grade):
    assert grade_of(comparable_class_name(written)) == grade


@pytest.mark.parametrize("written", ["", "А", "12А", "0А", "111", "-"])
def test_i_12_no_class(written):
    with pytest.raises(UnacceptableClassName):
        comparable_class_name(written)
