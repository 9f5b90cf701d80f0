"""Pure rules of membership."""

from datetime import date
from typing import Literal
from uuid import UUID

AdmittedRole = Literal["subject_teacher", "class_teacher", "deputy", "school_administrator", "agent"]
"""What can be given by hand. A director comes with the school's bundle: nobody makes himself one."""

Fault = Literal["class_needed", "class_not_meant", "subject_needed", "subject_not_meant", "term_order"]


def fault_of(
    role: AdmittedRole, class_id: UUID | None, subject_id: UUID | None, first: date, last: date | None
) -> tuple[str, Fault] | None:
    """The field at fault and why, or None: a subject teacher has class and subject, a class teacher a class (I-12)."""
    needs_class = role in {"subject_teacher", "class_teacher"}
    if needs_class != (class_id is not None):
        return "class_id", "class_needed" if needs_class else "class_not_meant"
    needs_subject = role == "subject_teacher"
    if needs_subject != (subject_id is not None):
        return "subject_id", "subject_needed" if needs_subject else "subject_not_meant"
    if last is not None and last < first:
        return "valid_until", "term_order"
    return None
