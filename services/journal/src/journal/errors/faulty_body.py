"""A plan that is refused as a whole, with all that is wrong in it named at once."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shared.http import Text, Unprocessable
from shared.http.texts import Language


class FaultyBody(Unprocessable):
    """Base: what stands in the body contradicts itself or the school; nothing of it was taken.

    Args:
        faults: the place in the body, as `PLACE` takes it, and what is wrong there, a key of `FAULTS`.
    """

    detail = Text(ru="Ошибок: {count}. Ничего не сохранено.", en="Mistakes: {count}. Nothing was saved.")

    FAULTS: ClassVar[Mapping[str, Text]] = {}
    PLACE: ClassVar[str] = "body.{}"

    def __init__(self, faults: Sequence[tuple[str | int, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with its faults in one language."""
        errors = [
            {"field": self.PLACE.format(place), "code": fault, "message": self.FAULTS[fault].format(language)}
            for place, fault in self.faults
        ]
        return {**super().render(language, instance), "errors": errors}
