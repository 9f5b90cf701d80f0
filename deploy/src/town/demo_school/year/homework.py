"""What is to be done at home from lesson to lesson, and what to bring in the school's week."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from town.demo_school.year.course import PLACE, Course, Held, Key
from town.demo_school.year.entries import Row

COLUMNS = (
    *PLACE, "text", "assigned_on", "kind", "mandatory",
    "minutes", "link",
)  # fmt: skip
BACKPACK_COLUMNS = (*PLACE, "title", "grams")

_FIRST_GRADE_WITH_HOMEWORK = 2
_USUALLY, _RARELY = 0.82, 0.12

_Text = Callable[[Random, int], str]
"""From a stream and how many lessons there were."""


def _page(turn: int) -> int:
    return 1 + turn // 2


def _numbers(rng: Random, turn: int) -> str:
    first = turn * 4 + rng.randint(1, 3)
    return f"§ {_page(turn)}, № {first}, {first + 1}, {first + rng.randint(2, 3)}"


_TEXTS: dict[str, tuple[_Text, ...]] = {
    "math": (_numbers, _numbers, lambda _, turn: f"§ {_page(turn)}: выучить правило, карточка {turn % 6 + 1}"),
    "russian": (
        lambda rng, turn: f"§ {_page(turn)}, упр. {turn * 3 + rng.randint(1, 3)}",
        lambda rng, turn: f"Упр. {turn * 3 + rng.randint(1, 3)}, выучить словарные слова",
    ),
    "literature": (
        lambda _, turn: f"Читать с. {turn * 4 + 5}–{turn * 4 + 12}, ответить на вопросы",
        lambda _, turn: f"Пересказ, с. {turn * 4 + 5}–{turn * 4 + 9}",
        lambda _, __: "Выучить наизусть отрывок на выбор",
    ),
    "english": (
        lambda rng, turn: f"Student’s Book, p. {turn + 6}, ex. {rng.randint(2, 6)}; выучить слова",
        lambda rng, turn: f"Workbook, p. {turn // 2 + 4}, ex. {rng.randint(1, 3)}–4",
    ),
    "physics": (_numbers, lambda rng, turn: f"§ {_page(turn)}, упр. {_page(turn)}({rng.randint(1, 3)}, 4)"),
    "chemistry": (lambda rng, turn: f"§ {_page(turn)}, вопросы 1–{rng.randint(3, 5)}, составить уравнения реакций",),
    "geography": (lambda _, turn: f"§ {_page(turn)}, контурная карта с. {turn % 16 + 2}",),
    "informatics": (lambda _, turn: f"§ {_page(turn)}, рабочая тетрадь: задания {turn * 4 + 1}–{turn * 4 + 4}",),
    "music": (lambda _, __: "Послушать произведение, записать впечатления",),
    "art": (lambda _, __: "Закончить работу, принести краски",),
    "technology": (lambda _, __: "Подобрать материалы к проекту",),
    "pe": (lambda _, __: "Комплекс утренней зарядки",),
}
_USUAL: tuple[_Text, ...] = (
    lambda rng, turn: f"§ {_page(turn)}, вопросы 1–{rng.randint(3, 6)} устно",
    lambda _, turn: f"§ {_page(turn)} читать, записать определения",
)
_PREPARE = {
    "Сочинение": "Подготовиться к сочинению",
    "Контрольный диктант": "Подготовиться к диктанту",
    "Контрольная работа": "Подготовиться к контрольной работе",
}
_RARE = frozenset({"music", "art", "technology", "pe"})
_MINUTES = {2: 15, 3: 20, 4: 20, 5: 20, 6: 20, 7: 20, 8: 20, 9: 25, 10: 25, 11: 25}


def homework(course: Course, cancelled: frozenset[Key]) -> Iterator[Row]:
    """The tasks that were given, up to the last lesson before the year so far ends; they may be for lessons to come."""
    rng = course.rng("homework")
    found: list[Row] = []
    for lessons in course.of_teaching.values():
        for before, held in pairwise(lessons):
            row = _task(before, held, rng)
            given = before.day < course.until and before.key not in cancelled and held.key not in cancelled
            if row is not None and given and held.day > before.day:
                found.append(row)
    yield from sorted(found, key=lambda row: (row["date"], row["class_source_id"], row["lesson_number"]))


def _task(before: Held, held: Held, rng: Random) -> Row | None:
    grade, key = held.teaching.school_class.grade, held.teaching.subject.key
    often = _RARELY if key in _RARE else _USUALLY
    if grade < _FIRST_GRADE_WITH_HOMEWORK or key == "homeroom" or rng.random() >= often:
        return None
    text = rng.choice(_TEXTS.get(key, _USUAL))(rng, before.turn)
    minutes = max(10, _MINUTES[grade] + rng.choice((-5, 0, 0, 5)))
    if held.control and held.lesson.topic:
        work, _, about = held.lesson.topic.partition(": ")
        text = f"{_PREPARE[work]}: {about}"
    row = held.named | {"text": text, "assigned_on": before.day.isoformat(), "minutes": str(minutes)}
    if rng.random() < 0.03:
        link = f"https://library.zvonok.example/{key}/{grade}/{_page(before.turn)}"
        row |= {"kind": "self_study", "mandatory": "false", "text": f"Тренажёр: {text}", "link": link}
    return row


_BOOKS = {"pe": (("Спортивная форма и обувь", 700),), "art": (("Альбом", 200), ("Краски и кисти", 250))}
_NO_BOOK = frozenset({"homeroom", "music", "technology", "safety"})


def backpack(course: Course, cancelled: frozenset[Key]) -> Iterator[Row]:
    """Books and exercise books of the school's week; each book once a day, light ones for the little."""
    rng = course.rng("backpack")
    packed: set[tuple[str, str, str]] = set()
    for held in course.lessons:
        key, grade = held.teaching.subject.key, held.teaching.school_class.grade
        book = 170 + grade * 20 + rng.choice((-20, 0, 10, 30))
        named = held.named
        once = (named["date"], named["class_source_id"], held.teaching.source_id)
        if held.day < course.school.week.monday or key in _NO_BOOK or once in packed or held.key in cancelled:
            continue
        packed.add(once)
        title = held.teaching.subject.title
        usual = ((f"Учебник «{title}»", book), (f"Тетрадь: {title.lower()}", 45))
        for thing, grams in _BOOKS.get(key, usual):
            yield named | {"title": thing, "grams": str(grams)}
