"""What an account says it is. Pure."""

from typing import Literal

Role = Literal["pupil", "representative"]
"""«Я — ученик / законный представитель»: decides which records of a school may be the account's own (I-19)."""
