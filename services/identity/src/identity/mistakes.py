"""What can be wrong with a bundle. Every mistake names file, line, column and rule; all are reported at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Language = Literal["ru", "en"]

RULES = MappingProxyType({
    "archive_broken": ("Это не архив ZIP, или он повреждён.", "This is not a ZIP archive, or it is damaged."),
    "archive_too_large": (
        "Архив или файл в нём больше разрешённого: {limit}.",
        "The archive, or a file in it, is over the limit: {limit}.",
    ),
    "archive_path": (
        "Файлы должны лежать в корне архива под именами OneRoster, без папок и ссылок.",
        "Files must lie at the root of the archive under their OneRoster names, without folders or links.",
    ),
    "archive_encrypted": ("Архив закрыт паролем.", "The archive is protected by a password."),
    "file_repeated": ("Файл встречается в архиве дважды.", "The file stands in the archive twice."),
    "file_missing": ("В архиве нет этого файла.", "The archive lacks this file."),
    "not_utf8": ("Текст не в кодировке UTF-8.", "The text is not UTF-8."),
    "csv_broken": ("Строка не читается как CSV (RFC 4180).", "The line is not readable as CSV (RFC 4180)."),
    "column_missing": ("Нет столбца.", "The column is missing."),
    "column_repeated": ("Столбец встречается дважды.", "The column stands twice."),
    "field_count": (
        "Полей в строке: {found}, в заголовке: {expected}.",
        "The line has {found} fields, the header {expected}.",
    ),
    "required": ("Значение обязательно.", "A value is required."),
    "too_long": ("Длиннее {limit} знаков.", "Longer than {limit} characters."),
    "characters": ("Недопустимые знаки.", "Characters that may not stand here."),
    "choice": ("Допустимо только: {allowed}.", "Only these are allowed: {allowed}."),
    "date": ("Это не дата вида ГГГГ-ММ-ДД.", "This is not a date of the form YYYY-MM-DD."),
    "date_order": ("Конец раньше начала.", "The end is before the beginning."),
    "birth_date": ("Дата рождения в будущем или до 1900 года.", "The birth date is in the future or before 1900."),
    "name": ("Это не может быть именем.", "This cannot be a name."),
    "phone": ("Это не номер телефона.", "This is not a phone number."),
    "email": ("Это не адрес электронной почты.", "This is not an e-mail address."),
    "snils": (
        "Это не СНИЛС: 11 цифр с верным контрольным числом.",
        "This is not a СНИЛС: 11 digits with a right check number.",
    ),
    "username": (
        "Это не логин: от 3 до 64 букв, цифр, точек, дефисов.",
        "This is not a login: 3 to 64 letters, digits, dots, dashes.",
    ),
    "password": ("Пароль от 8 знаков до 256 байт.", "A password has 8 characters to 256 bytes."),
    "time_zone": ("Такого часового пояса нет.", "There is no such time zone."),
    "class_name": ("Это не название класса: от 1 до 11 и буква.", "Not a name of a class: 1 to 11 and a letter."),
    "class_repeated": (
        "Класс уже есть в строке {first_line}: 7«А», 7-А и 7А — один класс.",
        "The class already stands in line {first_line}: 7«А», 7-А and 7А are one class.",
    ),
    "id_repeated": (
        "Такое значение уже есть в строке {first_line}.",
        "This value already stands in line {first_line}.",
    ),
    "reference": ("В файле {target} нет такого sourcedId.", "There is no such sourcedId in {target}."),
    "one_school": ("В архиве должна быть ровно одна школа.", "The bundle must hold exactly one school."),
    "one_year": ("Нужен ровно один учебный год (schoolYear).", "Exactly one schoolYear is needed."),
    "bulk_only": ("Принимается только полная выгрузка (bulk).", "Only bulk files are accepted."),
    "version": ("Принимается OneRoster 1.2.", "OneRoster 1.2 is accepted."),
    "role_missing": ("У человека нет роли в roles.csv.", "The person has no role in roles.csv."),
    "enrolled_twice": (
        "Ученик уже зачислен в класс в строке {first_line}.",
        "The pupil is already enrolled in line {first_line}.",
    ),
    "homeroom": ("Нужен класс (homeroom), а не предмет класса.", "A homeroom is needed, not a subject of a class."),
    "group_class": ("Ученик этой группы учится в другом классе.", "This pupil of the group is in another class."),
    "not_a_pupil": ("Этот человек не ученик.", "This person is not a pupil."),
    "pupil": ("Этот человек — ученик.", "This person is a pupil."),
    "contact_taken": (
        "Подтверждённый контакт уже есть в строке {first_line}: он принадлежит одному человеку.",
        "The proved contact already stands in line {first_line}: it belongs to one person.",
    ),
    "username_taken": ("Такой логин уже занят.", "This login is already taken."),
})  # fmt: skip
"""Rule → what to tell, in Russian and in English. The codes are part of the API."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to put right. Carries no value of the file: a bundle is personal data, a report is read by many."""

    file: str
    rule: str
    line: int | None = None
    """Line of the file as an editor counts, from 1; None when the file as a whole is meant."""
    column: str | None = None
    details: MappingProxyType[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def message(self, language: Language) -> str:
        """What to do about it, for a reader of this language."""
        return RULES[self.rule][0 if language == "ru" else 1].format_map(self.details)


class Mistakes:
    """Collects mistakes while a bundle is read; reading goes on, so that a clerk corrects all in one go."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[Mistake] = []

    def add(
        self, file: str, rule: str, line: int | None = None, column: str | None = None, **details: str | int
    ) -> None:
        """Note one mistake; `rule` is a key of `RULES`, `details` fill its text."""
        self._found.append(Mistake(file, rule, line, column, MappingProxyType(details)))

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Mistake]:
        """In the order of files and lines."""
        return iter(sorted(self._found, key=lambda mistake: (mistake.file, mistake.line or 0, mistake.column or "")))
