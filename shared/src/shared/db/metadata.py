"""A service's tables: one naming convention, and the tables that the kit brings along."""

from sqlalchemy import MetaData

from shared.access.cutoffs import token_cutoff_table
from shared.bus import schema as bus_schema
from shared.http.idempotency import idempotency_table

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
"""PostgreSQL's own style of names, so that what alembic makes and what hand-written SQL makes look alike."""


def metadata_for(service: str) -> MetaData:
    """The metadata of one service's database, with the bus and the kit's tables in it."""
    metadata = MetaData(naming_convention=NAMES, info={"service": service})
    bus_schema.attach(metadata)
    idempotency_table(metadata)
    token_cutoff_table(metadata)
    return metadata
