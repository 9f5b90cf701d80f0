"""What stands on the form of an application. Only ever kept encrypted: it is all names and birth dates."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from identity.registry.rules import UnacceptableClassName, comparable_class_name
from shared.http import Body, Text
from shared.names import UnacceptableName, name_as_written, patronymic_as_written

_NAME = Text(ru="Это не может быть именем", en="This cannot be a name")
_CLASS = Text(ru="Укажите класс, например 7А", en="Give a class, for example 7А")

Kind = Literal["representative", "pupil", "trusted_person", "teacher"]
Relation = Literal["parent", "guardian"]


def _name(written: str) -> str:
    try:
        return name_as_written(written)
    except UnacceptableName:
        raise PydanticCustomError("name", "Not a name", {"ru": _NAME.ru, "en": _NAME.en}) from None


def _patronymic(written: str) -> str | None:
    try:
        return patronymic_as_written(written)
    except UnacceptableName:
        raise PydanticCustomError("name", "Not a name", {"ru": _NAME.ru, "en": _NAME.en}) from None


def _class_name(written: str) -> str:
    try:
        comparable_class_name(written)
    except UnacceptableClassName:
        raise PydanticCustomError("class_name", "Not a class", {"ru": _CLASS.ru, "en": _CLASS.en}) from None
    return written


Name = Annotated[str, Field(max_length=200), AfterValidator(_name)]
ClassName = Annotated[str, Field(max_length=40), AfterValidator(_class_name)]


class PersonOnForm(Body):
    """A person as the documents name them."""

    surname: Name
    given_name: Name
    patronymic: Annotated[str, Field(max_length=200), AfterValidator(_patronymic)] | None = None
    birth_date: Annotated[date, Field(ge=date(1900, 1, 1))]


class Lessons(Body):
    """What a teacher teaches in one class."""

    class_name: ClassName
    subject: Annotated[str, Field(min_length=1, max_length=100)]


class Form(Body):
    """The form; a draft may lack what only the submitted one must have."""

    applicant: PersonOnForm
    """Who writes and submits it."""
    child: PersonOnForm | None = None
    """Whose diary is asked for; for a representative and a trusted person."""
    relation: Relation | None = None
    """Of a representative to the child: decides which document proves it."""
    class_name: ClassName | None = None
    """Of the child, or of the pupil who applies: sends the form to its class teacher."""
    lessons: Annotated[tuple[Lessons, ...], Field(max_length=30)] = ()
    """Of a teacher who asks for a class journal."""
