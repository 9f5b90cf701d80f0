"""The words of papers and workbooks, in the language of the reader."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.http import Language, Text

_WORDS: Mapping[str, Text] = MappingProxyType({
    "journal": Text(ru="Классный журнал", en="Class journal"),
    "performance": Text(ru="Табель успеваемости", en="Performance"),
    "marks": Text(ru="Оценки", en="Marks"),
    "topics": Text(ru="Темы и задания", en="Topics and homework"),
    "class": Text(ru="Класс", en="Class"),
    "subject": Text(ru="Предмет", en="Subject"),
    "period": Text(ru="Период", en="Period"),
    "school_year": Text(ru="Учебный год", en="School year"),
    "teacher": Text(ru="Учитель", en="Teacher"),
    "pupil": Text(ru="Ученик", en="Pupil"),
    "date": Text(ru="Дата", en="Date"),
    "lesson": Text(ru="Урок", en="Lesson"),
    "topic": Text(ru="Тема урока", en="Topic"),
    "homework": Text(ru="Задание к уроку", en="Homework due"),
    "weighted": Text(ru="Средневзв.", en="Weighted"),
    "mean": Text(ru="Среднее", en="Mean"),
    "missed": Text(ru="Пропуски", en="Absent"),
    "late": Text(ru="Опоздания", en="Late"),
    "of_period": Text(ru="За период", en="Period"),
    "of_year": Text(ru="Год", en="Year"),
    "printed": Text(ru="Сформировано", en="Made on"),
    "page": Text(ru="стр.", en="page"),
    "of": Text(ru="из", en="of"),
    "signature": Text(ru="Подпись", en="Signature"),
    "deputy": Text(ru="Заместитель директора", en="Deputy head"),
    "class_teacher": Text(ru="Классный руководитель", en="Class teacher"),
    "representative": Text(ru="Родитель (законный представитель)", en="Parent or guardian"),
    "absent_sign": Text(ru="н", en="н"),
    "late_sign": Text(ru="оп", en="оп"),
    "point_sign": Text(ru="•", en="•"),
    "legend": Text(
        ru="н — не был на уроке; оп — опоздал; • — точка: долг, пересдача или запланированная работа.",
        en="н: absent; оп: late; •: a point, that is a debt, a retake or a planned work.",
    ),
    "empty": Text(ru="В эти дни уроков не было.", en="There were no lessons in these days."),
    "no_marks": Text(ru="За этот период записей нет.", en="Nothing was noted in this period."),
})  # fmt: skip


def words(language: Language) -> dict[str, str]:
    """All of them in one language."""
    return {name: text.format(language) for name, text in _WORDS.items()}
