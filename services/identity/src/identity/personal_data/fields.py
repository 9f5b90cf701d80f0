"""Names and contacts as fields of request bodies: taken in every spelling of I-4, kept in one, never repeated."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from identity.personal_data.contacts import email_address
from shared.contacts import UnacceptableContact, phone_number, snils
from shared.http import Body, Text
from shared.names import UnacceptableName, name_as_written, patronymic_as_written

LONGEST_CONTACT = 60
LONGEST_MAILBOX = 254

_NAME = Text(ru="Это не похоже на имя: до 100 букв, без управляющих знаков", en="Not a name: up to 100 letters")
_PHONE = Text(ru="Это не номер телефона", en="This is not a phone number")
_EMAIL = Text(ru="Это не адрес электронной почты", en="This is not an e-mail address")
_SNILS = Text(
    ru="Это не СНИЛС: 11 цифр, последние две — контрольные; проверьте цифры",
    en="Not a СНИЛС: 11 digits, the last two check the others; look at the digits again",
)


def _accepted_by(accept: Callable[[str], Any], code: str, refusal: Text) -> AfterValidator:
    def normal(written: str) -> Any:
        try:
            return accept(written)
        except (UnacceptableContact, UnacceptableName):
            raise PydanticCustomError(code, "{en}", {"ru": refusal.ru, "en": refusal.en}) from None

    return AfterValidator(normal)


_Line = StringConstraints(max_length=200)

NameField = Annotated[str, _Line, _accepted_by(name_as_written, "name_invalid", _NAME)]
PatronymicField = Annotated[str, _Line, _accepted_by(patronymic_as_written, "name_invalid", _NAME)] | None
"""None for nothing, and for what stands for nothing («нет», «-»)."""
PhoneField = Annotated[
    str, StringConstraints(max_length=LONGEST_CONTACT), _accepted_by(phone_number, "phone_invalid", _PHONE)
]
"""E.164."""
EmailField = Annotated[
    str, StringConstraints(max_length=LONGEST_MAILBOX), _accepted_by(email_address, "email_invalid", _EMAIL)
]
SnilsField = Annotated[str, StringConstraints(max_length=LONGEST_CONTACT), _accepted_by(snils, "snils_invalid", _SNILS)]
"""Eleven digits."""

CodeField = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""Of an SMS or a letter."""
# Never trimmed: a space at the end of a password is part of it. How long it may be says the policy, not the parser.
PasswordField = Annotated[str, StringConstraints(min_length=1, max_length=1024, strip_whitespace=False)]


class PasswordTwice(Body):
    """A new password, typed twice."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: PasswordField
    password_again: PasswordField

    @model_validator(mode="after")
    def _typed_alike(self) -> Self:
        if self.password != self.password_again:
            raise PydanticCustomError(
                "passwords_differ",
                "{en}",
                {"ru": "Пароли не совпадают: введите один и тот же дважды", "en": "The two passwords differ"},
            )
        return self
