"""I-17: how alike two names are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.matching.given_names import are_variants, spellings_of
from identity.matching.names import NAME_LEVELS, compare
from identity.matching.transliteration import SCHEMAS, is_transliteration
from identity.personal_data.person_name import PersonName

FEDOROVA = PersonName("Фёдорова", "Наталья", "Юрьевна")

surnames = st.sampled_from(
    ["Фёдоров", "Федорова", "Петров-Водкин", "Щербаков", "Цой", "Ли", "Петрович", "Гаджиев", "Iuzhin", "Fyodorova"]
)
given_names = st.sampled_from(
    ["Наталья", "Наталия", "Пётр", "Анна", "Анна Мария", "Ян", "Данил", "Данила", "Даниил", "Natalya", "Petr", "И."]
)
patronymics = st.sampled_from([None, "нет", "Юрьевна", "Юрьевич", "Ильич", "Алекпер оглы", "Iurevna", "П."])
names = st.builds(PersonName, surnames, given_names, patronymics)


@st.composite
def slips(draw):
    """A name, and the same with a few letters changed."""
    name = draw(names)
    field = draw(st.integers(0, 2))
    value = name[field] or "Юрьевна"
    place = draw(st.integers(0, len(value) - 1))
    changed = value[:place] + draw(st.sampled_from(["", "о", "аа"])) + value[place + draw(st.integers(0, 2)) :]
    return name, name._replace(**{name._fields[field]: changed or "а"})


@given(st.tuples(names, names) | slips())
def test_the_level_is_the_same_whichever_name_comes_first(pair):
    one, other = pair
    there, back = compare(one, other), compare(other, one)
    assert (there.level, there.differing) == (back.level, back.differing)
    assert there.level in NAME_LEVELS


@given(
    names,
    names,
    st.sampled_from([str.upper, str.lower, lambda word: word.replace("ё", "е"), lambda word: f" {word}  "]),
)
def test_how_a_name_is_typed_changes_no_level(one, other, typed):
    """I-17: a normal form on both sides."""
    again = PersonName(*(value and unicodedata.normalize("NFD", typed(value)) for value in one))
    assert compare(again, other) == compare(one, other)


@given(names)
def test_a_name_equals_itself_unless_it_is_initials(name):
    expected = "near" if "." in "".join(filter(None, name)) else "full"
    assert compare(name, name).level == expected


@given(names.filter(lambda name: "." not in "".join(filter(None, name))), st.randoms(use_true_random=False))
def test_words_may_stand_in_any_field(name, random):
    """I-17: all tokens permuted between fields, or in one field."""
    words = " ".join(value for value in name if value and value != "нет").replace("-", " ").split()
    random.shuffle(words)
    cut = random.randint(0, len(words))
    assert compare(PersonName(" ".join(words[:cut]), " ".join(words[cut:])), name).level == "full"
    assert compare(PersonName("", " ".join(words)), name).level == "full"


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_a_whole_name_by_one_schema(schema):
    """I-17: one side wholly Latin; ё, which the normal form does not know, may be written either way."""
    for yo in ("Фёдорова", "Федорова"):
        latin = PersonName(*map(schema.translate, (yo, "Наталья", "Юрьевна")))
        assert compare(latin, FEDOROVA).level == "full"
        assert compare(latin._replace(patronymic=None), FEDOROVA).level == "part"
        assert compare(latin, FEDOROVA._replace(given_name="Наталия")).level == "part"


@pytest.mark.parametrize(
    "mixed", [PersonName("Shherbakov", "Iurii"), PersonName("Щербаков", "Iurii"), PersonName("Chtcherbakov", "Yuriy")]
)
def test_two_schemas_or_two_alphabets_are_no_transliteration(mixed):
    """I-17: by one schema, and wholly."""
    assert compare(mixed, PersonName("Щербаков", "Юрий")).level not in {"full", "part"}
    assert not is_transliteration(("iurii", "shherbakov"), ("щербаков", "юрий"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FEDOROVA, FEDOROVA._replace(patronymic=None)),
        (FEDOROVA, FEDOROVA._replace(patronymic="б/о")),
        (FEDOROVA, FEDOROVA._replace(given_name="Наталия")),
        (FEDOROVA, PersonName("Фёдорова", "Наталия")),
        (FEDOROVA, PersonName("Наталия Юрьевна", "Фёдорова")),
        (PersonName("Пётр", "Алексеевич", "Иванов"), PersonName("Иванов", "Пётр")),
        (PersonName("Иванов Пётр Алексеевич", ""), PersonName("Иванов", "Пётр")),
        (PersonName("Алиев", "Руслан", "Алекпер оглы"), PersonName("Алиев", "Руслан")),
        (PersonName("Ким", "Данила", "Ильич"), PersonName("Ким", "Данил", "Ильич")),
    ],
)
def test_part(one, other):
    """I-17: the patronymic missing on one side, or a variant of the given name."""
    assert compare(one, other).level == "part"


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        (FEDOROVA, FEDOROVA._replace(surname="Федосова"), ("surname",)),
        (FEDOROVA, FEDOROVA._replace(surname="Фёдоровна", given_name="Натальа"), ("surname", "given_name")),
        (FEDOROVA, FEDOROVA._replace(surname="Фидоровна"), ("surname",)),
        (FEDOROVA, FEDOROVA._replace(surname="Фёдоровва", patronymic=None), ("surname", "patronymic")),
        (PersonName("Цой", "Анна"), PersonName("Цой", "Анн"), ("given_name",)),
        (
            PersonName("Наталья", "Фёдорова", "Юрьевна"),
            FEDOROVA._replace(surname="Фёдоровва"),
            ("surname", "given_name"),
        ),
        (PersonName("Ivanof", "Petr"), PersonName("Иванов", "Пётр"), ("surname",)),
        (PersonName("Иванов", "И.", "И."), PersonName("Иванов", "И.", "И."), ("given_name",)),
    ],
)
def test_near(one, other, differing):
    """I-17: a slip of the pen, with the fields it is in."""
    likeness = compare(one, other)
    assert (likeness.level, likeness.differing) == ("near", differing)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PersonName("Цой", "Анна"), PersonName("Цай", "Анна")),  # no edit in three letters
        (PersonName("Иванов", "Пётр"), PersonName("Иванов", "Паор")),  # two in four letters
        (PersonName("Смирнова", "Анна"), PersonName("Смерновой", "Анна")),  # three edits in one field
        (PersonName("Смирнова", "Анна"), PersonName("Смерновы", "Анно")),  # three edits in all
    ],
)
def test_beyond_near(one, other):
    """I-17: 0 edits up to 3 letters, 1 up to 6, then 2; at most 2 in all."""
    assert compare(one, other).level == "none"


@pytest.mark.parametrize(
    ("married", "level"),
    [
        (PersonName("Соколова", "Наталья", "Юрьевна"), "surname_differs"),
        (PersonName("Фёдорова-Соколова", "Наталья", "Юрьевна"), "surname_differs"),
        (PersonName("Sokolova", "Natalya", "Yuryevna"), "surname_differs"),
        (PersonName("Соколова", "Наталья"), "none"),
        (PersonName("Соколова", "Наталия", "Юрьевна"), "none"),
        (PersonName("Соколова", "Наталья", "Ильинична"), "none"),
    ],
)
def test_surname_differs(married, level):
    """I-17: given name and patronymic equal and present."""
    assert compare(married, FEDOROVA).level == level


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (PersonName("Иванов", "П.", "А."), PersonName("Иванов", "Пётр", "Алексеевич")),
        (PersonName("Иванов П.А.", ""), PersonName("Иванов", "Пётр", "Алексеевич")),
        (PersonName("Иванов", "П", "А"), PersonName("Иванов", "П", "А")),
        (PersonName("Иванова", "Анна"), PersonName("Иванова", "Анна Мария")),
        (PersonName("Иванова", "Мария"), PersonName("Иванова", "Анна-Мария")),
        (PersonName("Bdfyjd", "G`nh"), PersonName("Иванов", "Пётр")),
        (PersonName("Иванова", "Настя"), PersonName("Иванова", "Анастасия")),
        (PersonName("Иванов мл.", "Пётр"), PersonName("Иванов", "Пётр")),
        (PersonName("Алиев", "Руслан", "Алекпер оглы"), PersonName("Алиев", "Руслан", "Алекпер")),
        (PersonName("Анна", "Мария"), PersonName("Петрович", "Анна Мария")),
        (PersonName("Петрович", "Анна"), PersonName("Анна", "Сидорова")),
        (PersonName("Иванов", "Пётр", "Алексеевич"), PersonName("Иванов", "Алексеевич")),
        (PersonName("Иванов", "Пётр", "Алексеевич"), PersonName("Пётр", "Алексеевич")),
        (PersonName("Иванова", "Ирина"), PersonName("Иванова", "Арина")),
        (PersonName("", ""), PersonName("", "")),
    ],
)
def test_never_equal(typed, meant):
    """I-17: initials, one of two given names, a wrong keyboard layout, short forms, words left out."""
    assert compare(typed, meant).level not in {"full", "part"}
    assert compare(meant, typed).level not in {"full", "part"}


def test_the_table_of_variants_is_closed():
    """I-17: spellings of one name; a surname that looks like one is not respelt."""
    assert are_variants("наталья", "наталия")
    assert are_variants("данила", "данил")
    assert not are_variants("наталья", "наталья")
    assert not are_variants("юрий", "георгий")
    assert set(spellings_of("даниил")) == {"данил", "данила"}
    assert spellings_of("петр") == ()
    assert compare(PersonName("Данил", "Пётр"), PersonName("Данила", "Пётр")).level == "near"
