"""PostgreSQL: one engine a process, one transaction a use case, migrations."""

from shared.db.database import Database
from shared.db.metadata import metadata_for
from shared.db.numbers import take_number
from shared.db.statement import Statement, driver_of
from shared.db.uow import Tx, UnitOfWork

__all__ = ["Database", "Statement", "Tx", "UnitOfWork", "driver_of", "metadata_for", "take_number"]
