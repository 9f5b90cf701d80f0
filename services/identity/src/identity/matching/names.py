"""How alike two names are (I-17). Only equality ever admits anybody; likeness explains and prepares a correction."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Literal

from rapidfuzz.distance import Levenshtein

from identity.matching.given_names import are_variants, spellings_of
from identity.matching.transliteration import (
    is_latin,
    is_transliteration,
    latin_yo,
    transliterations,
    without_signs,
)
from identity.personal_data.person_name import PersonName
from shared.names import comparable_name, comparable_patronymic

NameLevel = Literal["full", "part", "near", "surname_differs", "none"]
"""Best first."""

NAME_LEVELS: tuple[NameLevel, ...] = ("full", "part", "near", "surname_differs", "none")

NameField = Literal["surname", "given_name", "patronymic"]

MOST_EDITS = 2
"""Edits of a whole name that still count as a slip of the pen."""

_PATRONYMIC = re.compile(r"(?:.{2,}(?:ович|евич|ич|овна|евна|ична|инична))|оглы|кызы")
_INITIALS = re.compile(r"\w\.(?:\w\.?)*")
_CACHED_NAMES = 200_000

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """A level, and the fields in which the two names differ."""

    level: NameLevel
    differing: tuple[NameField, ...] = ()


_FULL = NameLikeness("full")
_NONE = NameLikeness("none")


@dataclass(frozen=True, slots=True)
class ComparableName:
    """A name in normal form: its fields, and all its words in order of the alphabet, whichever field they stand in."""

    surname: str
    given_name: str
    patronymic: str | None
    words: _Words
    is_latin: bool
    is_cyrillic: bool
    has_initials: bool
    has_variants: bool
    """Whether the given name has more than one spelling."""

    def without_patronymic(self) -> _Words | None:
        """The words but for the patronymic, if it is clear which words those are and two others remain.

        It is the field of that name, unless the fields are in disorder; then it is what looks like one.
        """
        named = () if self.patronymic is None else tuple(self.patronymic.split())
        if not any(map(_PATRONYMIC.fullmatch, named)):
            # A surname may look like one as well («Петрович»); alone in its own field it is believed to be a surname.
            alike = tuple(word for word in self.words if _PATRONYMIC.fullmatch(word) and word != self.surname)
            # «Анна» «Петрович»: of two words neither is a patronymic.
            named = alike if alike and len(self.words) > 2 else named
        rest = Counter(self.words)
        rest.subtract(named)
        remaining = tuple(sorted(rest.elements()))
        return remaining if 1 < len(remaining) < len(self.words) else None

    def fields(self) -> tuple[tuple[NameField, str], ...]:
        """The fields that are filled."""
        named: tuple[tuple[NameField, str | None], ...] = (
            ("surname", self.surname),
            ("given_name", self.given_name),
            ("patronymic", self.patronymic),
        )
        return tuple((field, value) for field, value in named if value)


@lru_cache(maxsize=_CACHED_NAMES)
def comparable(name: PersonName) -> ComparableName:
    """The normal form of a whole name."""
    surname, given_name = (comparable_name(latin_yo(value)) for value in (name.surname, name.given_name))
    patronymic = comparable_patronymic(name.patronymic and latin_yo(name.patronymic))
    words = tuple(sorted(" ".join((surname, given_name, patronymic or "")).split()))
    personal = " ".join((given_name, patronymic or "")).split()
    return ComparableName(
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        words=words,
        is_latin=all(map(is_latin, words)),
        is_cyrillic=not any(map(is_latin, words)),
        has_initials=any(len(word) == 1 for word in personal) or any(map(_INITIALS.fullmatch, words)),
        has_variants=any(map(spellings_of, given_name.split())),
    )


def compare(one: PersonName, other: PersonName) -> NameLikeness:
    """The level of two names; the same whichever comes first."""
    a, b = comparable(one), comparable(other)
    if not a.words or not b.words:
        return _NONE
    if a.words == b.words:
        # Two people of one family share surname and initials.
        return NameLikeness("near", ("given_name",)) if a.has_initials else _FULL
    return _equal(a, b) or _near(a, b) or _with_another_surname(a, b) or _NONE


def _equal(a: ComparableName, b: ComparableName) -> NameLikeness | None:
    """Full or part, or None."""
    if a.has_initials or b.has_initials:
        return None
    in_two_alphabets = _are_in_two_alphabets(a, b)
    for words_of_a, words_of_b, differing in _readings(a, b):
        if words_of_a == words_of_b or (in_two_alphabets and _same(words_of_a, words_of_b)):
            return NameLikeness("part", differing) if differing else _FULL
        if (a.has_variants or b.has_variants) and _same_but_for_a_variant(words_of_a, words_of_b, a, b):
            return NameLikeness("part", ("given_name", *differing))
    return None


def _readings(a: ComparableName, b: ComparableName) -> Iterator[tuple[_Words, _Words, tuple[NameField, ...]]]:
    """Both names whole; then the fuller one without its patronymic."""
    if len(a.words) == len(b.words):
        yield a.words, b.words, ()
    if len(a.words) > len(b.words) and (rest := a.without_patronymic()):
        yield rest, b.words, ("patronymic",)
    if len(b.words) > len(a.words) and (rest := b.without_patronymic()):
        yield a.words, rest, ("patronymic",)


def _same(one: _Words, other: _Words) -> bool:
    return one == other or is_transliteration(one, other) or is_transliteration(other, one)


def _are_in_two_alphabets(a: ComparableName, b: ComparableName) -> bool:
    return (a.is_latin and b.is_cyrillic) or (a.is_cyrillic and b.is_latin)


def _same_but_for_a_variant(one: _Words, other: _Words, a: ComparableName, b: ComparableName) -> bool:
    given = {*a.given_name.split(), *b.given_name.split()}
    if _are_in_two_alphabets(a, b):
        latin, cyrillic = (one, other) if a.is_latin else (other, one)
        return any(
            is_transliteration(latin, (*cyrillic[:place], spelling, *cyrillic[place + 1 :]))
            for place, word in enumerate(cyrillic)
            if word in given
            for spelling in spellings_of(word)
        )
    only_one, only_other = _only_in_each(one, other)
    if len(only_one) != 1 or len(only_other) != 1:
        return False
    return are_variants(only_one[0], only_other[0]) and not given.isdisjoint((*only_one, *only_other))


def _only_in_each(one: _Words, other: _Words) -> tuple[_Words, _Words]:
    left, right = Counter(one), Counter(other)
    return tuple((left - right).elements()), tuple((right - left).elements())


def _near(a: ComparableName, b: ComparableName) -> NameLikeness | None:
    if _are_in_two_alphabets(a, b):
        return _near_transliteration(*((a, b) if a.is_latin else (b, a)))
    differing = _slips((a.surname, a.given_name, a.patronymic), (b.surname, b.given_name, b.patronymic))
    if differing is not None:
        return NameLikeness("near", differing)
    return _near_in_disorder(a, b)


def _near_transliteration(latin: ComparableName, cyrillic: ComparableName) -> NameLikeness | None:
    written = tuple(value and without_signs(value) for value in (latin.surname, latin.given_name, latin.patronymic))
    for number in range(len(transliterations(""))):
        meant = tuple(
            value and " ".join(min(transliterations(word)[number]) for word in value.split())
            for value in (cyrillic.surname, cyrillic.given_name, cyrillic.patronymic)
        )
        differing = _slips(written, meant)
        if differing is not None:
            return NameLikeness("near", differing)
    return None


def _near_in_disorder(a: ComparableName, b: ComparableName) -> NameLikeness | None:
    """The same words in other fields, one or two of them with a slip."""
    if len(a.words) != len(b.words) or set(a.words).isdisjoint(b.words):
        return None
    only_a, only_b = _only_in_each(a.words, b.words)
    if len(only_a) > MOST_EDITS:
        return None
    for order in permutations(only_b):
        edits = [_edits(x, y) for x, y in zip(only_a, order, strict=True)]
        if None not in edits and sum(filter(None, edits)) <= MOST_EDITS:
            fields = {field for name, words in ((a, only_a), (b, only_b)) for field in _fields_of(name, words)}
            return NameLikeness("near", _in_order(fields))
    return None


def _fields_of(name: ComparableName, words: _Words) -> Iterator[NameField]:
    for field, value in name.fields():
        if not set(value.split()).isdisjoint(words):
            yield field


def _in_order(fields: set[NameField]) -> tuple[NameField, ...]:
    order: tuple[NameField, ...] = ("surname", "given_name", "patronymic")
    return tuple(field for field in order if field in fields)


def _slips(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> tuple[NameField, ...] | None:
    """The fields that differ if all of it can be slips of the pen, else None.

    A patronymic that stands on one side only is no slip, but does not hide one either.
    """
    total = 0
    differing: set[NameField] = set()
    names: tuple[NameField, ...] = ("surname", "given_name", "patronymic")
    for field, x, y in zip(names, one, other, strict=True):
        if x == y:
            continue
        differing.add(field)
        if field == "patronymic" and (x is None or y is None):
            continue
        if field == "given_name" and are_variants(x or "", y or ""):
            continue
        edits = _edits(x or "", y or "")
        if edits is None:
            return None
        total += edits
    return _in_order(differing) if total <= MOST_EDITS else None


def _edits(one: str, other: str) -> int | None:
    """Levenshtein distance, None beyond what a word of this length allows: 0 up to 3 letters, 1 up to 6, then 2."""
    length = max(len(one), len(other))
    allowed = 0 if length <= 3 else 1 if length <= 6 else MOST_EDITS
    distance = Levenshtein.distance(one, other, score_cutoff=allowed)
    return distance if distance <= allowed else None


def _with_another_surname(a: ComparableName, b: ComparableName) -> NameLikeness | None:
    """Maiden and married names: given name and patronymic equal and present."""
    if a.has_initials or b.has_initials or not (a.patronymic and b.patronymic and a.given_name and b.given_name):
        return None
    if a.given_name == b.given_name and a.patronymic == b.patronymic:
        return NameLikeness("surname_differs", ("surname",))
    own = tuple(sorted((*a.given_name.split(), *a.patronymic.split())))
    others = tuple(sorted((*b.given_name.split(), *b.patronymic.split())))
    return NameLikeness("surname_differs", ("surname",)) if _same(own, others) else None
