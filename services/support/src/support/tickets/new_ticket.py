"""What a requester writes: one model for the API and for the form, so that both accept the same."""

import unicodedata
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shared.http import Body, Text
from support.tickets.contacts import UnacceptableContact, email_address, phone_number
from support.tickets.words import TicketType

_EMAIL = Text(ru="Укажите адрес вида name@example.org", en="Give an address like name@example.org")
_PHONE = Text(ru="Укажите номер вида +7 900 123-45-67", en="Give a number like +7 900 123-45-67")
_EMPTY = Text(ru="Обязательное поле", en="This field is required")
_TURNS_TEXT_AROUND = frozenset(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks of direction: with them a text can show something else than what it says."""


def _contact(normal_form: Callable[[str], str], code: str, text: Text) -> Callable[[str], str]:
    def checked(written: str) -> str:
        try:
            return normal_form(written)
        except UnacceptableContact:
            raise PydanticCustomError(code, "Wrong format", {"ru": text.ru, "en": text.en}) from None

    return checked


def _one_line(written: str) -> str:
    """A subject gets into headers of letters: no line ends, no control characters."""
    return " ".join(_visible(written.replace("\n", " ").replace("\t", " ")).split())


def _visible(written: str) -> str:
    """Without control characters, but with line ends and tabs."""
    kept = (
        character
        for character in written.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t" or (unicodedata.category(character) != "Cc" and character not in _TURNS_TEXT_AROUND)
    )
    return "".join(kept).strip()


def _not_empty(text: str) -> str:
    if not text:
        raise PydanticCustomError("missing", "This field is required", {"ru": _EMPTY.ru, "en": _EMPTY.en})
    return text


def _nothing_if_empty(value: object) -> object:
    """A form sends fields that were left out as empty texts."""
    return None if isinstance(value, str) and not value.strip() else value


Email = Annotated[str, Field(min_length=1, max_length=254), AfterValidator(_contact(email_address, "email", _EMAIL))]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_contact(phone_number, "phone", _PHONE))]
Subject = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line), AfterValidator(_not_empty)]
LongText = Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_visible), AfterValidator(_not_empty)]


class NewTicket(Body):
    """A ticket to be filed."""

    type: TicketType
    """One of `GET /ticket-types`."""
    email: Email
    """Where the number and the news of the ticket are sent."""
    phone: Annotated[Phone | None, BeforeValidator(_nothing_if_empty)] = None
    subject: Subject
    text: LongText
