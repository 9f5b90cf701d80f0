"""The metadata of this service's database; the rooms' tables attach themselves to it."""

from shared.db import metadata_for

metadata = metadata_for("delegation")
