"""Pieces of the diary's statements. PostgreSQL writes the JSON of a page itself: nothing is built row by row here."""

from journal.instants import instants


def name_of(alias: str) -> str:
    """«Орлова Марина Сергеевна», as `journal.roster.names.full_name` writes it."""
    return f"concat_ws(' ', {alias}.surname, {alias}.given_name, nullif({alias}.patronymic, ''))"


def average_of(products: str, weights: str, *, places: int = 2) -> str:
    """Σ(mark·weight)/Σ(weight) as text, half up, as `journal.marks.rules.weighted_average`; NULL if nothing weighs.

    Whole numbers until the last step: no rounding before the one that is shown.
    """
    scale = 10**places
    half_up = f"(2 * {scale} * ({products}) + ({weights})) / nullif(2 * ({weights}), 0)"
    return f"to_char(({half_up})::numeric / {scale}, 'FM990.{'0' * places}')"


COUNTS = "m.value IN ('1', '2', '3', '4', '5')"
"""Whether a mark has a number; the other values are words and left out of averages."""

MARK = f"""
    'mark_id', m.mark_id, 'value', m.value, 'control_form', f.name, 'category', f.category, 'weight', f.weight,
    'author', {name_of("a")}, {instants("m.posted_at", "m.changed_at")}, 'comment', m.comment
"""
"""A mark and its tooltip (J-10): what `json_build_object` is made of."""

MARKS = """
    marks m
    JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
    JOIN staff a ON a.school_id = m.school_id AND a.person_id = m.author_id
"""
