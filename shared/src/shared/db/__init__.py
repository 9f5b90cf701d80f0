"""PostgreSQL: one engine a process, one transaction a use case, migrations."""

from shared.db.database import Database
from shared.db.metadata import metadata_for
from shared.db.uow import Tx, UnitOfWork

__all__ = ["Database", "Tx", "UnitOfWork", "metadata_for"]
