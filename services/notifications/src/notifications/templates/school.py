"""What applicants and class teachers read about applications and reviews (I-22, I-27)."""

from typing import Final

from notifications.templates import variables as v
from notifications.templates.template import Template
from shared.http.texts import Text

SCHOOL: Final = (
    Template(
        "review_requested",
        1,
        {"outcome": v.review_outcome},
        {"outcome": "review"},
        title=Text(ru="Нужна ваша проверка данных", en="Your check of data is needed"),
        text=Text(
            ru="{outcome} Откройте очередь проверок: подтвердите, исправьте или отклоните.",
            en="{outcome} Open the queue of reviews: accept, correct or reject.",
        ),
    ),
    Template(
        "application_registered",
        1,
        {"number": v.words, "decide_by": v.last_day},
        {"number": "26-000123-4", "decide_by": "2026-11-26T15:00:00Z"},
        title=Text(ru="Заявление {number} зарегистрировано", en="Application {number} registered"),
        text=Text(
            ru="Школа примет решение до {decide_by}. Это бесплатно; о каждом шаге мы сообщим.",
            en="The school will decide by {decide_by}. It is free of charge; we will tell you of each step.",
        ),
    ),
    Template(
        "application_moved",
        1,
        {"number": v.words, "state": v.application_state},
        {"number": "26-000123-4", "state": "in_review"},
        title=Text(ru="Заявление {number}: {state}", en="Application {number}: {state}"),
        text=Text(
            ru="Новое состояние заявления {number}: {state}.",
            en="The new state of application {number}: {state}.",
        ),
    ),
    Template(
        "application_granted",
        1,
        {"number": v.words},
        {"number": "26-000123-4"},
        title=Text(ru="Заявление {number} удовлетворено", en="Application {number} granted"),
        text=Text(
            ru="Школа открыла доступ, о котором вы просили.", en="The school has opened the access you asked for."
        ),
    ),
    Template(
        "application_refused",
        1,
        {"number": v.words, "ground": v.refusal_ground},
        {"number": "26-000123-4", "ground": "documents_unfit"},
        title=Text(ru="Заявление {number}: отказ", en="Application {number} refused"),
        text=Text(
            ru="Основание: {ground}. Новое заявление можно подать в любое время.",
            en="Ground: {ground}. A new application can be made at any time.",
        ),
    ),
    Template(
        "application_due",
        1,
        {"number": v.words, "decide_by": v.moment},
        {"number": "26-000123-4", "decide_by": "2026-11-26T15:00:00Z"},
        title=Text(ru="Заявление {number} ждёт решения", en="Application {number} waits for a decision"),
        text=Text(ru="Решить нужно до: {decide_by}.", en="It is to be decided by {decide_by}."),
    ),
    Template(
        "application_overdue",
        1,
        {"number": v.words, "decide_by": v.moment},
        {"number": "26-000123-4", "decide_by": "2026-11-26T15:00:00Z"},
        title=Text(ru="Срок заявления {number} истёк", en="Application {number} is overdue"),
        text=Text(
            ru="Его нужно было решить до: {decide_by}. Решения всё ещё нет.",
            en="It was to be decided by {decide_by}. There is still no decision.",
        ),
    ),
)
