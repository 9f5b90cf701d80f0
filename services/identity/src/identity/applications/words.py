"""What applications are called, for people (I-26, I-27)."""

from collections.abc import Mapping
from types import MappingProxyType

from identity.applications.rules import Ground, State
from shared.http import Text

STATES: Mapping[State, Text] = MappingProxyType({
    State.DRAFT: Text(ru="Черновик", en="Draft"),
    State.REGISTERED: Text(ru="Зарегистрировано", en="Registered"),
    State.IN_REVIEW: Text(ru="На рассмотрении", en="In review"),
    State.GRANTED: Text(ru="Доступ открыт", en="Access granted"),
    State.REFUSED: Text(ru="Отказано", en="Refused"),
    State.WITHDRAWN: Text(ru="Отозвано", en="Withdrawn"),
})  # fmt: skip

GROUNDS: Mapping[Ground, Text] = MappingProxyType({
    "outside_the_circle": Text(
        ru="Заявитель не входит в круг тех, кому открывают дневник: это родители и опекуны, сам ученик с 14 лет, "
        "учитель класса. Доверенное лицо приглашают родители в разделе «Доверенные лица».",
        en="The applicant is not one of those to whom the diary is opened: parents and guardians, the pupil from 14, "
        "a teacher of the class. A trusted person is invited by the parents, in “Trusted persons”.",
    ),
    "not_a_pupil": Text(
        ru="Ребёнок не учится в этой школе.", en="The child is not a pupil of this school."
    ),
    "documents_unfit": Text(
        ru="Документы не соответствуют требованиям: не те, нечитаемы или просрочены.",
        en="The documents do not meet the requirements: the wrong ones, unreadable or expired.",
    ),
    "documents_contradict": Text(
        ru="Сведения в документах и в заявлении противоречат друг другу. Если ошибка в имени или дате рождения, "
        "заполните заявление заново: прежние сведения подставятся сами.",
        en="The documents and the form contradict each other. If a name or a birth date is wrong, fill in a new form: "
        "it begins with what you wrote before.",
    ),
    "withdrawn_by_applicant": Text(ru="Вы отозвали заявление.", en="You withdrew the application."),
})  # fmt: skip

TERMS = Text(
    ru="Бесплатно. Заявление регистрируется сразу, школа отвечает за 3 рабочих дня.",
    en="Free of charge. The application is registered at once; the school answers within 3 working days.",
)
