"""Validation errors for people: `{field, code, message}` in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.http.problems import FieldError
from shared.http.texts import Language, Text

_TEXTS: dict[str, Text] = {
    "missing": Text(ru="Обязательное поле", en="This field is required"),
    "extra_forbidden": Text(ru="Неизвестное поле", en="Unknown field"),
    "string_type": Text(ru="Должна быть строка", en="Must be text"),
    "string_nul": Text(ru="Недопустимый символ NUL", en="The character NUL is not allowed"),
    "string_unicode": Text(ru="Недопустимые символы", en="Characters that are not valid Unicode"),
    "string_too_short": Text(ru="Символов не меньше {min_length}", en="At least {min_length} characters"),
    "string_too_long": Text(ru="Символов не больше {max_length}", en="At most {max_length} characters"),
    "string_pattern_mismatch": Text(ru="Неверный формат", en="Wrong format"),
    "int_type": Text(ru="Должно быть целое число", en="Must be a whole number"),
    "int_parsing": Text(ru="Должно быть целое число", en="Must be a whole number"),
    "int_from_float": Text(ru="Должно быть целое число", en="Must be a whole number"),
    "int_parsing_size": Text(ru="Число слишком велико", en="The number is too large"),
    "float_type": Text(ru="Должно быть число", en="Must be a number"),
    "float_parsing": Text(ru="Должно быть число", en="Must be a number"),
    "decimal_type": Text(ru="Должно быть число", en="Must be a number"),
    "decimal_parsing": Text(ru="Должно быть число", en="Must be a number"),
    "finite_number": Text(ru="Должно быть конечное число", en="Must be a finite number"),
    "bool_type": Text(ru="Должно быть true или false", en="Must be true or false"),
    "bool_parsing": Text(ru="Должно быть true или false", en="Must be true or false"),
    "greater_than": Text(ru="Должно быть больше {gt}", en="Must be greater than {gt}"),
    "greater_than_equal": Text(ru="Должно быть не меньше {ge}", en="Must be at least {ge}"),
    "less_than": Text(ru="Должно быть меньше {lt}", en="Must be less than {lt}"),
    "less_than_equal": Text(ru="Должно быть не больше {le}", en="Must be at most {le}"),
    "literal_error": Text(ru="Допустимые значения: {expected}", en="Allowed values: {expected}"),
    "enum": Text(ru="Допустимые значения: {expected}", en="Allowed values: {expected}"),
    "uuid_type": Text(ru="Должен быть UUID", en="Must be a UUID"),
    "uuid_parsing": Text(ru="Должен быть UUID", en="Must be a UUID"),
    "uuid_version": Text(ru="Должен быть UUID другой версии", en="Must be a UUID of another version"),
    "date_type": Text(ru="Должна быть дата ГГГГ-ММ-ДД", en="Must be a date YYYY-MM-DD"),
    "date_parsing": Text(ru="Должна быть дата ГГГГ-ММ-ДД", en="Must be a date YYYY-MM-DD"),
    "date_from_datetime_parsing": Text(ru="Должна быть дата ГГГГ-ММ-ДД", en="Must be a date YYYY-MM-DD"),
    "date_from_datetime_inexact": Text(ru="Должна быть дата без времени", en="Must be a date without a time"),
    "time_type": Text(ru="Должно быть время ЧЧ:ММ", en="Must be a time HH:MM"),
    "time_parsing": Text(ru="Должно быть время ЧЧ:ММ", en="Must be a time HH:MM"),
    "datetime_type": Text(ru="Должны быть дата и время ISO 8601", en="Must be an ISO 8601 date and time"),
    "datetime_parsing": Text(ru="Должны быть дата и время ISO 8601", en="Must be an ISO 8601 date and time"),
    "datetime_from_date_parsing": Text(ru="Должны быть дата и время ISO 8601", en="Must be an ISO 8601 date and time"),
    "timezone_aware": Text(ru="Укажите часовой пояс", en="Give the time zone"),
    "list_type": Text(ru="Должен быть список", en="Must be a list"),
    "tuple_type": Text(ru="Должен быть список", en="Must be a list"),
    "set_type": Text(ru="Должен быть список", en="Must be a list"),
    "too_short": Text(ru="Элементов не меньше {min_length}", en="At least {min_length} items"),
    "too_long": Text(ru="Элементов не больше {max_length}", en="At most {max_length} items"),
    "dict_type": Text(ru="Должен быть объект", en="Must be an object"),
    "model_type": Text(ru="Должен быть объект", en="Must be an object"),
    "model_attributes_type": Text(ru="Должен быть объект", en="Must be an object"),
    "union_tag_invalid": Text(ru="Допустимые значения: {expected_tags}", en="Allowed: {expected_tags}"),
    "union_tag_not_found": Text(ru="Не указан вид ({discriminator})", en="The kind is missing ({discriminator})"),
    "none_required": Text(ru="Должно быть null", en="Must be null"),
    "url_parsing": Text(ru="Должна быть ссылка", en="Must be a URL"),
    "url_scheme": Text(ru="Недопустимый вид ссылки", en="This kind of URL is not allowed"),
}
_EMPTY: dict[str, Text] = {
    "string_too_short": Text(ru="Заполните поле", en="Must not be empty"),
    "too_short": Text(ru="Список пуст", en="The list is empty"),
}
"""Instead, where one is enough: people do not count what is not there."""
_WRONG = "Неверное значение"


def field_errors(errors: Sequence[Mapping[str, Any]], language: Language) -> list[FieldError]:
    """Translate pydantic's errors; the wrong values themselves are not repeated."""
    return [
        FieldError(field=field_name(error.get("loc", ())), code=error["type"], message=_message(error, language))
        for error in errors
    ]


def field_name(location: Sequence[str | int]) -> str:
    """Write a location like `body.rows[2].value`."""
    name = ""
    for part in location:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _message(error: Mapping[str, Any], language: Language) -> str:
    context = error.get("ctx") or {}
    known = _TEXTS.get(error["type"])
    if context.get("min_length") == 1:
        known = _EMPTY.get(error["type"], known)
    if known is not None:
        if language == "ru" and isinstance(context.get("expected"), str):
            # Pydantic joins the last of several values in English.
            context = {**context, "expected": context["expected"].replace("' or '", "' или '")}
        return known.format(language, **context)
    # An error of a service's own validator brings both languages along in its context.
    if isinstance(context.get(language), str):
        return str(context[language])
    return str(error["msg"]) if language == "en" else _WRONG
