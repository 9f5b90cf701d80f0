"""The texts people agree to, by kind. A changed text is a new version at the end of its list; old ones stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from shared.http.texts import Language, Text

ConsentKind = Literal["personal_data", "diary_application"]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of a text."""

    version: str
    """The day it came into force, ISO."""
    text: Text

    def hash(self, language: Language) -> bytes:
        """SHA-256 of the text as it is shown in a language."""
        return sha256(self.text.format(language).encode()).digest()


TEXTS: Mapping[ConsentKind, tuple[ConsentText, ...]] = MappingProxyType(
    {
        "personal_data": (
            ConsentText(
                "2026-09-01",
                Text(
                    ru=(
                        "Я даю согласие на обработку моих персональных данных: фамилии, имени, отчества, телефона, "
                        "адреса электронной почты, а если я их укажу — СНИЛС, пола, даты и места рождения, гражданства "
                        "и документа, удостоверяющего личность. Цель — вести мою учётную запись и открывать "
                        "электронные дневники, к которым у меня есть право доступа. Контакты сверяются с данными "
                        "школы. Согласие действует, пока существует учётная запись; удалив её в личном кабинете, "
                        "я отзываю согласие, и данные уничтожаются."
                    ),
                    en=(
                        "I consent to the processing of my personal data: surname, given name, patronymic, phone, "
                        "e-mail and, if I state them, СНИЛС, sex, date and place of birth, citizenship and identity "
                        "document. The purpose is to keep my account and to open the electronic diaries that I am "
                        "entitled to. Contacts are compared with the records of the school. The consent holds as long "
                        "as the account exists; by deleting it in my profile I withdraw the consent and the data are "
                        "destroyed."
                    ),
                ),
            ),
        ),
        "diary_application": (
            ConsentText(
                "2026-09-01",
                Text(
                    ru=(
                        "Я даю согласие на обработку персональных данных, указанных в заявлении и приложенных "
                        "документах, — моих и ребёнка, законным представителем которого я являюсь. Цель — рассмотреть "
                        "заявление о доступе к электронному дневнику. Данные видят только сотрудники школы, которые "
                        "рассматривают заявление. Согласие действует, пока хранится заявление."
                    ),
                    en=(
                        "I consent to the processing of the personal data in the application and the documents "
                        "attached to it: mine and those of the child whose legal representative I am. The purpose is "
                        "to decide on the application for access to the electronic diary. Only those members of the "
                        "school's staff see the data who decide on it. The consent holds as long as the application "
                        "is kept."
                    ),
                ),
            ),
        ),
    }
)


def current_text(kind: ConsentKind) -> ConsentText:
    """The version that is agreed to today."""
    return TEXTS[kind][-1]
