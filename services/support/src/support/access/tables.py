"""The access edges of agents."""

from shared.access import access_table
from support.schema import metadata

access_edges = access_table(metadata)
