"""What a person is told who cannot open a diary yet (I-20): what to do, and never a word of what the school knows.

The two sentences of the source text stand here as they stand there; a test holds them to it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from identity.matching.evidence import Attribute
from shared.http import Language, Text

Action = Literal["fill_in_profile", "prove_contact", "pass_data", "wait", "ask_teacher"]
"""What the button does."""

NOT_ENOUGH_DATA = Text(
    ru="К сожалению, не хватает данных для доступа в электронный дневник",
    en="Unfortunately there are not enough data for access to the electronic diary",
)

CANNOT_BE_SUBMITTED = Text(ru="Заявление не может быть подано", en="The application cannot be submitted")


@dataclass(frozen=True, slots=True)
class Advice:
    """A heading, what to do, and the button for it."""

    title: Text
    text: Text
    action: Action


_WAITING = Advice(
    Text(ru="Классный руководитель сверяет ваши данные", en="The class teacher is checking your data"),
    Text(
        ru="Ваш запрос уже у классного руководителя. Как только он подтвердит его, дневник откроется; "
        "ничего подавать заново не нужно.",
        en="Your request is with the class teacher. As soon as it is confirmed the diary opens; "
        "nothing has to be sent again.",
    ),
    "wait",
)

ADVICE: dict[str, Advice] = {
    "missing_own_data": Advice(
        CANNOT_BE_SUBMITTED,
        Text(
            ru="Для получения доступа к дневнику, пожалуйста, заполните недостающие сведения в Личном кабинете: "
            "{missing} и повторите попытку входа в электронный дневник.",
            en="For access to the diary please fill in what is missing in the profile: {missing}, "
            "and try to open the electronic diary again.",
        ),
        "fill_in_profile",
    ),
    "contact_not_proved": Advice(
        Text(ru="Подтвердите телефон или адрес электронной почты", en="Prove your phone or e-mail address"),
        Text(
            ru="Введите код из SMS или откройте ссылку из письма: школа узнаёт вас только по подтверждённым контактам.",
            en="Enter the code of the SMS or open the link of the letter: a school recognises you by proved "
            "contacts only.",
        ),
        "prove_contact",
    ),
    "pass_data_to_teacher": Advice(
        NOT_ENOUGH_DATA,
        Text(
            ru="Обратитесь к классному руководителю и передайте ему сведения, указанные в Личном кабинете "
            "(e-mail или номер мобильного телефона). Если данная ошибка происходит у ребенка, то нужно передать "
            "классному руководителю данные из Личного кабинета ребенка.",
            en="Turn to the class teacher and hand over what stands in the profile (e-mail or mobile phone number). "
            "If this happens to a child, hand the class teacher the data of the child's own profile.",
        ),
        "pass_data",
    ),
    "review": _WAITING,
    "conflict": _WAITING,
    "ambiguous": _WAITING,
    "rejected": Advice(
        Text(ru="Школа не подтвердила доступ", en="The school has not confirmed access"),
        Text(
            ru="Обратитесь к классному руководителю или подайте заявление на доступ к дневнику.",
            en="Turn to the class teacher, or submit an application for access to the diary.",
        ),
        "ask_teacher",
    ),
    # The record is the account's own, but nobody learns here any more, or is not noted as in its care.
    "accept": Advice(
        Text(ru="Школа узнала вас, но учеников за вами не записано", en="The school knows you, but no pupil of yours"),
        Text(
            ru="Попросите классного руководителя указать, чей вы представитель; дневник откроется сам.",
            en="Ask the class teacher to note whose representative you are; the diary then opens by itself.",
        ),
        "ask_teacher",
    ),
}

PASSED_ON = Advice(
    Text(ru="Ваши данные переданы классному руководителю", en="Your data are with the class teacher"),
    Text(
        ru="Когда он внесёт их, дневник откроется сам; подавать ещё раз не нужно.",
        en="When they are entered the diary opens by itself; nothing has to be sent again.",
    ),
    "wait",
)

_FIELDS: dict[Attribute, Text] = {
    "snils": Text(ru="СНИЛС", en="SNILS"),
    "phone": Text(ru="телефон", en="phone"),
    "email": Text(ru="адрес электронной почты", en="e-mail address"),
}
"""In the order and the words of the source text."""


def fields_listed(missing: Collection[str], language: Language) -> str:
    """«СНИЛС, телефон, адрес электронной почты»: only what is missing."""
    return ", ".join(text.format(language) for field, text in _FIELDS.items() if field in missing)
