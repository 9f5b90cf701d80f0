from string import Formatter
from typing import get_args

import pytest

from notifications.dispatch.rules import NEVER_IN_THE_INBOX
from notifications.inbox.rules import CATEGORY, Kind
from notifications.templates.catalogue import TEMPLATES, newest, render
from notifications.templates.template import Template

every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: f"{t.kind}-{t.version}")


def named_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every_template
def test_variables_are_declared_and_used(template: Template) -> None:
    """N-10: an undeclared variable fails the build; so does one that a language does not show."""
    for language in ("ru", "en"):
        title, text = getattr(template.title, language), getattr(template.text, language)
        assert named_in(title) | named_in(text) == set(template.variables)
        assert named_in(getattr(template.sms, language) if template.sms else "") <= set(template.variables)
    assert set(template.sample) == set(template.variables)
    assert set(template.secret) <= set(template.variables)


@every_template
def test_every_text_is_translated(template: Template) -> None:
    """N-10: a missing translation fails the build."""
    russian = render(template.kind, template.version, template.sample, "ru")
    english = render(template.kind, template.version, template.sample, "en")
    for wording in (russian, english):
        assert wording.title.strip()
        assert wording.text.strip()
        assert "{" not in wording.title + wording.text
    assert russian.text != english.text


def test_every_kind_has_a_wording_and_a_category() -> None:
    kinds = set(get_args(Kind))
    assert kinds == set(CATEGORY)
    assert {template.kind for template in TEMPLATES} == kinds | NEVER_IN_THE_INBOX
    assert not kinds & NEVER_IN_THE_INBOX


def test_versions_of_a_kind_count_from_one() -> None:
    """N-10: a message keeps the version it was made with, so none may go missing."""
    for kind in {template.kind for template in TEMPLATES}:
        versions = [template.version for template in TEMPLATES if template.kind == kind]
        assert versions == list(range(1, newest(kind) + 1))


def test_braces_in_names_are_only_text() -> None:
    values = {"number": "{name.__class__} {0}"}
    assert "{name.__class__} {0}" in render("ticket_opened", 1, values, "ru").title


def test_values_of_newer_producers_are_shown_raw() -> None:
    assert "frozen" in render("ticket_status_changed", 1, {"number": "1", "status": "frozen"}, "en").text
