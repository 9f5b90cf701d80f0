"""What is wrong with an uploaded file, and where: file, line, column and the rule that was broken."""

from dataclasses import dataclass, field

from shared.http import Text
from shared.http.texts import Language


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule for files; `code` is stable, the text may have `{fields}`."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Mistake:
    """One broken rule at one place; `line` counts from 1 with the header, `column` is its name in the header."""

    file: str
    line: int | None
    column: str | None
    rule: FileRule
    values: dict[str, object] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """«timetable.csv:12:room», as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def message(self, language: Language) -> str:
        """The rule in words."""
        return self.rule.text.format(language, **self.values)
