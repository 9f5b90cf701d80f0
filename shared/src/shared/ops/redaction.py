"""Nothing of P3 or P4 reaches a log (law 7): by key, and by the look of values for what slips through."""

import re
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any

_HIDDEN = "***"
_KEYS = re.compile(
    r"phone|e_?mail|snils|passw|token|authorization|cookie|secret|passport|birth|otp|credential|private_key"
    r"|api_?key|sealing|lookup_key|master_key|reason_for_absence",
    re.IGNORECASE,
)
# Each with what a text must hold for it to be found at all: most texts are seen through without a search.
_VALUES = (
    # e-mail addresses
    ("@", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    # JWTs and JWEs
    ("eyJ", re.compile(r"eyJ[\w-]{8,}\.[\w-]*\.[\w-]*(?:\.[\w-]*){0,2}")),
    # СНИЛС as people write it: 112-233-445 95
    ("-", re.compile(r"(?<![\w-])\d{3}-\d{3}-\d{3}[ -]?\d{2}(?![\w-])")),
    # Russian phone numbers: +7…, 8…, with brackets, spaces, dashes; 11 digits run together are СНИЛС or phone
    ("", re.compile(r"(?<![\w.-])(?:\+7|8|7)[ -]?\(?\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}(?![\w-])")),
    ("", re.compile(r"(?<![\w.-])\d{11}(?![\w.-])")),
)


def mask(text: str) -> str:
    """Hide what looks like an address, a phone, a СНИЛС or a token."""
    for sign, pattern in _VALUES:
        if sign in text:
            text = pattern.sub(_HIDDEN, text)
    return text


@lru_cache(maxsize=1024)
def _hides(key: str) -> bool:
    return _KEYS.search(key) is not None


def redact(value: Any) -> Any:
    """Hide secrets anywhere within a loggable value."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: _HIDDEN if isinstance(key, str) and _hides(key) else redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return mask(str(value))


def redacting_processor(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Redact a whole log entry; the last structlog processor before the renderer."""
    return {key: _HIDDEN if not key.startswith("_") and _hides(key) else redact(item) for key, item in event.items()}
