"""Rules for a timetable and its file; each is quoted with its code in the answer to a broken file."""

from journal.mistakes import FileRule
from shared.http import Text

ENCODING_UNKNOWN = FileRule(
    "encoding_unknown",
    Text(
        ru="Нужен файл CSV в кодировке UTF-8 или Windows-1251: сохраните таблицу как CSV",
        en="A CSV file in UTF-8 or Windows-1251 is needed: save the sheet as CSV",
    ),
)
EMPTY_FILE = FileRule("empty_file", Text(ru="В файле нет ни одной строки", en="The file has no line"))
BROKEN_CSV = FileRule(
    "broken_csv",
    Text(
        ru="Строка нарушает правила CSV: проверьте кавычки и разделители",
        en="The line breaks the rules of CSV: check quotes and separators",
    ),
)
COLUMN_MISSING = FileRule("column_missing", Text(ru="Нет столбца {name}", en="The column {name} is missing"))
COLUMN_UNKNOWN = FileRule("column_unknown", Text(ru="Неизвестный столбец", en="Unknown column"))
COLUMN_TWICE = FileRule("column_twice", Text(ru="Столбец указан дважды", en="The column stands twice"))
FIELD_COUNT = FileRule(
    "field_count",
    Text(ru="В строке {found} значений, а столбцов {expected}", en="{found} values in the line, {expected} columns"),
)
REQUIRED = FileRule("required", Text(ru="Значение обязательно", en="A value is required"))
TOO_LONG = FileRule("too_long", Text(ru="Не длиннее {limit} символов", en="At most {limit} characters"))
CONTROL_CHARACTER = FileRule(
    "control_character", Text(ru="Недопустимый управляющий символ", en="A control character is not allowed")
)
BAD_DATE = FileRule(
    "bad_date", Text(ru="Должна быть дата ГГГГ-ММ-ДД или ДД.ММ.ГГГГ", en="Must be a date YYYY-MM-DD or DD.MM.YYYY")
)
BAD_TIME = FileRule("bad_time", Text(ru="Должно быть время ЧЧ:ММ", en="Must be a time HH:MM"))
BAD_NUMBER = FileRule("bad_number", Text(ru="Номер урока — целое от 0 до 15", en="A lesson number is 0 to 15"))
ENDS_BEFORE_START = FileRule(
    "ends_before_start", Text(ru="Урок кончается раньше, чем начинается", en="The lesson ends before it starts")
)
OUTSIDE_YEAR = FileRule(
    "outside_school_year",
    Text(ru="Дата вне учебного года ({first} — {last})", en="The date is outside the school year ({first} – {last})"),
)
UNKNOWN_CLASS = FileRule("unknown_class", Text(ru="В школе нет такого класса", en="The school has no such class"))
UNKNOWN_SUBJECT = FileRule(
    "unknown_subject", Text(ru="В школе нет такого предмета", en="The school has no such subject")
)
UNKNOWN_TEACHER = FileRule(
    "unknown_teacher", Text(ru="В школе нет такого учителя", en="The school has no such teacher")
)
UNKNOWN_GROUP = FileRule("unknown_group", Text(ru="В школе нет такой группы", en="The school has no such group"))
GROUP_OF_ANOTHER_CLASS = FileRule(
    "group_of_another_class", Text(ru="Это группа другого класса", en="The group is part of another class")
)
GROUP_OF_ANOTHER_SUBJECT = FileRule(
    "group_of_another_subject", Text(ru="Эта группа учит другой предмет", en="The group learns another subject")
)
LESSON_TWICE = FileRule(
    "lesson_twice",
    Text(
        ru="У класса или группы уже есть урок с этим номером в этот день ({other})",
        en="The class or group has a lesson of this number on this day already ({other})",
    ),
)
CLASS_TWICE = FileRule(
    "class_twice", Text(ru="Класс в это время на другом уроке: {other}", en="The class is at another lesson: {other}")
)
GROUP_TWICE = FileRule(
    "group_twice", Text(ru="Группа в это время на другом уроке: {other}", en="The group is at another lesson: {other}")
)
GROUPS_SHARE_PUPILS = FileRule(
    "groups_share_pupils",
    Text(
        ru="В двух группах одни и те же ученики, а уроки идут в одно время: {other}",
        en="The two groups have pupils in common, and their lessons are at the same time: {other}",
    ),
)
TEACHER_TWICE = FileRule(
    "teacher_twice",
    Text(ru="Учитель в это время на другом уроке: {other}", en="The teacher is at another lesson: {other}"),
)
ROOM_TWICE = FileRule("room_twice", Text(ru="Кабинет в это время занят: {other}", en="The room is taken: {other}"))
HAS_MARKS = FileRule(
    "lesson_has_marks",
    Text(
        ru="На этом уроке уже стоят оценки: предмет изменить нельзя",
        en="Marks stand in this lesson: its subject cannot change",
    ),
)
CHANGED_BY_HAND = FileRule(
    "lesson_changed_by_hand",
    Text(
        ru="На этом уроке замена или он отменён: сначала верните его к расписанию",
        en="The lesson has a substitution or is cancelled: bring it back to its plan first",
    ),
)
ROOM_UNKNOWN = FileRule(
    "room_unknown",
    Text(ru="Такого кабинета нет в списке кабинетов школы", en="The room is not in the school's list of rooms"),
)
