import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contacts import (
    UnacceptableContact,
    masked_phone,
    masked_snils,
    phone_number,
    snils,
    snils_check_number,
)

mobiles = st.integers(9_000_000_000, 9_099_999_999).map(str)
nine_digits = st.integers(1_001_999, 999_999_999).map(lambda number: f"{number:09d}")


@given(mobiles)
def test_a_phone_has_one_form_however_it_is_written(ten):
    """I-4."""
    a, b, c, d = ten[:3], ten[3:6], ten[6:8], ten[8:]
    for written in (
        f"+7{ten}",
        f"8{ten}",
        f"7{ten}",
        ten,
        f"8 ({a}) {b}-{c}-{d}",
        f"+7 {a}\u00a0{b} {c} {d}",
        f" +7-{a}-{b}–{c}—{d} ",
        f"+7({a}){b}.{c}.{d}",
    ):
        assert phone_number(written) == f"+7{ten}"


@pytest.mark.parametrize(
    "wrong", ["", "+7", "112", "+7 900 111", "8900123456789", "+7 900 CALLME1", "9001234567 доб. 2"]
)
def test_what_is_no_phone_is_refused_without_echo(wrong):
    """I-4."""
    with pytest.raises(UnacceptableContact) as refused:
        phone_number(wrong)
    assert str(refused.value) == "phone"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_number_or_refused(written):
    for accept in (phone_number, snils):
        try:
            normal = accept(written)
        except UnacceptableContact:
            continue
        assert accept(normal) == normal


@given(nine_digits)
def test_snils_is_accepted_with_its_check_number_alone(nine):
    """I-4: Σdᵢ·(10−i) mod 101, 100→00."""
    right = snils_check_number(nine)
    assert snils(f"{nine[:3]}-{nine[3:6]}-{nine[6:]} {right}") == nine + right
    wrong = f"{(int(right) + 1) % 100:02d}"
    with pytest.raises(UnacceptableContact):
        snils(nine + wrong)


@given(nine_digits, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(nine, place, step):
    """I-4. The one gap of the standard: remainders 0 and 100 share the check number 00."""
    changed = nine[:place] + str((int(nine[place]) + step) % 10) + nine[place + 1 :]
    both = {snils_check_number(nine), snils_check_number(changed)}
    if len(both) == 2 and int(changed) > 1_001_998:
        with pytest.raises(UnacceptableContact):
            snils(changed + snils_check_number(nine))
    else:
        assert both == {"00"} or int(changed) <= 1_001_998


def test_snils_by_the_book():
    """I-4: a published example, the last number without check digits, all zeros."""
    assert snils("112-233-445 95") == "11223344595"
    assert snils("001-001-998 17") == "00100199817"
    for wrong in ("112-233-445 96", "000-000-000 00", "112 233 445", "112-233-445-955", "١١٢٢٣٣٤٤٥٩٥"):
        with pytest.raises(UnacceptableContact):
            snils(wrong)


def test_masks_show_the_last_digits_only():
    """I-4: never echo a full СНИЛС or phone."""
    assert masked_phone("+79001234567") == "+7 *** ***-45-67"
    assert masked_snils("11223344595") == "***-***-*45 95"
