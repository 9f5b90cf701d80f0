"""How much of a long text an item shows. The whole of it stands in the diary."""

from typing import Final

SHOWN: Final = 500
"""Letters of an item's text; it is kept once for each pupil of a class."""


def excerpt(words: str) -> str:
    """The beginning of a text, cut between two words."""
    if len(words) <= SHOWN:
        return words
    cut = words[:SHOWN]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    # Half of it in one word is no text of words, but an address: cut it anywhere.
    return (cut[:at] if at > SHOWN // 2 else cut[: SHOWN - 1]).rstrip() + "…"
