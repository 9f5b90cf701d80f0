"""Pure rules of the registry."""

import re
import unicodedata

from shared.names import LOOKALIKE_CAPITALS

_CLASS_NAME = re.compile(r"(?P<grade>1[01]|[1-9])([А-ЯЁA-Z][А-ЯЁA-Z0-9]{0,19})?")
_SEARCHED = str.maketrans({"ё": "е", **dict.fromkeys('«»„“”"')})
_DECORATION = re.compile(r"""[\s"'«»„“”‘’`()_.\-\u2010-\u2015\u2212]""")


class UnacceptableClassName(ValueError):
    """Not a parallel from 1 to 11 with a letter or a word."""


def comparable_class_name(written: str) -> str:
    """One form for 7«А», 7-А, 7А and 7 a: the number and capital Cyrillic letters (I-12).

    Raises:
        UnacceptableClassName: it does not look like a class of a school.
    """
    bare = _DECORATION.sub("", unicodedata.normalize("NFKC", written)).upper()
    bare = bare.removesuffix("КЛАСС").translate(LOOKALIKE_CAPITALS)
    match = _CLASS_NAME.fullmatch(bare)
    if match is None:
        raise UnacceptableClassName(written[:0])
    return bare


def grade_of(class_name: str) -> int:
    """The parallel, 1 to 11, of a class name in comparable form."""
    match = _CLASS_NAME.fullmatch(class_name)
    assert match is not None, "grade_of takes the comparable form"
    return int(match["grade"])


def searched_form(written: str) -> str:
    """What a name of a school or city is searched by; the database makes the same of what it keeps."""
    return written.lower().translate(_SEARCHED)
