"""I-7: what a new password may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.accounts.password_policy import require_acceptable_password, weaknesses
from identity.errors import PasswordUnacceptable

OWN = ("Соколова", "Анна", "Викторовна", "+79031234567", "a.sokolova86@zvonok.example", None)


@pytest.mark.parametrize(
    "password",
    ["верблюд ест мыло", "Kamel-frisst-Seife", "12пингвинов", "🐫🐫🐪🐪🐫🐪🐪🐫", "        x",
     "Звонок звенит нам в апреле", "Соколова любит пирожки", "я" * 127 + "й", "83749201746", "dragonfruit-na-zavtrak"],
)  # fmt: skip
def test_i_7_any_characters_will_do(password):
    assert weaknesses(password, OWN) == ()


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("", "password_too_short"),
        ("верблюд", "password_too_short"),
        ("я" * 128 + "x", "password_too_long"),
        ("password", "password_common"),
        ("PassWord", "password_common"),
        ("password1!", "password_common"),
        ("dragon2026", "password_common"),
        ("qwerty123456", "password_common"),
        ("12345678", "password_common"),
        ("ййййййййй", "password_common"),
        ("йцукен12", "password_common"),
        ("пароль2026", "password_common"),
        ("Привет123", "password_common"),
        ("Соколова", "password_own_data"),
        ("соколова1986", "password_own_data"),
        ("СоколоваАнна", "password_own_data"),
        ("Sokolova-86", "password_own_data"),
        ("cjrjkjdf1986", "password_own_data"),
        ("89031234567", "password_own_data"),
        ("+7(903)1234567", "password_own_data"),
        ("a.sokolova86", "password_own_data"),
        ("a.sokolova86@zvonok.example", "password_own_data"),
        ("мойдневник", "password_own_data"),
        ("Дневник2026", "password_own_data"),
        ("zvonok-2026", "password_own_data"),
    ],
)
def test_i_7_the_first_guesses_are_refused(password, weakness):
    assert weakness in weaknesses(password, OWN)


def test_i_7_own_data_is_only_the_owners():
    assert weaknesses("Соколова-Анна") == ()


def test_i_7_one_spelling_for_what_looks_the_same():
    assert weaknesses("йогуртов" + "и\u0306") == weaknesses("йогуртовй") == ()
    assert weaknesses("и\u0306" * 7 + "!") == weaknesses("й" * 7 + "!")


@pytest.mark.parametrize(("language", "word"), [("ru", "символов"), ("en", "characters")])
def test_i_7_reasons_are_told_in_both_languages_and_never_the_password(language, word):
    with pytest.raises(PasswordUnacceptable) as refused:
        require_acceptable_password("qwerty", field="body.new_password")
    document = refused.value.render(language, "/x")
    assert (document["status"], document["code"]) == (422, "password_unacceptable")
    assert [(e["field"], e["code"]) for e in document["errors"]] == [
        ("body.new_password", "password_too_short"),
        ("body.new_password", "password_common"),
    ]
    assert word in document["errors"][0]["message"]
    assert "qwerty" not in str(document)


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_i_7_never_breaks(password, own):
    assert set(weaknesses(password.encode("utf-8", "replace").decode(), own)) <= {
        "password_too_short", "password_too_long", "password_common", "password_own_data"
    }  # fmt: skip
