"""How people are called on a page."""


def full_name(surname: str, given_name: str, patronymic: str | None) -> str:
    """«Орлова Марина Сергеевна»; a patronymic is not given to everybody."""
    return " ".join(part for part in (surname, given_name, patronymic) if part)
