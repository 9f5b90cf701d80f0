"""Addresses of the portal's pages that messages lead to.

A secret stands behind `#`: browsers keep a fragment to themselves, so it reaches no server's log and no referrer.
"""

import re
from typing import Final

_SECRET = re.compile(r"[A-Za-z0-9._~-]{1,512}")
PAGE_OF_PURPOSE: Final = {
    "registration": "confirm",
    "contact_change": "confirm",
    "recovery": "new-password",
    "sign_in": "sign-in",
}
"""Where the link of a one-time message leads (I-2)."""
NOT_ME: Final = "not-me"
"""«Это не я» (I-21)."""


class NoSecret(ValueError):
    """A text that cannot stand in a link; it is not repeated here."""


def page_with(portal: str, page: str, secret: object) -> str:
    """The address of a portal's page that is handed a secret.

    Raises:
        NoSecret: the secret is something else, for example an address of its own (N-3: never taken from data).
    """
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        raise NoSecret
    return f"{portal.rstrip('/')}/{page}#{secret}"
