"""All wordings. A released version is never edited: a message keeps the one it was made with (N-10).

To change a text, add the next version below the old one; new messages take the highest.
"""

from collections.abc import Mapping
from typing import Final

from notifications.templates.diary import DIARY
from notifications.templates.school import SCHOOL
from notifications.templates.school_day import SCHOOL_DAY
from notifications.templates.security import SECURITY
from notifications.templates.support import SUPPORT
from notifications.templates.template import Template, Wording
from shared.http.texts import Language

TEMPLATES: Final[tuple[Template, ...]] = (*DIARY, *SCHOOL_DAY, *SUPPORT, *SECURITY, *SCHOOL)

_BY_KIND: Final = {(template.kind, template.version): template for template in TEMPLATES}
_NEWEST: Final = {
    kind: max(t.version for t in TEMPLATES if t.kind == kind) for kind in {template.kind for template in TEMPLATES}
}


def newest(kind: str) -> int:
    """The version that a message made now keeps."""
    return _NEWEST[kind]


def render(kind: str, version: int, values: Mapping[str, object], language: Language) -> Wording:
    """Fill in a template.

    Args:
        kind: What happened.
        version: The version that the message was made with.
        values: The template's variables, as JSON gives them.
        language: The reader's.
    """
    template = _BY_KIND[kind, version]
    shown = {name: show(values[name], language) for name, show in template.variables.items()}
    return Wording(
        template.title.format(language, **shown),
        template.text.format(language, **shown),
        template.sms.format(language, **shown) if template.sms else None,
    )
