"""What the city invites its schools to, around the school's week (J-27)."""

from collections.abc import Iterator
from datetime import timedelta

from town.demo_school.year.course import Course
from town.demo_school.year.entries import Row

COLUMNS = (
    "source_id", "city", "starts_on", "ends_on", "kind", "title", "description", "place", "subject", "organiser",
    "contact",
)  # fmt: skip

# Days from the Monday of the week to the first day, how many days, and what it is.
_EVENTS = (
    (-20, 1, "олимпиада", "Школьный этап олимпиады по физике", "7–11 классы, начало в 14:00", "Физика"),
    (-11, 2, "конкурс", "Чтецкий конкурс «Живое слово»", "Отрывок из прозы, до пяти минут", "Литература"),
    (-4, 1, "семинар", "Безопасный интернет: встреча для родителей", "Вход свободный", "Информатика"),
    (2, 1, "олимпиада", "Муниципальный этап олимпиады по математике", "7–11 классы, справка с фото", "Математика"),
    (3, 1, "другое", "День открытых дверей в технопарке", "Экскурсии в 15:00 и 17:00", "Труд (технология)"),
    (5, 1, "конкурс", "Городской кросс «Золотая осень»", "Нужен допуск врача", "Физическая культура"),
    (8, 3, "конференция", "Первые шаги в науке", "Доклады учеников 5–8 классов", ""),
    (10, 1, "олимпиада", "Муниципальный этап олимпиады по русскому языку", "7–11 классы", "Русский язык"),
    (12, 1, "конкурс", "Робофест: отборочный тур", "Команды по три человека", "Информатика"),
    (16, 1, "семинар", "Как готовиться к ОГЭ: советы экспертов", "Для 8–9 классов и родителей", ""),
    (19, 2, "конкурс", "Выставка рисунков «Мой город»", "Работы принимают до пятницы", "Изобразительное искусство"),
    (23, 1, "олимпиада", "Олимпиада по истории Москвы", "5–11 классы", "История"),
    (26, 5, "другое", "Неделя музеев для школьников", "Вход по ученическому билету", ""),
    (31, 1, "конференция", "Ярмарка школьных проектов", "Стендовая защита", ""),
)  # fmt: skip
_PLACES = (
    "Дворец творчества на Воробьёвых горах",
    "Технопарк «Орбита»",
    "Библиотека № 14",
    "Школа № 2048, актовый зал",
)


def city_events(course: Course) -> Iterator[Row]:
    """As a file for `journal import-city-events`."""
    rng = course.rng("city")
    monday = course.school.week.monday
    for number, (offset, days, kind, title, description, subject) in enumerate(_EVENTS, start=1):
        first = monday + timedelta(days=offset)
        yield {
            "source_id": f"demo-{number:02}-{first:%Y}",
            "city": course.school.city,
            "starts_on": first.isoformat(),
            "ends_on": (first + timedelta(days=days - 1)).isoformat(),
            "kind": kind,
            "title": title,
            "description": description,
            "place": rng.choice(_PLACES),
            "subject": subject,
            "organiser": "Городской методический центр",
            "contact": "+7 900 000-20-48",
        }
