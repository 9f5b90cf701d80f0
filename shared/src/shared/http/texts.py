"""Texts for people in the two languages of the product, and which of them a caller wants."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ru", "en"]
DEFAULT: Language = "ru"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; may have `{fields}`."""

    ru: str
    en: str

    def format(self, language: Language, **fields: object) -> str:
        """Answer the text in one language with its fields filled in."""
        template = self.ru if language == "ru" else self.en
        return template.format(**fields) if fields else template


def choose_language(accept_language: str | None) -> Language:
    """Choose by the header `Accept-Language` (RFC 9110 §12.5.4); Russian if it says neither."""
    best: tuple[float, Language] | None = None
    for item in (accept_language or "").split(",")[:20]:
        tag, _, parameters = item.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        quality = _quality(parameters)
        language: Language | None = {"ru": "ru", "en": "en", "*": DEFAULT}.get(primary)  # type: ignore[assignment] # mypy widens the literals of a dict
        # On equal quality the first named wins, therefore «greater» and not «at least».
        if language and quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return best[1] if best else DEFAULT


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
