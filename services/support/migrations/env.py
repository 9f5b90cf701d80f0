from shared.db.migrate import run
from support.schema import metadata

run(metadata)
