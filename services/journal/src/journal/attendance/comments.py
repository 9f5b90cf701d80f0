"""A notice's comment at rest: it may tell of an illness (class P3), so the database cannot read it."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from shared.crypto import FieldPlace, FieldVault


@dataclass(frozen=True, slots=True)
class KeptComment:
    """What the row of a notice has of its comment; each notice has a data key of its own, wrapped by the master key."""

    data_key: bytes | None
    comment: bytes | None

    @classmethod
    def of(cls, vault: FieldVault, notice_id: UUID, comment: str | None) -> Self:
        """Make what the database keeps of a comment."""
        if comment is None:
            return cls(None, None)
        key, wrapped = vault.new_person_key()
        return cls(wrapped, key.encrypt(_place(notice_id), comment))

    def read(self, vault: FieldVault, notice_id: UUID) -> str | None:
        """The comment in clear.

        Raises:
            FieldUnreadable: another notice's, or kept under another master key.
        """
        if self.data_key is None or self.comment is None:
            return None
        return vault.open_person_key(self.data_key).decrypt(_place(notice_id), self.comment)


def _place(notice_id: UUID) -> FieldPlace:
    return FieldPlace("absence_notices", "comment", notice_id)
