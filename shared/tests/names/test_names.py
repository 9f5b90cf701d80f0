import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.names import (
    LOOKALIKE_CAPITALS,
    LOOKALIKE_SMALL,
    UnacceptableName,
    comparable_name,
    comparable_patronymic,
    has_control_characters,
    name_as_written,
    patronymic_as_written,
)

CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
words = st.text(CYRILLIC, min_size=1, max_size=12)
names = st.lists(words, min_size=1, max_size=3)


@given(st.text(st.sampled_from(CYRILLIC + "AaBbCcEeHhKkMmOoPpTtXxYyIiSsÉéßёЁ -–\u00a0'’.")))
def test_normal_form_of_a_normal_form_is_itself(written):
    """I-17: both sides may normalise once more."""
    normal = comparable_name(written)
    assert comparable_name(normal) == normal


@given(st.text(st.sampled_from("еёЁEeё\u0308\u0323\u0301йÏïİſßΣ\u00adя ") | st.characters(), max_size=8))
@example("ё\u0308")
@example("ё\u0323\u0308\u0308")
def test_normal_form_of_whatever_is_typed_is_its_own_normal_form(written):
    """I-17."""
    normal = comparable_name(written)
    assert comparable_name(normal) == normal


@given(st.text())
def test_whatever_is_typed_has_a_normal_form(written):
    normal = comparable_name(written)
    assert "  " not in normal
    assert normal == normal.strip()
    assert "ё" not in normal


@given(names, st.sampled_from(["-", "–", "—", "‑", "\u00a0", "  ", "−", "\u2009"]))
def test_any_dash_or_space_between_words_is_the_same_name(parts, between):
    """I-17: dashes of all kinds and NBSP are a space."""
    assert comparable_name(between.join(parts)) == comparable_name(" ".join(parts))


@pytest.mark.parametrize("apostrophe", "`´ʼ‘’′＇")
def test_any_apostrophe_is_one(apostrophe):
    """I-17, where the rule is silent: keyboards and word processors disagree about the sign of «Д'Артаньян»."""
    assert comparable_name(f"Д{apostrophe}Артаньян") == comparable_name("Д'Артаньян")


@given(names)
def test_case_composition_and_yo_make_no_difference(parts):
    """I-17."""
    name = " ".join(parts)
    normal = comparable_name(name)
    assert comparable_name(name.upper()) == normal
    assert comparable_name(name.lower()) == normal
    assert comparable_name(unicodedata.normalize("NFD", name)) == normal
    assert comparable_name(name.replace("ё", "е").replace("Ё", "Е")) == normal


@given(words, words, st.data())
def test_latin_lookalikes_in_a_cyrillic_word_are_cyrillic(before, after, data):
    """I-17: capitals and small letters each by their own table, before lower-casing."""
    latin, cyrillic = data.draw(st.sampled_from(sorted({**LOOKALIKE_CAPITALS, **LOOKALIKE_SMALL}.items())))
    assert comparable_name(before + chr(latin) + after) == comparable_name(before + chr(cyrillic) + after)


def test_wholly_latin_words_stay_latin():
    """I-17: only words with a Cyrillic letter are mended."""
    assert comparable_name("Ivanova") == "ivanova"
    assert comparable_name("OXAHA") == "oxaha"
    assert comparable_name("Петрова Smith") == "петрова smith"


def test_words_beside_the_name_are_words():
    """I-17: «мл.», «ст.», оглы, кызы are words like any other."""
    assert comparable_name("Алиев оглы") != comparable_name("Алиев")


@pytest.mark.parametrize(
    "nothing", ["нет", "НЕТ", " Отсутствует ", "не\u00a0указано", "б/о", "-", "—", "", None, "Heт"]
)
def test_placeholders_are_no_patronymic(nothing):
    """I-17."""
    assert comparable_patronymic(nothing) is None
    if nothing is not None:
        assert patronymic_as_written(nothing) is None


def test_a_patronymic_is_kept_as_written():
    assert patronymic_as_written("  Алексеевна ") == "Алексеевна"
    assert comparable_patronymic("Алексеевна") == "алексеевна"


@pytest.mark.parametrize("wrong", ["", "   ", "-", "12", "а" * 101, "Ива\u202eнов", "Ива\x00нов", "Ива\u200bнов"])
def test_what_cannot_be_a_name_is_refused_without_echo(wrong):
    """I-4: never echo."""
    with pytest.raises(UnacceptableName) as refused:
        name_as_written(wrong)
    assert str(refused.value) == ""


@given(st.text(max_size=40))
def test_an_accepted_name_is_clean(written):
    try:
        name = name_as_written(written)
    except UnacceptableName:
        return
    assert name == name.strip()
    assert not has_control_characters(name)
    assert comparable_name(name)
