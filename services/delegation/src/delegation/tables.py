"""All tables of the service: importing this fills the metadata."""

from delegation.grants import tables as grants
from delegation.invitations import tables as invitations
from delegation.people import tables as people
from delegation.schema import metadata

ROOMS = (people, grants, invitations)

__all__ = ["ROOMS", "metadata"]
