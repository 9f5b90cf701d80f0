import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto import InvalidNumber, check_number, parse_check_number

numbers = st.builds(check_number, st.integers(2020, 2099), st.integers(0, 999_999))


@given(numbers)
def test_a_written_number_reads_back(number: str):
    """I-25: YY-NNNNNN-C."""
    assert parse_check_number(number) == number
    assert parse_check_number(number.replace("-", "")) == number
    assert parse_check_number(f" {number.replace('-', ' ')} ") == number


@given(numbers, st.integers(0, 8), st.integers(1, 9))
def test_any_wrong_digit_is_noticed(number: str, position: int, change: int):
    digits = list(number.replace("-", ""))
    digits[position] = str((int(digits[position]) + change) % 10)
    with pytest.raises(InvalidNumber):
        parse_check_number("".join(digits))


@given(numbers, st.integers(0, 7))
def test_any_swap_of_neighbours_is_noticed(number: str, position: int):
    digits = list(number.replace("-", ""))
    if digits[position] == digits[position + 1]:
        return
    digits[position], digits[position + 1] = digits[position + 1], digits[position]
    with pytest.raises(InvalidNumber):
        parse_check_number("".join(digits))


@pytest.mark.parametrize("text", ["", "26-1-2", "26-000017-89", "２６-000017-8", "26-00001a-8", "x26-000017-8"])
def test_other_forms_are_refused(text: str):
    with pytest.raises(InvalidNumber):
        parse_check_number(text)


def test_a_year_is_full_at_a_million():
    with pytest.raises(ValueError, match="999999"):
        check_number(2026, 1_000_000)
