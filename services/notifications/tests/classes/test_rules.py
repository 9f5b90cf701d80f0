from hypothesis import given
from hypothesis import strategies as st

from notifications.classes.rules import SHOWN, excerpt


@given(st.text(max_size=SHOWN))
def test_a_short_text_is_shown_whole(words: str) -> None:
    assert excerpt(words) == words


@given(st.text(min_size=SHOWN + 1, max_size=4000))
def test_a_long_text_is_cut(words: str) -> None:
    shown = excerpt(words)
    assert len(shown) <= SHOWN + 1
    assert shown.endswith("…")
    assert words.startswith(shown[:-1])


def test_words_stay_whole() -> None:
    assert excerpt("прочитать параграф " * 40).removesuffix("…").endswith(("прочитать", "параграф"))
