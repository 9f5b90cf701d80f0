"""One name in two alphabets: is a name in Latin letters a transliteration of one in Cyrillic letters (I-17)?

The whole name must follow one published schema: `Yuliya Tcoi` mixes two and is nobody's passport.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import iuliia

from shared.names import comparable_name, is_cyrillic

SCHEMAS = (
    iuliia.ICAO_DOC_9303,
    iuliia.MVD_310,
    iuliia.MVD_310_FR,
    iuliia.MVD_782,
    iuliia.GOST_779,
    iuliia.GOST_779_ALT,
    iuliia.GOST_52535,
    iuliia.BGN_PCGN,
    iuliia.BGN_PCGN_ALT,
    iuliia.ALA_LC,
    iuliia.ALA_LC_ALT,
    iuliia.BS_2979,
    iuliia.BS_2979_ALT,
    iuliia.YANDEX_MAPS,
    iuliia.YANDEX_MONEY,
    iuliia.WIKIPEDIA,
)
"""Passports of all years, driving licences, libraries, maps."""

_YO = str.maketrans("ёЁ", "ëË")
_NO_YO = dict.fromkeys(map(ord, "ёЁ"))

_SIGNS = dict.fromkeys(map(ord, "'\"`´ʹʺʼ‘’“”′″"))
"""All that stands for a soft or a hard sign."""
_CACHED_WORDS = 100_000


def is_latin(word: str) -> bool:
    """Whether a word in normal form has letters and none of them is Cyrillic."""
    return any(map(str.isalpha, word)) and not any(map(is_cyrillic, word))


def latin_yo(written: str) -> str:
    """A name with the ё of a Latin word made Latin: programs that transliterate leave a Cyrillic one behind."""
    if not any(letter in written for letter in "ёЁ"):
        return written
    others = written.translate(_NO_YO)
    return written.translate(_YO) if any(map(str.isalpha, others)) and not any(map(is_cyrillic, others)) else written


def without_signs(latin: str) -> str:
    """A Latin word without the marks of soft and hard signs: passports leave them out, libraries do not."""
    return latin.translate(_SIGNS)


@lru_cache(maxsize=_CACHED_WORDS)
def transliterations(word: str) -> tuple[frozenset[str], ...]:
    """What a Cyrillic word in normal form becomes, schema by schema.

    Several for one schema: the normal form has no ё, but `Fyodor` is «Фёдор».
    """
    spellings = tuple(_with_yo(word))
    return tuple(
        frozenset(without_signs(comparable_name(latin_yo(schema.translate(spelling)))) for spelling in spellings)
        for schema in SCHEMAS
    )


def is_transliteration(latin: Sequence[str], cyrillic: Sequence[str]) -> bool:
    """Whether Latin words are, in any order, all the Cyrillic words by one schema. All in normal form."""
    if len(latin) != len(cyrillic) or not all(map(is_latin, latin)) or any(map(is_latin, cyrillic)):
        return False
    bare = tuple(map(without_signs, latin))
    possible = tuple(map(transliterations, cyrillic))
    return any(_pairs_up(bare, [schemas[number] for schemas in possible]) for number in range(len(SCHEMAS)))


def _with_yo(word: str) -> Iterator[str]:
    """A word of normal form and everything it can have been with one ё, which is always the stressed one."""
    yield word
    for place, letter in enumerate(word):
        if letter == "е":
            yield f"{word[:place]}ё{word[place + 1 :]}"


def _pairs_up(words: Sequence[str], possible: Sequence[frozenset[str]]) -> bool:
    if not words:
        return True
    first, *rest = words
    return any(
        first in options and _pairs_up(rest, [*possible[:place], *possible[place + 1 :]])
        for place, options in enumerate(possible)
    )
