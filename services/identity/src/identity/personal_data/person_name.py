"""A person's name as the three words of a Russian document."""

from typing import NamedTuple


class PersonName(NamedTuple):
    """Surname, given name and, where there is one, patronymic; as written."""

    surname: str
    given_name: str
    patronymic: str | None = None
