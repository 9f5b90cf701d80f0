"""Behaviour in words, not in marks (J-24)."""

from typing import Literal, get_args

Rating = Literal["exemplary", "good", "uneven", "poor"]
"""Примерное, хорошее, неровное, неудовлетворительное."""

RATINGS: tuple[str, ...] = get_args(Rating)
