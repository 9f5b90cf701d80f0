"""The town on one machine: what runs, with which settings, in which order; and each service alone."""

from town.up.table import SERVICES
from town.up.town import Town

__all__ = ["SERVICES", "Town"]
