"""Pages from templates in which every value is escaped, unless it is markup made here."""

import html
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "html"


class Markup(str):
    """HTML that was made by `fill`; any other text is escaped when it is put into a page."""

    __slots__ = ()


def fill(template: str, **values: str) -> Markup:
    """Fill a template of `html/`; a value that is missing is an error."""
    safe = {name: value if isinstance(value, Markup) else html.escape(value) for name, value in values.items()}
    return Markup(_template(template).substitute(safe).rstrip("\n"))


def joined(parts: Iterable[Markup]) -> Markup:
    """Put pieces of markup one after the other."""
    return Markup("\n".join(parts))


def element(tag: str, content: str, **attributes: str | None) -> Markup:
    """One element; attributes that are None are left out, `_` in their names is `-`."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = content if isinstance(content, Markup) else html.escape(content)
    return Markup(f"<{tag}{written}>{inner}</{tag}>")


@cache
def style() -> Markup:
    """The style sheet, to stand within the page: one request shows everything."""
    return Markup((_FOLDER / "style.css").read_text("utf-8").strip())


@cache
def content_security_policy() -> str:
    """Nothing but our own style; the form posts to ourselves; nobody frames us."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / f"{name}.html").read_text("utf-8"))
