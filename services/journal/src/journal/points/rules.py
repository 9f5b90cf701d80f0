"""Rules of points, without any I/O."""

from typing import Literal

PointKind = Literal["debt", "retake", "planned"]
PointState = Literal["open", "settled", "vanished", "withdrawn"]

REMINDED_FROM_HOUR, REMINDED_UNTIL_HOUR = 8, 20
"""Families are reminded in the daytime of the school's own clock (J-15)."""
