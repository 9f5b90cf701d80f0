"""In SQL: whether a school sets marks in a subject (J-18, J-33)."""


def has_marks(school: str, subject: str) -> str:
    """A condition; both are SQL expressions. A school that has set nothing has marks in every subject."""
    return f"""NOT EXISTS (SELECT FROM school_settings unmarked
                   WHERE unmarked.school_id = {school} AND {subject} = ANY (unmarked.unmarked_subjects))"""
