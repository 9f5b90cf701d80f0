from identity.schema import metadata
from shared.db.migrate import run

run(metadata)
