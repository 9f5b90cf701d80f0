"""What people type when they register. Importing a file makes its classes known, and their order is this one."""

from . import written_differently, slips_and_changes, outsiders  # noqa: F401, I001
from .cases import WRITTEN_DIFFERENTLY, Case, register

__all__ = ["WRITTEN_DIFFERENTLY", "Case", "register"]
