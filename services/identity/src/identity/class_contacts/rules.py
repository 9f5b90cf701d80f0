"""Pure rules of the class teacher's register."""

from collections.abc import Mapping
from datetime import timedelta

CONTACTS = ("phone", "email")

REMEMBERED_FOR = timedelta(days=30)
"""One contact today and the other tomorrow is both: what a teacher replaced alone counts for so long."""


def needs_second_person(
    *, has_access: bool, stood: Mapping[str, bytes | None], will_stand: Mapping[str, bytes | None]
) -> bool:
    """Whether a change leaves a person who has access without a contact that the person was known by (I-14).

    Whoever replaces both contacts could hand the record to somebody else, and nobody would be told.

    Args:
        has_access: an account is bound to the record.
        stood: keyed hashes of phone and e-mail as they were before one teacher alone began to change them.
        will_stand: the same after this change.
    """
    return has_access and all(
        stood[contact] is not None and stood[contact] != will_stand[contact] for contact in CONTACTS
    )
