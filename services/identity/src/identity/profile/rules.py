"""Pure rules of the profile: what it consists of, how each value is shown, what the diary needs (I-5, I-19 row 0)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from identity.personal_data.contacts import masked_email
from shared.contacts import masked_phone, masked_snils

FieldName = Literal[
    "surname",
    "given_name",
    "patronymic",
    "role",
    "phone",
    "email",
    "snils",
    "sex",
    "birth_date",
    "birth_place",
    "citizenship",
    "passport",
]
DetailName = Literal["sex", "birth_date", "birth_place", "citizenship", "passport"]
DETAILS: tuple[DetailName, ...] = ("sex", "birth_date", "birth_place", "citizenship", "passport")
"""What stands encrypted in `account_details`."""

NEEDED_FOR_DIARY: frozenset[FieldName] = frozenset({"surname", "given_name", "phone", "email"})


def masked_birth_date(iso: str) -> str:
    """«**.**.2013»."""
    return f"**.**.{iso[:4]}"


def masked_document(number: str) -> str:
    """«*** 42»: the last two characters."""
    return f"*** {number[-2:]}"


def masked_place(place: str) -> str:
    """«М***»."""
    return f"{place[:1]}***"


MASKS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "phone": masked_phone,
        "email": masked_email,
        "snils": masked_snils,
        "birth_date": masked_birth_date,
        "birth_place": masked_place,
        "passport": masked_document,
    }
)
"""How a P3 or P4 value is shown; the others are shown as they are."""
