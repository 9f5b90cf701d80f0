"""Pure rules of access slips."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta

from shared.names import LOOKALIKE_CAPITALS, LOOKALIKE_SMALL

GOOD_FOR = timedelta(days=30)
"""From a parents' evening to the next one."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1: a slip is read off paper."""
LOGIN_LENGTH = 8
PASSWORD_LENGTH = 12
"""Some 59 bits: nobody guesses it within thirty days."""
_GROUP = 4

_AS_LATIN = {cyrillic: latin for table in (LOOKALIKE_CAPITALS, LOOKALIKE_SMALL) for latin, cyrillic in table.items()}


def new_words(choose: Callable[[str], str]) -> tuple[str, str]:
    """A login and a password, in their normal form.

    Args:
        choose: picks one character of a text, so that nobody can foretell which.
    """
    login, password = ("".join(choose(ALPHABET) for _ in range(length)) for length in (LOGIN_LENGTH, PASSWORD_LENGTH))
    return login, password


def on_paper(word: str) -> str:
    """«abcd-efgh»: in groups that can be read aloud."""
    return "-".join(word[start : start + _GROUP] for start in range(0, len(word), _GROUP))


def off_paper(typed: str) -> str:
    """The normal form of what was typed: dashes, spaces, capitals and look-alike Cyrillic letters do not matter."""
    letters = unicodedata.normalize("NFKC", typed).translate(_AS_LATIN).lower()
    return "".join(letter for letter in letters if letter.isalnum())


def labels_for(label: str, given_names: list[str]) -> list[str]:
    """What each diary of one slip is called: the label itself, or with the name of each child if there are several."""
    if len(given_names) == 1:
        return [label]
    return [f"{label} ({given_name})" for given_name in given_names]
