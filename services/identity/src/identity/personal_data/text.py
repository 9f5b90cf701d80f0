"""Plain text as people type it, made safe to store and to compare."""

import unicodedata

LOOKALIKE_CAPITALS = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
"""Latin capitals that look like Cyrillic ones (I-17). Capitals and small letters have tables of their own."""

LOOKALIKE_SMALL = str.maketrans("aceopxyk", "асеорхук")
"""Latin small letters that look like Cyrillic ones (I-17)."""


def is_cyrillic(char: str) -> bool:
    """Whether the character is of the Cyrillic block."""
    return "Ѐ" <= char <= "ӿ"


def one_line(value: str) -> str:
    """Trim, and make every run of white space (also no-break spaces) one plain space."""
    return " ".join(value.split())


def has_control_characters(value: str) -> bool:
    """Whether a value holds characters that nobody types on purpose: controls, bidi marks, surrogates."""
    return any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in value)
